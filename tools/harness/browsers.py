"""Find the installed browser that shows pages and pictures to tests and tools. Never fetches one."""

from __future__ import annotations

import os
import shutil
from typing import Final

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# Chromium's own sandbox refuses to run as root.
ARGUMENTS: Final = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
MISSING: Final = f"there is no {_NAMES[0]} on PATH; run tools/install_browser.sh"


def chromium() -> str | None:
    """The system's Chromium, None without one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
