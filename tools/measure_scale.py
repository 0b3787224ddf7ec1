"""Measures what docs/scale.md says of several processes, machines and stacks, on the real engine.

    .venv/bin/python tools/measure_scale.py --help

Everything runs on this machine: sandboxes as accounts, an S3 server as the shared store. Nothing leaves it,
and nothing is asserted: what must hold is in tests/engine.
"""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import click
import psutil

from harness.engine_stack import ONE_OF_EACH, EngineStack, numbered
from harness.state_store import StateStore
from pulumi_plusofon.testing import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

_SECRET: Final = "invented-password"  # noqa: S105
_SAMPLE_SECONDS: Final = 0.1
_MEGABYTE: Final = 1 << 20
_CHECKPOINTS: Final = {"on": {}, "off": {"PULUMI_SKIP_CHECKPOINTS": "true"}}


def declared(numbers: int, first: int = 0) -> dict[str, dict[str, Any]]:
    """A program of `ate` numbers, each with a forwarding, the first of them the `first` of its range."""
    return {
        f"n{place}": numbered(place, _SECRET, forwards={f"f{place}": ONE_OF_EACH["group"]})
        for place in range(first, first + numbers)
    }


@dataclass(frozen=True)
class Shared:
    """What a server that limits saw of several processes, and how many of them gave up."""

    failed: int
    passed: int
    refused: int
    seconds: float

    def share(self, per_second: float) -> float:
        """How much of what the server allowed was used, from the first request to the last."""
        return self.passed / (self.seconds * per_second)


def one_account(
    folder: Path, account: SandboxServer, processes: int, numbers: int, config: dict[str, float]
) -> list[EngineStack]:
    """So many stacks of one account, each with numbers of its own and this configuration of ours."""
    stacks = []
    for place in range(processes):
        (folder / str(place)).mkdir()
        stack = EngineStack(folder / str(place), account, _SECRET)
        for key, value in config.items():
            stack.run("config", "set", f"plusofon:{key}", f"{value:g}", "--stack", stack.name)
        stack.declare(declared(numbers, place * numbers))
        stacks.append(stack)
    return stacks


def share_rate(stacks: list[EngineStack]) -> Shared:
    """`up` in all of them at once."""
    (account,) = {stack.sandbox for stack in stacks}
    account.clear_requests()

    def fails(stack: EngineStack) -> bool:
        try:
            stack.up()
        except AssertionError:
            return True
        return False

    with ThreadPoolExecutor(len(stacks)) as pool:
        failed = sum(pool.map(fails, stacks))
    asked = account.requests()
    refused = sum(request["status"] == 429 for request in asked)  # noqa: PLR2004
    times = [request["time"] for request in asked]
    return Shared(failed, len(asked) - refused, refused, max(times) - min(times))


def memory(process: psutil.Process) -> int:
    """Bytes that the process and its descendants have each for itself."""
    taken = 0
    for member in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            taken += member.memory_full_info().uss
    return taken


