"""What all tests may ask for: a sandbox of their own account, in a process that they share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from harness import browsers
from pulumi_plusofon.testing import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter

_OF_THE_PAGE: Final = Path(__file__).with_name("browser").resolve()


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
    """Say how many cells the matrices had, and how disks got full: neither must shrink in silence."""
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
    if browsers.CHROMIUM is None and not os.environ.get("CI") and _asks_for_the_page(terminalreporter.config):
        terminalreporter.write_line(f"left out: {browsers.MISSING}")


def _asks_for_the_page(config: pytest.Config) -> bool:
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return any(path in (_OF_THE_PAGE, *_OF_THE_PAGE.parents) for path in asked)
