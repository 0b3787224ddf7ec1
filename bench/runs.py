"""A stack of N numbers and N forwardings on the real engine, whose commands are timed and counted.

Requests are counted by the server. The state's checkpoints are off unless a command asks for them.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from harness.engine_stack import EngineStack
from pulumi_plusofon.testing import SandboxServer

from .budgets import LATENCY

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS: Final = ("up", "refresh", "destroy")
_PROGRAM: Final = Path(__file__).with_name("program")
_ROOT: Final = Path(__file__).resolve().parent.parent
_LOOK_SECONDS: Final = 0.2
_PROVIDER: Final = "pulumi.dynamic"
_MEGABYTE: Final = 2**20


@dataclass(frozen=True)
class Command:
    """What one command of the engine took.

    `span` is the seconds from the first request to the last answer, as the server saw them, `at_once` the
    most requests that it had open, `megabytes` the most memory of a provider's process.
    """

    seconds: float
    requests: int
    listings: int
    span: float
    at_once: int
    megabytes: float


class Stack:
    """One stack of the program beside this module, on an empty account of its own."""

    def __init__(self, folder: Path, sandbox: SandboxServer, *, sleeping: bool) -> None:
        folder.mkdir()
        self._sleeping = sleeping
        self._sandbox = sandbox
        self._secret = f"sip-{secrets.token_urlsafe(12)}"
        self._engine = EngineStack(folder, sandbox, self._secret, program=_PROGRAM)
        self._engine.environment |= {
            "BENCH_LATENCY": str(LATENCY),
            # A person's environment has bytecode.
            "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode"),
            "PYTHONPATH": str(_ROOT),
        }
        self._engine.environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def declare(self, numbers: int, *, new_password: bool = False, traces: bool = True) -> None:
        """Make the program declare so many, the first with a new SIP password if asked.

        Without `traces` it leaves the SDK's stack traces out of the state.
        """
        first = f"{self._secret}-new" if new_password else self._secret
        spec = {
            "sleeping": self._sleeping,
            "numbers": numbers,
            "secret": self._secret,
            "first_secret": first,
            "traces": traces,
        }
        (self._engine.program / "spec.json").write_text(json.dumps(spec))

    def state_bytes(self) -> int:
        """How large the state is, as the engine exports it."""
        return len(self._engine.run("stack", "export", "--stack", "test").text)

    def run(self, command: str, *, checkpoints: bool = False, settings: bool = False) -> Command:
        """`pulumi up`, `preview`, `refresh` or `destroy`, without questions.

        With `settings` its environment has those of docs/performance.md that make checkpoints cheaper.
        """
        options = () if command == "preview" else ("--yes", "--skip-preview")
        skip = None if checkpoints else "true"
        backend = str(self._engine.environment["PULUMI_BACKEND_URL"])
        self._sandbox.clear_requests()
        with _watched() as most:
            started = time.monotonic()
            self._engine.run(
                *(command, *options, "--stack", "test"),
                PULUMI_SKIP_CHECKPOINTS=skip,
                PULUMI_BACKEND_URL=f"{backend}?metadata=skip" if settings else backend,
                GOGC="400" if settings else None,
            )
            seconds = time.monotonic() - started
        requests = self._sandbox.requests()
        answered = [request["time"] for request in requests]
        return Command(
            seconds=seconds,
            requests=len(requests),
            listings=sum(request["operation"] == "list" for request in requests),
            span=max(answered) - min(answered) + LATENCY if answered else 0.0,
            at_once=most_at_once(answered, LATENCY),
            megabytes=most[0] / _MEGABYTE,
        )


def most_at_once(answered: list[float], latency: float) -> int:
    """The most requests that were open at one time, if each was for `latency` before it was answered."""
    events = sorted([(time - latency, 1) for time in answered] + [(time, -1) for time in answered])
    most = now = 0
    for _, change in events:
        now += change
        most = max(most, now)
    return most


@contextlib.contextmanager
def _watched() -> Iterator[list[int]]:
    """The most memory that a provider's process below this one has in the block, in bytes."""
    most = [0]
    over = threading.Event()

    def watch() -> None:
        provider: psutil.Process | None = None
        while not over.wait(_LOOK_SECONDS):
            # Looking for it costs far more than looking at it.
            provider = provider or _provider()
            most[0] = max(most[0], _bytes(provider))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield most
    finally:
        over.set()
        watching.join()


def _provider() -> psutil.Process | None:
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in psutil.Process().children(recursive=True):
            if _PROVIDER in process.cmdline():
                return process
    return None


def _bytes(process: psutil.Process | None) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.memory_info().rss if process else 0
    return 0


@contextlib.contextmanager
def workplace(latency: float = LATENCY) -> Iterator[tuple[Path, SandboxServer]]:
    """A folder that goes away, and a sandbox in it."""
    folder = Path(tempfile.mkdtemp(prefix="plusofon-bench-"))
    try:
        (folder / "sandbox").mkdir()
        options = ("--latency", str(latency), "--registers-after", "0")
        with SandboxServer(folder / "sandbox", *options) as sandbox:
            yield folder, sandbox
    finally:
        shutil.rmtree(folder)