class Peaks:
    """The most memory that each child of this process of one name took, with all that it started."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._sample)
        self.bytes: dict[int, int] = {}

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _sample(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            for child in psutil.Process().children():
                with suppress(psutil.NoSuchProcess):
                    if child.name() == self._name:
                        self.bytes[child.pid] = max(self.bytes.get(child.pid, 0), memory(child))


@click.group()
def main() -> None:
    """Measure what docs/scale.md tells. Run it on a machine that does nothing else."""


@main.command()
@click.option("--processes", default=3, show_default=True)
@click.option("--numbers", default=40, show_default=True, help="Of each process.")
@click.option("--per-second", default=15, show_default=True, help="What the account allows.")
def rate(processes: int, numbers: int, per_second: int) -> None:
    """Several processes of one account that allows so many requests a second."""
    variants: dict[str, dict[str, float]] = {
        "no rate configured": {},
        "no rate configured, maxRetries 20": {"maxRetries": 20},
        "the whole rate each": {"requestsPerSecond": per_second},
        "the whole rate each, maxRetries 20": {"requestsPerSecond": per_second, "maxRetries": 20},
        "the rate divided": {"requestsPerSecond": per_second / processes},
    }
    print(f"{processes} processes, {numbers} numbers each, {per_second} requests a second; {_load()}")
    for told, config in variants.items():
        with tempfile.TemporaryDirectory() as folder, SandboxServer(Path(folder)) as account:
            account.settings(requests_per_second=per_second)
            seen = share_rate(one_account(Path(folder), account, processes, numbers, config))
        print(
            f"{told}: {seen.failed} of {processes} gave up, {seen.seconds:.1f} s, {seen.passed} let through, "
            f"{seen.refused} refused with 429, {seen.share(per_second):.0%} of the rate"
        )


@main.command()
@click.option("--numbers", default=50, show_default=True)
@click.option("--latency", default=0.05, show_default=True, help="Seconds of each answer of the API.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--postgres", help="A postgres:// address, to be measured too.")
def backends(numbers: int, latency: float, rounds: int, postgres: str | None) -> None:
    """One stack's `up` with its state in a folder, in S3, in PostgreSQL; with checkpoints and without."""
    print(f"{numbers} numbers, {latency:g} s an answer, median of {rounds}; {_load()}")
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        store = running.enter_context(StateStore(folder))
        account = running.enter_context(SandboxServer(folder))
        account.settings(latency=latency)
        kept: dict[str, dict[str, str]] = {"a folder": {}, "S3": store.environment}
        if postgres:
            kept["PostgreSQL"] = {"PULUMI_BACKEND_URL": postgres}
        place = 0
        for where, environment in kept.items():
            for checkpoints, skip in _CHECKPOINTS.items():
                taken = []
                before = store.answered
                for _ in range(rounds):
                    place += 1
                    (folder / f"s{place}").mkdir()
                    stack = EngineStack(
                        folder / f"s{place}",
                        account,
                        _SECRET,
                        f"s{place}",
                        environment={**environment, **skip},
                    )
                    taken.append(_timed(stack.up, declared(numbers)))
                    stack.destroy()
                    stack.run("stack", "rm", "--yes", "--stack", stack.name)
                asked = (store.answered - before) / rounds
                print(
                    f"state in {where}, checkpoints {checkpoints}: up {statistics.median(taken):.1f} s"
                    + (f", {asked:.0f} requests to the store from init to rm" if asked else "")
                )


@main.command()
@click.option("--stacks", default=20, show_default=True)
@click.option("--numbers", default=10, show_default=True, help="Of each stack.")
@click.option("--at-a-time", default=[1, 2, 4], show_default=True, multiple=True, type=int)
@click.option("--latency", default=0.05, show_default=True, help="Seconds of each answer of the API.")
def fleet(stacks: int, numbers: int, at_a_time: tuple[int, ...], latency: float) -> None:
    """Many stacks in one S3 store, each with an account of its own, so many of them at a time."""
    print(f"{stacks} stacks of {numbers} numbers, {latency:g} s an answer, {os.cpu_count()} cores; {_load()}")
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        store = running.enter_context(StateStore(folder))
        # An account is emptied for its next stack; a sandbox for each stack would be measured instead.
        free: SimpleQueue[SandboxServer] = SimpleQueue()
        for place in range(max(at_a_time)):
            (folder / f"account{place}").mkdir()
            free.put(running.enter_context(SandboxServer(folder / f"account{place}")))
        for parallel in at_a_time:
            round_folder = folder / f"round{parallel}"
            before = _processor_seconds()
            with Peaks("pulumi") as peaks:
                seconds = _timed(_roll, store, round_folder, free, stacks, numbers, parallel, latency)
            processor = (_processor_seconds() - before) / stacks
            trees = sorted(peaks.bytes.values())
            print(
                f"{parallel} at a time: {seconds:.0f} s, {seconds / stacks:.1f} s a stack, "
                f"{processor:.1f} s of processor a stack; memory of a run: "
                f"{statistics.median(trees[-stacks:]) / _MEGABYTE:.0f} MB usually, "
                f"{trees[-1] / _MEGABYTE:.0f} MB at most"
            )


def _roll(
    store: StateStore,
    folder: Path,
    free: SimpleQueue[SandboxServer],
    stacks: int,
    numbers: int,
    parallel: int,
    latency: float,
) -> None:
    def deploy(place: int) -> None:
        account = free.get()
        account.reset()
        account.settings(latency=latency)
        own = folder / f"customer{place}"
        own.mkdir(parents=True)
        try:
            stack = EngineStack(
                own, account, _SECRET, f"{folder.name}-{place}", environment=store.environment
            )
            stack.up(declared(numbers))
        finally:
            free.put(account)

    with ThreadPoolExecutor(parallel) as pool:
        list(pool.map(deploy, range(stacks)))


def _timed(work: Callable[..., object], *arguments: object) -> float:
    start = time.monotonic()
    work(*arguments)
    return time.monotonic() - start


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _load() -> str:
    return f"load of the machine before: {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
