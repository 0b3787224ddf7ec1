"""A stack on the real engine for each test, searched for secrets in clear when the test is over."""

from __future__ import annotations

import secrets
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from harness.engine_stack import BIN, EngineStack
from harness.starts import Starts
from pulumi_plusofon.testing import SandboxServer
from support.office import declare
from support.processes import end_all
from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


SECOND: Final = ("--registers-after", "0", "--customer-id", "42292")


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """The engine that `make setup` installs; without it nothing here can be shown."""
    missing = [name for name in ("pulumi", "pulumi-language-python") if not (BIN / name).exists()]
    assert not missing, f"{', '.join(missing)} not in {BIN}: run `make setup`"


@pytest.fixture(autouse=True)
def no_process_is_left(tmp_path: Path) -> Iterator[None]:
    """End what the test has left: it may have killed an engine, and a provider then goes on."""
    yield
    end_all(tmp_path)


@pytest.fixture(scope="session")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Starts:
    """What the tests of this process start from."""
    return Starts(tmp_path_factory.mktemp("starts"))


@pytest.fixture(scope="session")
def sip_password() -> str:
    """One for all stacks of this process: where stacks start as copies, their passwords are the same."""
    return f"sip-{secrets.token_urlsafe(12)}"


@pytest.fixture
def stack(tmp_path: Path, sandbox: SandboxServer, sip_password: str, starts: Starts) -> Iterator[EngineStack]:
    """A new stack on an empty account."""
    stack = EngineStack(tmp_path, sandbox, sip_password, starts=starts)
    yield stack
    assert not stack.tokens_in_clear()


@pytest.fixture(scope="session")
def second_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """The server of another account, for the whole run; not to be killed."""
    with SandboxServer(tmp_path_factory.mktemp("second"), *SECOND) as server:
        yield server


@pytest.fixture
def second(second_process: SandboxServer) -> SandboxServer:
    """Another account, 42292."""
    second_process.reset()
    return second_process


@pytest.fixture
def harmed(tmp_path: Path) -> Iterator[SandboxServer]:
    """Another account, 42292, on a server of its own that may be harmed."""
    folder = tmp_path / "second"
    folder.mkdir()
    with SandboxServer(folder, *SECOND) as server:
        yield server


@pytest.fixture
def office(stack: EngineStack) -> EngineStack:
    """A stack with a number and its forwarding, up."""
    declare(stack)
    stack.start()
    return stack


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built package."""
    folder = tmp_path_factory.mktemp("dist")
    command: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return built
