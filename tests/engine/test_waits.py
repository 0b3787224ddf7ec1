"""Nothing is waited for without an end, without a word, or against a Ctrl-C."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import EngineStack, expected_account, held_account, numbered
from pulumi_plusofon.testing import SandboxServer
from support.crash_recovery import start_up

if TYPE_CHECKING:
    from pathlib import Path

NEVER = 100_000
# A command on a busy machine takes some ten seconds; whoever waits where he should not takes far longer.
SOON = 45
UP = ("up", "--yes", "--skip-preview", "--stack", "test")


def _spec(stack: EngineStack, numbers: int = 1, **more: Any) -> dict[str, dict[str, Any]]:
    return {f"n{place}": numbered(place, stack.secret, **more) for place in range(numbers)}


def _asked(sandbox: SandboxServer, operation: str) -> list[dict[str, Any]]:
    return [one for one in sandbox.requests() if one["operation"] == operation]


@pytest.mark.parametrize("numbers", [1, 8])
def test_one_interrupt_ends_every_wait_for_registration_and_keeps_the_numbers(
    stack: EngineStack, sandbox: SandboxServer, numbers: int
) -> None:
    sandbox.settings(registers_after=NEVER)
    spec = _spec(stack, numbers, wait_for_registration=10 * SOON)
    up = start_up(stack, spec, "--parallel", "8")
    up.until(lambda: any(len(one["body"]["logins"]) == numbers for one in _asked(sandbox, "status")))
    interrupted = time.monotonic()
    up.interrupt()
    ran = up.end()
    assert time.monotonic() - interrupted < SOON, ran.text
    assert ran.status != 0
    for place in range(numbers):
        assert f"44770090000{place}: interrupted while its login was not yet registered" in ran.text
    assert "Traceback" not in ran.text
    assert len(stack.resources()) == numbers, "every number is in the state"
    assert held_account(sandbox) == expected_account(spec)
    # And it is known that the wait is still owed.
    assert set(stack.preview().values()) == {"update"}


# A list is asked for again after its own pause; whoever connects is held back before he looks whether he has.
@pytest.mark.parametrize(("numbers", "operation"), [(1, "list"), (8, "connect")])
def test_one_interrupt_ends_a_pause_that_the_server_asked_for(
    stack: EngineStack, sandbox: SandboxServer, numbers: int, operation: str
) -> None:
    spec = _spec(stack, numbers)
    sandbox.fault("status", operation, status=429, message="slow down", retry_after="110", times=None)
    up = start_up(stack, spec, "--parallel", "8")
    up.until(lambda: "the API asks for a pause of 110 s, and nothing is sent meanwhile" in up.text)
    interrupted = time.monotonic()
    up.interrupt()
    ran = up.end()
    assert time.monotonic() - interrupted < SOON, ran.text
    assert ran.status != 0
    assert "Traceback" not in ran.text
    assert sandbox.account() == []
    assert not stack.resources()
    sandbox.clear_faults()
    stack.up()
    assert held_account(sandbox) == expected_account(spec)


def test_a_wait_for_registration_gives_a_sign_of_life_and_ends(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.settings(registers_after=NEVER)
    started = time.monotonic()
    said = stack.up(_spec(stack, wait_for_registration=12)).text
    assert time.monotonic() - started < SOON
    assert "447700900000: waiting for its login to register, 10 s so far" in said
    assert "447700900000: its login is not registered after 12 s (status: PENDING)" in said


def test_a_status_that_is_never_answered_ends_the_wait(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.environment |= {"PLUSOFON_TIMEOUT": "0.5", "PLUSOFON_MAX_RETRIES": "1"}
    sandbox.fault("slow", "status", seconds=NEVER, times=None)
    started = time.monotonic()
    said = stack.up(_spec(stack, wait_for_registration=600)).text
    assert time.monotonic() - started < SOON
    assert "447700900000: reading the registration status: no answer within 0.5 s" in said
    assert list(stack.resources()) == ["ExternalNumber n0"]


@pytest.mark.parametrize("operation", ["connect", "update", "disconnect"])
def test_a_server_that_never_answers_a_write_is_not_waited_for(
    stack: EngineStack, sandbox: SandboxServer, operation: str
) -> None:
    stack.environment |= {"PLUSOFON_TIMEOUT": "0.5", "PLUSOFON_MAX_RETRIES": "1"}
    spec = _spec(stack)
    if operation != "connect":
        stack.up(spec)
    sandbox.fault("slow", operation, seconds=NEVER, times=None)
    started = time.monotonic()
    if operation == "disconnect":
        said = stack.destroy(status=None).text
        assert "disconnecting 447700900000: no answer within 0.5 s" in said
    elif operation == "connect":
        # It was done, and the list says so.
        stack.up(spec)
    else:
        said = stack.up(_spec(stack, host="other.example"), status=None).text
        assert "updating 447700900000: no answer within 0.5 s" in said
    assert time.monotonic() - started < SOON
    sandbox.clear_faults()
    stack.destroy()
    assert sandbox.account() == []
    assert not stack.resources()


def test_a_hanging_list_is_not_waited_for_by_the_creates_that_share_it(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.environment |= {"PLUSOFON_TIMEOUT": "0.5", "PLUSOFON_MAX_RETRIES": "1"}
    spec = _spec(stack, numbers=4)
    sandbox.fault("slow", "list", seconds=NEVER, times=None)
    started = time.monotonic()
    said = stack.up(spec, status=None).text
    assert time.monotonic() - started < SOON
    assert "listing the external numbers: no answer within 0.5 s" in said
    assert not any(one["operation"] == "connect" for one in sandbox.requests())
    assert sandbox.account() == []
    sandbox.clear_faults()
    # The list before the creates, and the one after them.
    sandbox.fault("slow", "list", seconds=NEVER)
    sandbox.fault("slow", "list", seconds=NEVER, skip=1)
    stack.up()
    assert held_account(sandbox) == expected_account(spec)
    assert all(order["done"] for order in sandbox.faults())


@pytest.mark.parametrize("operation", ["list", "connect", "update", "disconnect"])
def test_a_server_that_asks_for_too_long_a_pause_is_not_waited_for(
    stack: EngineStack, sandbox: SandboxServer, operation: str
) -> None:
    spec = _spec(stack)
    if operation in {"update", "disconnect"}:
        stack.up(spec)
    sandbox.fault("status", operation, status=429, message="slow down", retry_after="121", times=None)
    sandbox.clear_requests()
    started = time.monotonic()
    if operation == "disconnect":
        said = stack.destroy(status=None).text
    else:
        host = "other.example" if operation == "update" else "sip.operator.example"
        said = stack.up(_spec(stack, host=host), status=None).text
    assert time.monotonic() - started < SOON
    assert "HTTP 429: slow down (the server asks to wait for 121 s)" in said
    assert len(_asked(sandbox, operation)) == 1, "what was refused for so long is not asked for again"


def test_an_api_that_refuses_connections_for_a_while_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    with SandboxServer(tmp_path, "--registers-after", "0") as own:
        stack = EngineStack(tmp_path / "stack", own, "an-invented-password")
        stack.environment["PLUSOFON_MAX_RETRIES"] = "8"
        stack.declare(spec := _spec(stack))
        for command in (stack.up, stack.refresh, stack.destroy):
            own.kill()
            back = threading.Timer(3, own.start)
            back.start()
            command()
            back.join()
            left = {} if command == stack.destroy else spec
            assert held_account(own) == expected_account(left)
            assert len(stack.resources()) == len(left)
        assert not stack.tokens_in_clear()
