"""Fixtures of all tests: a sandbox with an account of the test's own, in a process that the tests share."""

from __future__ import annotations

import compileall
import os
from typing import TYPE_CHECKING, Any, Final

import pytest

from pulumi_plusofon.testing import SandboxServer
from support.browser import left_out
from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _pytest.terminal import TerminalReporter


# The folders with long tests, which start first: a worker that starts one last keeps the others waiting.
_LONGEST_FIRST: Final = ("engine", "browser", "sandbox")
_LEFT_OUT: Final = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--real-api",
        action="store_true",
        help="ask the contract's read-only questions of the vendor's own API, with PLUSOFON_TOKEN",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Compile the package once: where Python is to write no bytecode, each program would do it again."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(ROOT / "provider", quiet=2)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Start a worker more than there are cores: a test on the engine waits a quarter of its time."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """One sandbox for the whole run; not to be killed."""
    with SandboxServer(tmp_path_factory.mktemp("sandbox"), "--registers-after", "0") as server:
        yield server


@pytest.fixture
def sandbox(sandbox_process: SandboxServer) -> SandboxServer:
    """A sandbox with an empty account, no faults and an empty log; registration is immediate."""
    sandbox_process.reset()
    return sandbox_process


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders with long tests first; within a folder the order stays random."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.parent.name
    return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the tests that belong to `make test-rest`."""
    for item in items:
        if item.get_closest_marker("rest"):
            item.config.stash[_LEFT_OUT] = item.config.stash.get(_LEFT_OUT, 0) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the count to the process that prints the summary: a worker selects the tests."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left out"] = session.config.stash.get(_LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Keep the count of a worker; all workers select the same tests."""
    node.config.stash[_LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many cells the matrices had, how disks got full, what was left out: no silence about any."""
    expected = [
        (name, str(value))
        for report in terminalreporter.getreports("passed")
        if report.when == "call"
        for name, value in report.user_properties
    ]
    if cells := sum(int(value) for name, value in expected if name == "cells"):
        terminalreporter.write_line(f"matrices: {cells} cells of faults, crashes and bad input")
    if disks := sorted(value for name, value in expected if name == "full disk"):
        terminalreporter.write_line(f"the disk under the state was full by: {', '.join(disks)}")
    if tests := terminalreporter.config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(f"left out: {tests} tests, which `make test-rest` runs")
    if files := left_out(terminalreporter.config.args):
        terminalreporter.write_line(f"left out: {', '.join(files)}")
