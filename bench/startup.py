"""Measure the time until a program has its resources, and a terminal its help, with bytecode as after pip."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

_PROGRAM: Final = """
import time
import pulumi
before = time.perf_counter()
from pulumi_plusofon import ExternalNumber, NumberForwarding
print(time.perf_counter() - before)
"""
_COMMAND: Final = Path(sys.executable).with_name("plusofon")


def seconds_to_import(folder: Path) -> float:
    """What a program waits for its resources' names, once it has imported `pulumi`."""
    return float(_run(folder, sys.executable, "-c", _PROGRAM))


def seconds_to_help(folder: Path) -> float:
    """`plusofon --help`, from the start of the process to its end."""
    before = time.perf_counter()
    _run(folder, str(_COMMAND), "--help")
    return time.perf_counter() - before


def _run(folder: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
