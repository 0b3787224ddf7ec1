"""The program `pulumi` as the commands run it: without questions, with its errors as one line.

Passes the environment on, and never a secret in an argument. Decides nothing about stacks.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class StackError(PlusofonError):
    """`pulumi` could not be run, or did not do what it was asked. The text is for the person."""


@dataclass(frozen=True)
class Ran:
    """A command that has run: its exit status, and what it printed on each stream."""

    status: int
    output: str
    errors: str


def run(
    folder: Path, *arguments: str, environment: Mapping[str, str | None] | None = None, shown: bool = False
) -> Ran:
    """Run `pulumi` in the project's `folder`, whatever its exit status is.

    `environment` changes that of the command, None takes a variable out. `shown` leaves its output to the
    person's terminal. Raises `StackError` where there is no `pulumi`.
    """
    changed = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", **(environment or {})}
    try:
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=folder,
            env={name: value for name, value in changed.items() if value is not None},
            stdin=subprocess.DEVNULL,
            capture_output=not shown,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise StackError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install), or put the folder that"
            " has it on PATH"
        ) from None
    except OSError as error:
        raise StackError(f"pulumi cannot be run: {error.strerror}") from None
    return Ran(done.returncode, done.stdout or "", done.stderr or "")


def output_of(folder: Path, *arguments: str) -> str:
    """What `pulumi` prints; raises `StackError` with its own words where it fails."""
    ran = run(folder, *arguments)
    if ran.status:
        raise StackError(f"`pulumi {' '.join(arguments)}` failed: {words(ran)}")
    return ran.output


def words(ran: Ran) -> str:
    """What a failed command says, on one line."""
    lines = [line.strip() for line in (ran.errors or ran.output).splitlines() if line.strip()]
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")] or lines[-1:]
    return plain("; ".join(said)) or f"exit status {ran.status}"
