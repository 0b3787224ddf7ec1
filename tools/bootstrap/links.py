"""The engine's programs in `.venv/bin`: links to an installed Pulumi, else to the cache.

A stamp tells what the links led to, so that a program that went away or changed is noticed without being run.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import build, cache, engine
from bootstrap.versions import parse_version

if TYPE_CHECKING:
    from bootstrap.console import Step

STAMP = "plusofon-engine.stamp"


def is_ready(clone: Path) -> bool:
    """Tell whether every program is linked, and still is what it was when it was linked."""
    try:
        return (clone / ".venv" / STAMP).read_text(encoding="utf-8") == _stamp(clone)
    except OSError:
        return False


def install(clone: Path, cache_root: Path, step: Step) -> None:
    """Link an engine into the environment, getting one where there is none."""
    folder = clone / ".venv" / "bin"
    step.say("looking for an installed Pulumi")
    programs = engine.find_installed(os.environ.get("PATH", ""), parse_version(engine.version(clone)), folder)
    if programs is None:
        entry = engine.cache_entry(clone, cache_root)
        cache.provide(entry, engine.is_whole, lambda staging: _fill(clone, cache_root, staging, step), step)
        programs = {name: entry / "bin" / name for name in engine.PROGRAMS}
    for name, target in programs.items():
        _link(folder / name, target)
    (clone / ".venv" / STAMP).write_text(_stamp(clone), encoding="utf-8")


def _fill(clone: Path, cache_root: Path, staging: Path, step: Step) -> None:
    programs = staging / "bin"
    programs.mkdir()
    build.build(clone, cache_root, programs, step)


def _link(link: Path, target: Path) -> None:
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def _stamp(clone: Path) -> str:
    """Describe what the clone asks for and what the links lead to; raise OSError where one leads nowhere."""
    programs = {}
    for name in engine.PROGRAMS:
        program = (clone / ".venv" / "bin" / name).resolve(strict=True)
        status = program.stat()
        programs[name] = [str(program), status.st_size, status.st_mtime_ns]
    return json.dumps({"engine": engine.cache_entry(clone, Path()).name, "programs": programs})
