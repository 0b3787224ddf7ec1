"""What all tests may ask for: a sandbox of their own account, in a process that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.testing import SandboxServer
from support.browser import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--real-api",
        action="store_true",
        help="ask the contract's read-only questions of the vendor's own API, with PLUSOFON_TOKEN",
    )


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
    if files := left_out(terminalreporter.config.args):
        terminalreporter.write_line(f"left out: {', '.join(files)}")
