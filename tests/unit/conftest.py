"""Fixtures of the unit tests: a scripted server, a client of it, and a clock that costs no time."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from click.testing import CliRunner, Result
from hypothesis import settings as hypothesis_settings

from pulumi_plusofon.api import Client
from pulumi_plusofon.command.main import main
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.runtime.clock import use
from unit.clock import Clock
from unit.exports import ATE, BARE, ODD, OWN, PORT, SIPURI, listing
from unit.fake_pulumi import FakePulumi
from unit.stack_config import configured
from unit.wire import TOKEN, Wire, WireServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VARIABLES = (
    "TOKEN",
    "CLIENT_ID",
    "BASE_URL",
    "TIMEOUT",
    "MAX_RETRIES",
    "REQUESTS_PER_SECOND",
    "CUSTOMER_ID",
    "READ_ONLY",
    "ADOPT",
)

# How long an example takes says nothing here, and a busy machine must not fail a property.
hypothesis_settings.register_profile("unit", deadline=None, max_examples=100)
hypothesis_settings.load_profile("unit")


@pytest.fixture(scope="session", autouse=True)
def event_loop_of_the_thread() -> None:
    """The loop that the SDK asks the thread for; newer Pythons do not make one by themselves.

    It lives as long as the process: closing it would end the threads in which the SDK's mocks leave
    loops of their own open, and Python would complain of those.
    """
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_report)
    asyncio.set_event_loop(loop)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what nobody waited for, unless it is an error that the run of a program has raised.

    The SDK leaves such errors in outputs too, and Python reports those whenever it frees the outputs. The
    traceback that it prints then parses code. CPython before 3.12 fails if it parses other code just then.
    """
    if not isinstance(context.get("exception"), pulumi.RunError):
        loop.default_exception_handler(context)


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(f"PLUSOFON_{name}", raising=False)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock in place of the one by which requests are repeated, paced and waited for."""
    fake = Clock()
    with use(fake):
        yield fake


@pytest.fixture(scope="session")
def wire_server() -> Iterator[WireServer]:
    with WireServer() as server:
        yield server


@pytest.fixture
def wire(wire_server: WireServer) -> Iterator[Wire]:
    """A server with nothing in its script but `{"success": true}`, and nothing asked of it yet."""
    wire_server.wire = Wire(wire_server.url)
    yield wire_server.wire
    wire_server.wire.over.set()


@pytest.fixture
def connect(clock: Clock) -> Iterator[Callable[..., Client]]:  # noqa: ARG001 - no repeat waits for real
    """Make clients that are closed when the test is over."""
    made: list[Client] = []

    def make(base_url: str, *, max_retries: int = 2, timeout: float = 5.0, token: str = TOKEN) -> Client:
        made.append(Client(Settings(token, base_url=base_url, max_retries=max_retries, timeout=timeout)))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(wire: Wire, connect: Callable[..., Client]) -> Client:
    return connect(wire.url)


@pytest.fixture
def asked_by_programs(wire: Wire, clock: Clock) -> Iterator[Wire]:
    """The server of this test, named by the stack's configuration; no repeat waits for real."""
    assert clock.slept == []
    token = {"plusofon__token": TOKEN}
    with configured((*token,), **token, plusofon__baseUrl=wire.url, plusofon__maxRetries="0"):
        yield wire


@pytest.fixture
def stacks(tmp_path: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> FakePulumi:
    """A program `pulumi` that knows the stacks that a test writes, and the environment of the command."""
    assert clock.slept == []
    fake = FakePulumi(tmp_path)
    monkeypatch.setenv("PATH", f"{fake.bin}:/usr/bin:/bin")
    monkeypatch.setenv("PLUSOFON_TOKEN", TOKEN)
    monkeypatch.setenv("PLUSOFON_BASE_URL", wire.url)
    monkeypatch.setenv("PLUSOFON_MAX_RETRIES", "0")
    return fake


@pytest.fixture
def plusofon(stacks: FakePulumi) -> Callable[..., Result]:
    """The command, for those stacks."""
    assert stacks.bin.exists()
    return lambda *words, piped=None: CliRunner().invoke(main, list(words), input=piped)


@pytest.fixture
def doctor(
    plusofon: Callable[..., Result], stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, dict[str, Any]]]:
    """The command in an empty folder; its findings by topic, once its exit status is as they say."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    stacks.is_engine("v3.274.1")
    stacks.lists("dev", "prod")

    def examine(*words: str) -> dict[str, dict[str, Any]]:
        result = plusofon("doctor", "--json", *words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        findings: list[dict[str, Any]] = json.loads(result.stdout)
        assert all(set(finding) == {"topic", "state", "text", "advice"} for finding in findings)
        assert all(finding["text"].isprintable() for finding in findings)
        assert all(finding["advice"] for finding in findings if finding["state"] == "problem")
        assert TOKEN not in result.output
        assert result.exit_code == (1 if "problem" in [finding["state"] for finding in findings] else 0)
        return {finding["topic"]: finding for finding in findings}

    return examine


@pytest.fixture
def export(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, clock: Clock, tmp_path: Path
) -> Callable[..., Result]:
    """The command in a folder of its own, with an account that has some of each."""
    assert clock.slept == []
    for name, value in {"TOKEN": TOKEN, "BASE_URL": wire.url, "MAX_RETRIES": "0"}.items():
        monkeypatch.setenv(f"PLUSOFON_{name}", value)
    monkeypatch.chdir(tmp_path)
    wire.script(listing(SIPURI, PORT, ATE, OWN, BARE, *ODD))
    return lambda *words: CliRunner().invoke(main, ["export", *words])
