"""Runs of pytest in a process of its own, with the kit's plugin as pytest finds it, on tests made of text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class KitRun:
    """How a run ended: its exit status, what it printed, and the outcome of each test."""

    status: int
    text: str

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each test by its name: "PASSED", "FAILED", "ERROR"."""
        found = re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", self.text, re.MULTILINE)
        return {name: outcome for outcome, name in found}

    def report_of(self, test: str) -> str:
        """What the run says of a test that failed."""
        parts = re.split(r"^_{3,} (?:ERROR at \w+ of )?(\w+) _{3,}$", self.text, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True))[test]


def kit_run(folder: Path, tests: str, *options: str, **environment: str) -> KitRun:
    """Run `tests` as pytest does for a team: with an installed plugin, every warning an error."""
    (folder / "test_made.py").write_text(tests, "utf-8")
    given = ("-rA", "-W", "error", "-p", "no:cacheprovider", "-p", "no:randomly", *options)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *given],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return KitRun(ran.returncode, ran.stdout)
