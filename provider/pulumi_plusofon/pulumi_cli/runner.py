"""The program `pulumi` as the commands run it: without questions, in a limited time, its errors as one line.

Passes the environment on without the flags that it has for commands of the person's own, and never a secret
in an argument. Decides nothing about stacks.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# E143, E142: flags of any command, and another form of what a preview prints.
_FLAGS: Final = "PULUMI_OPTION_"
_STREAMS: Final = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
# Seconds that a command may take, by the command; others read a few files of the backend.
_SECONDS: Final[Mapping[str, float]] = MappingProxyType({"preview": 1_800, "up": 14_400, "state": 600})
_READING_SECONDS: Final = 60.0
# After a Ctrl-C, which `pulumi` ends in order by.
_ENDING_SECONDS: Final = 10.0
_PANIC: Final = "panic: "
_DECODER: Final = json.JSONDecoder()
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


def run(
    folder: Path,
    *arguments: str,
    environment: Environment = _UNCHANGED,
    seconds: float | None = None,
    given: str = "",
) -> Ran:
    """Run `pulumi` in the project's `folder`, whatever its exit status is; `given` is its input.

    `environment` changes that of the command, None takes a variable out. `seconds` are in place of those that
    the command may take. Raises `StackError` where there is no `pulumi`, and where it takes longer.
    """
    started = _started(folder, arguments, environment, errors=subprocess.PIPE, given=subprocess.PIPE)
    with _limited(started, arguments, seconds) as process:
        output, errors = process.communicate(given)
    return Ran(process.returncode, output, errors)


def run_shown(
    folder: Path, *arguments: str, environment: Environment = _UNCHANGED, seconds: float | None = None
) -> Ran:
    """As `run`, with all that it prints shown to the person at once.

    A Ctrl-C reaches `pulumi` itself, which then ends in order; this waits for it.
    """
    lines = []
    started = _started(folder, arguments, environment, errors=subprocess.STDOUT)
    with _patient(), _limited(started, arguments, seconds) as process:
        for line in process.stdout or ():
            lines.append(line)
            sys.stdout.write(line)
            sys.stdout.flush()
    return Ran(process.returncode, "".join(lines), "")


def without_flags(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for `pulumi` without the flags in it: they are for commands of the person's own."""
    return {
        name: value for name, value in environment.items() if not name.startswith(_FLAGS) and name != _STREAMS
    }


def _started(
    folder: Path,
    arguments: tuple[str, ...],
    environment: Environment,
    errors: int,
    given: int = subprocess.DEVNULL,
) -> subprocess.Popen[str]:
    ours = VARIABLES.get(arguments[0], {})
    person = without_flags(os.environ)
    changed = {**person, "PULUMI_SKIP_UPDATE_CHECK": "true", **ours, **environment}
    try:
        return subprocess.Popen(
            ["pulumi", "--non-interactive", *arguments],
            cwd=folder,
            env={name: value for name, value in changed.items() if value is not None},
            stdin=given,
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
def _limited(
    process: subprocess.Popen[str], arguments: tuple[str, ...], seconds: float | None
) -> Iterator[subprocess.Popen[str]]:
    """A block in which the process has its time: then it is asked to end as by a Ctrl-C, and killed later."""
    limit = _SECONDS.get(arguments[0], _READING_SECONDS) if seconds is None else seconds
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        process.send_signal(signal.SIGINT)

    timers = [threading.Timer(limit, end), threading.Timer(limit + _ENDING_SECONDS, process.kill)]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        with process:
            yield process
    finally:
        for timer in timers:
            timer.cancel()
    if is_over.is_set():
        raise StackError(
            f"`pulumi {' '.join(arguments)}` took longer than {limit:g} seconds and was ended: most often the"
            " backend of the state does not answer; `pulumi whoami -v` names it"
        )


@contextmanager
def _patient() -> Iterator[None]:
    """A block in which a Ctrl-C ends nothing here: the program that runs has it, too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def read_json(folder: Path, *arguments: str) -> Any:
    """The JSON that `pulumi` prints. Raises `StackError`, with its own words where it fails."""
    return json_of(run(folder, *arguments), *arguments)


def json_of(ran: Ran, *arguments: str) -> Any:
    """The JSON that a command printed, also behind lines of a program that starts `pulumi`.

    Raises `StackError` with the command's own words where it failed, and where it printed no JSON.
    """
    command = f"`pulumi {' '.join(arguments)}`"
    if ran.status:
        raise StackError(f"{command} failed: {words(ran)}")
    lines = ran.output.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if line.startswith(("{", "[")):
            text = "".join(lines[at:])
            with contextlib.suppress(RecursionError, ValueError):
                content, end = _DECODER.raw_decode(text)
                if text[end:].strip():
                    # Several values are another format.
                    break
                return content
    # Never what it printed: it may have secrets.
    said = "something else: another program may be called pulumi" if ran.output.strip() else "nothing"
    raise StackError(f"{command} printed no JSON, but {said}")


def words(ran: Ran) -> str:
    """What a failed command says, on one line."""
    lines = [line.strip() for line in f"{ran.errors}\n{ran.output}".splitlines() if line.strip()]
    if panic := next((line for line in lines if line.startswith(_PANIC)), None):
        return plain(f"the engine ended by an error of its own: {panic}")
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    last = [line.strip() for line in (ran.errors or ran.output).splitlines() if line.strip()][-1:]
    return plain("; ".join(said or last)) or f"exit status {ran.status}"


def lock_holders(said: str) -> list[str]:
    """Who holds the lock that a command failed on, as it prints them; none where it failed on no lock."""
    return [plain(holder) for holder in _HOLDER.findall(said)] if _LOCKED in said else []
