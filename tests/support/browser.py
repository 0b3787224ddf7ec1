"""Find on the machine what the tests in a browser, and those with programs of npm, need."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from harness import browsers

FOLDER: Final = Path(__file__).resolve().parents[1] / "browser"
MERMAID: Final = FOLDER / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"

PYRIGHT: Final = FOLDER / "node_modules" / "pyright" / "index.js"
# What a file of tests needs besides the browser, by a word in its name.
_PROGRAMS: Final = {"mermaid": MERMAID, "pyright": PYRIGHT}


def missing(file: Path) -> str | None:
    """What a file of tests needs and this machine does not have."""
    if browsers.chromium() is None:
        return browsers.MISSING
    for name, program in _PROGRAMS.items():
        if name in file.name and not program.exists():
            return f"there is no {name}; run tools/install_browser.sh"
    return None


def left_out(asked: list[str]) -> list[str]:
    """The requested files of tests that are not run, each with its reason."""
    paths = [Path(argument.partition("::")[0]).resolve() for argument in asked]
    files = [file for file in sorted(FOLDER.glob("test_*.py")) if {file, *file.parents} & set(paths)]
    return [f"{file.name} ({reason})" for file in files if (reason := missing(file))]
