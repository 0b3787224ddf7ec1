"""Which browser shows the sandbox's page to tests and tools: one that is installed. Never fetches one."""

from __future__ import annotations

import os
import shutil
from typing import Final

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Chromium's own sandbox refuses to run as root.
ARGUMENTS: Final = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
MISSING: Final = "no Chromium for tests of the page: install it (on Debian: tools/install_browser.sh)"
