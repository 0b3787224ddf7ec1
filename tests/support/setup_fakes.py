"""Fakes for the tests of the set-up: a clone, and programs that only print a version or only fail."""

from __future__ import annotations

import shutil
from pathlib import Path

from bootstrap import engine

TOOLS = Path(__file__).resolve().parents[2] / "tools"
FAILING = "#!/bin/sh\necho no route to the registry\nexit 1\n"


def make_clone(folder: Path) -> Path:
    shutil.copytree(TOOLS, folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "requirements.lock").write_text("requests==2.32.5\n")
    (folder / "pyproject.toml").write_text("[project]\n")
    return folder


def program(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


def pulumi_in(folder: Path, version: str, *, without: str = "") -> Path:
    for name in engine.PROGRAMS:
        if name != without:
            program(folder / name, f"#!/bin/sh\necho {version}\n")
    return folder
