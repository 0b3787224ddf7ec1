"""Which browser the page's tests drive: one that is installed. Never fetches one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[1] / "browser"
CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Chromium's own sandbox refuses to run as root.
ARGUMENTS: Final = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
MISSING: Final = "no Chromium for tests/browser: install it (on Debian: tools/install_browser.sh)"
