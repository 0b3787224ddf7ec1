"""Files that a tool makes from the code: written where they are not current, or with `--check` only named."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write(files: Mapping[Path, str], root: Path, *, check: bool) -> None:
    """Write each text to its file below `root`, and end: 1 if `check` and one is not current, else 0."""
    stale = {
        file: text for file, text in files.items() if not file.exists() or file.read_text("utf-8") != text
    }
    for file, text in stale.items():
        print(f"{file.relative_to(root)}: {'is not current' if check else 'written'}")
        if not check:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
    sys.exit(1 if check and stale else 0)
