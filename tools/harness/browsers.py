"""The browser that shows pages and pictures to tests and tools: one that is installed. Never fetches one."""

from __future__ import annotations

import os
import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# Chromium's own sandbox refuses to run as root.
ARGUMENTS: Final = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def chromium() -> str | None:
    """The system's Chromium, None without one."""
    return next(filter(None, map(shutil.which, NAMES)), None)
