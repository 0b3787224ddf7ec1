"""Waits have an end and a word: shown by a clock that a test turns, except for the deadline of a request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import expected_account, held_account
from pulumi_plusofon.testing import SandboxServer
from support.fault_scenarios import ate, check_empty, phone
from support.provider_stack import ProviderStack
from unit.clock import Clock

if TYPE_CHECKING:
    from pathlib import Path

NEVER = 100_000
# Seconds for some attempts of half a second each, on a busy machine.
SOON = 20


@pytest.fixture
def impatient(stack: ProviderStack) -> ProviderStack:
    """The stack, with half a second for a request and one repetition."""
    stack.environment |= {"PLUSOFON_TIMEOUT": "0.5", "PLUSOFON_MAX_RETRIES": "1"}
    return stack


def _asked(stack: ProviderStack, operation: str) -> list[dict[str, Any]]:
    return [request for request in stack.sandbox.requests() if request["operation"] == operation]


def test_a_wait_for_registration_gives_a_sign_of_life_and_ends(stack: ProviderStack) -> None:
    stack.sandbox.settings(registers_after=NEVER)
    said = stack.up({"n0": ate(stack, 0, wait_for_registration=12)}).text
    assert f"{phone(0)}: waiting for its login to register, 10 s so far" in said
    assert f"{phone(0)}: its login is not registered after 12 s (status: PENDING)" in said
    assert 12 <= stack.clock.total < 13


def test_a_status_that_is_never_answered_ends_the_wait(impatient: ProviderStack) -> None:
    impatient.sandbox.fault("slow", "status", seconds=NEVER, times=None)
    started = time.monotonic()
    said = impatient.up({"n0": ate(impatient, 0, wait_for_registration=600)}).text
    assert time.monotonic() - started < SOON
    assert f"{phone(0)}: reading the registration status: no answer within 0.5 s" in said
    assert list(impatient.resources()) == ["ExternalNumber n0"]


@pytest.mark.parametrize("operation", ["connect", "update", "disconnect"])
def test_a_server_that_never_answers_a_write_is_not_waited_for(
    impatient: ProviderStack, operation: str
) -> None:
    spec = {"n0": ate(impatient, 0)}
    if operation != "connect":
        impatient.up(spec)
    impatient.sandbox.fault("slow", operation, seconds=NEVER, times=None)
    started = time.monotonic()
    if operation == "disconnect":
        said = impatient.destroy(fails=True).text
        assert f"disconnecting {phone(0)}: no answer within 0.5 s" in said
    elif operation == "connect":
        # It was done, and the list says so.
        impatient.up(spec)
    else:
        said = impatient.up({"n0": ate(impatient, 0, host="other.example")}, fails=True).text
        assert f"updating {phone(0)}: no answer within 0.5 s" in said
    assert time.monotonic() - started < SOON
    impatient.sandbox.clear_faults()
    impatient.destroy()
    check_empty(impatient)


@pytest.mark.parametrize("operation", ["list", "connect", "update", "disconnect"])
def test_a_server_that_asks_for_too_long_a_pause_is_not_waited_for(
    stack: ProviderStack, operation: str
) -> None:
    if operation in {"update", "disconnect"}:
        stack.up({"n0": ate(stack, 0)})
    stack.sandbox.fault("status", operation, status=429, message="slow down", retry_after="121", times=None)
    stack.sandbox.clear_requests()
    stack.clock.slept.clear()
    if operation == "disconnect":
        said = stack.destroy(fails=True).text
    else:
        host = "other.example" if operation == "update" else "sip.operator.example"
        said = stack.up({"n0": ate(stack, 0, host=host)}, fails=True).text
    assert stack.clock.total < 5
    assert "HTTP 429: slow down (the server asks to wait for 121 s)" in said
    assert len(_asked(stack, operation)) == 1, "what was refused for so long is not asked for again"


class _ClockThatBringsItBack(Clock):
    """The server is back in the third pause."""

    def __init__(self, server: SandboxServer) -> None:
        super().__init__()
        self._server = server
        self._pauses = 0

    def pause(self, seconds: float) -> bool:
        self._pauses += 1
        if self._pauses == 3:
            self._server.start()
        return super().pause(seconds)


def test_an_api_that_refuses_connections_for_a_while_is_waited_for(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, "--registers-after", "0") as own:
        stack = ProviderStack(own, "an-invented-password")
        stack.environment["PLUSOFON_MAX_RETRIES"] = "8"
        spec = {"n0": ate(stack, 0)}
        stack.declare(spec)
        for run in (stack.up, stack.refresh, stack.destroy):
            own.kill()
            stack.clock = _ClockThatBringsItBack(own)
            run()
            left = {} if run == stack.destroy else spec
            assert held_account(own) == expected_account(left)
            assert len(stack.resources()) == len(left)
