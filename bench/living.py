"""Measure how long a large account takes to come under management, by the commands that people type.

The account is made outside; `plusofon export` and `plusofon adopt` do the rest in an empty folder.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from harness.engine_stack import BIN, pulumi_environment

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

# Served by a sandbox alone; two thousand numbers in a row that a numbering plan has.
_FIRST: Final = 79_000_000_000
_ATE: Final = {"port": 5060, "secret": "not known"}


@dataclass(frozen=True)
class Managed:
    """Seconds of both commands, and the listings that they asked for."""

    export: float
    adopt: float
    listings: int


def managed(folder: Path, sandbox: SandboxServer, numbers: int) -> Managed:
    """Seed an account of so many numbers, half of each type, export it and adopt it."""
    sandbox.reset()
    sandbox.seed(
        *(
            {"number": str(_FIRST + at), "host": "sip.operator.example"}
            | ({"type": "ate", "login": f"u{at}", **_ATE} if at % 2 else {"type": "sipuri"})
            for at in range(numbers)
        )
    )
    sandbox.clear_requests()
    (folder / "state").mkdir(parents=True)
    environment = {
        **pulumi_environment(folder, folder / "state", "bench"),
        "PULUMI_PYTHON_CMD": sys.executable,
        "PLUSOFON_TOKEN": sandbox.token,
        "PLUSOFON_BASE_URL": sandbox.url,
    }

    def run(cwd: Path, *command: str) -> float:
        before = time.monotonic()
        subprocess.run(
            [BIN / command[0], *command[1:]], cwd=cwd, env=environment, stdout=subprocess.DEVNULL, check=True
        )
        return time.monotonic() - before

    export = run(folder, "plusofon", "export", "numbers", "--as", "config")
    run(folder / "numbers", "pulumi", "stack", "init", "bench")
    adopt = run(folder / "numbers", "plusofon", "adopt", "--stack", "bench", "--yes")
    listings = sum(request["operation"] == "list" for request in sandbox.requests())
    return Managed(export, adopt, listings)
