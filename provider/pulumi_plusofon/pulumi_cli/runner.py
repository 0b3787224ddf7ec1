"""The program `pulumi` as the commands run it: without questions, with its errors as one line.

Passes the environment on, and never a secret in an argument. Decides nothing about stacks.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LOCKED: Final = "the stack is currently locked"
_HOLDER: Final = re.compile(r"created by (\S+ \(pid \d+\))")
_UNCHANGED: Final[Mapping[str, str | None]] = MappingProxyType({})
VARIABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    # E123: a preview saves no state, and still works one out for each step.
    {"preview": {"PULUMI_SKIP_CHECKPOINTS": "true"}}
)
"""Variables of the environment of our own engine commands, by the command."""


class StackError(PlusofonError):
    """`pulumi` could not be run, or failed. The text is for the person."""


@dataclass(frozen=True)
class Ran:
    """A command that has run: its exit status, and what it printed on each stream."""

    status: int
    output: str
    errors: str


Environment: TypeAlias = "Mapping[str, str | None]"


def run(folder: Path, *arguments: str, environment: Environment = _UNCHANGED) -> Ran:
    """Run `pulumi` in the project's `folder`, whatever its exit status is.

    `environment` changes that of the command, None takes a variable out. Raises `StackError` where there is
    no `pulumi`.
    """
    with _started(folder, arguments, environment, errors=subprocess.PIPE) as process:
        output, errors = process.communicate()
    return Ran(process.returncode, output, errors)


def run_shown(folder: Path, *arguments: str, environment: Environment = _UNCHANGED) -> Ran:
    """As `run`, with all that it prints shown to the person at once.

    A Ctrl-C reaches `pulumi` itself, which then ends in order; this waits for it.
    """
    lines = []
    with _started(folder, arguments, environment, errors=subprocess.STDOUT) as process, _patient():
        for line in process.stdout or ():
            lines.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()
    return Ran(process.returncode, "".join(lines), "")


def _started(
    folder: Path, arguments: tuple[str, ...], environment: Environment, errors: int
) -> subprocess.Popen[str]:
    ours = VARIABLES.get(arguments[0], {})
    changed = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", **ours, **environment}
    try:
        return subprocess.Popen(
            ["pulumi", "--non-interactive", *arguments],
            cwd=folder,
            env={name: value for name, value in changed.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError:
        raise StackError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install), or put the folder that"
            " has it on PATH"
        ) from None
    except OSError as error:
        raise StackError(f"pulumi cannot be run: {error.strerror}") from None


@contextmanager
def _patient() -> Iterator[None]:
    """A block in which a Ctrl-C ends nothing here: the program that runs has it, too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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


def lock_holders(said: str) -> list[str]:
    """Who holds the lock that a command failed on, as it prints them; none where it failed on no lock."""
    return [plain(holder) for holder in _HOLDER.findall(said)] if _LOCKED in said else []
