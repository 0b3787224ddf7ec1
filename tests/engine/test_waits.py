"""Nothing is waited for without an end, without a word, or against a Ctrl-C.

What needs no engine is shown in `tests/provider/test_provider_waits.py`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import EngineStack, expected_account, held_account, numbered
from support.crash_recovery import start_up
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NEVER = 100_000
# A command on a busy machine takes some ten seconds; what waits where it should not takes far longer.
SOON = 45


def _spec(stack: EngineStack, numbers: int = 1, **more: Any) -> dict[str, dict[str, Any]]:
    return {f"n{place}": numbered(place, stack.secret, **more) for place in range(numbers)}


def _asked(sandbox: SandboxServer, operation: str) -> list[dict[str, Any]]:
    return [request for request in sandbox.requests() if request["operation"] == operation]


@pytest.mark.parametrize("numbers", [pytest.param(1, marks=pytest.mark.rest), 8])
def test_one_interrupt_ends_every_wait_for_registration_and_keeps_the_numbers(
    stack: EngineStack, sandbox: SandboxServer, numbers: int
) -> None:
    sandbox.settings(registers_after=NEVER)
    spec = _spec(stack, numbers, wait_for_registration=10 * SOON)
    up = start_up(stack, spec, "--parallel", "8")
    up.until(lambda: any(len(request["body"]["logins"]) == numbers for request in _asked(sandbox, "status")))
    interrupted = time.monotonic()
    up.interrupt()
    ran = up.end()
    assert time.monotonic() - interrupted < SOON, ran.text
    assert ran.status != 0
    for place in range(numbers):
        assert f"44770090000{place}: interrupted while its login was not yet registered" in ran.text
    assert shows_no_traceback(ran.text)
    assert len(stack.resources()) == numbers, "every number is in the state"
    assert held_account(sandbox) == expected_account(spec)
    # And it is known that the wait is still owed.
    assert set(stack.preview().values()) == {"update"}


# A list is asked for again after its own pause; a create is held back before it looks whether it connected.
@pytest.mark.parametrize(
    ("numbers", "operation"), [pytest.param(1, "list", marks=pytest.mark.rest), (8, "connect")]
)
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
    assert shows_no_traceback(ran.text)
    assert sandbox.account() == []
    assert not stack.resources()
    sandbox.clear_faults()
    stack.up()
    assert held_account(sandbox) == expected_account(spec)


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
    assert not any(request["operation"] == "connect" for request in sandbox.requests())
    assert sandbox.account() == []
    sandbox.clear_faults()
    # The list before the creates, and the one after them.
    sandbox.fault("slow", "list", seconds=NEVER)
    sandbox.fault("slow", "list", seconds=NEVER, skip=1)
    stack.up()
    assert held_account(sandbox) == expected_account(spec)
    assert all(order["done"] for order in sandbox.faults())
