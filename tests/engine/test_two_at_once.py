"""Two stacks with one number, two machines with one stack: one wins, the other is reported, nothing is lost.

The API knows no owners: a stack that has a number in its state disconnects it when it is destroyed. So one
that a number was taken from has to let go of it before.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, sent
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

NUMBER = "447700900101"
OFFICE = "ExternalNumber office"


def _spec(stack: EngineStack, **more: Any) -> dict[str, dict[str, Any]]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": stack.secret}
    forwards = {"office-forward": ONE_OF_EACH["group"]}
    return {"office": {"type": "ate", "number": NUMBER, **login, "forwards": forwards, **more}}


@pytest.fixture
def other(stack: EngineStack, tmp_path: Path, sandbox: SandboxServer) -> Iterator[EngineStack]:
    """A second stack on the same account, with a backend of its own."""
    folder = tmp_path / "other"
    folder.mkdir()
    other = EngineStack(folder, sandbox, stack.secret, starts=stack.starts)
    yield other
    assert not other.tokens_in_clear()


@pytest.fixture
def second_machine(stack: EngineStack, tmp_path: Path) -> Iterator[EngineStack]:
    """The same stack on the same backend, seen from another machine."""
    second = stack.on_another_machine(tmp_path / "second-machine")
    yield second
    assert not second.tokens_in_clear()


def test_of_two_stacks_the_later_one_is_refused_and_its_end_leaves_the_number(
    stack: EngineStack, other: EngineStack, sandbox: SandboxServer
) -> None:
    stack.start(_spec(stack))
    said = other.up(_spec(other, host="other.example"), status=None).text
    assert f"{NUMBER} is connected already" in said
    assert "nothing was sent: set adopt=True to take it over" in said
    assert sent(sandbox) == ["GET"]
    assert not other.resources()
    other.refresh()
    other.destroy()
    assert held_account(sandbox) == expected_account(_spec(stack))


@pytest.mark.rest
def test_of_two_stacks_truly_at_once_one_connects_the_number_and_the_other_is_reported(
    stack: EngineStack, other: EngineStack, sandbox: SandboxServer
) -> None:
    # Long enough for both to see the account without the number, and both to ask for it.
    sandbox.settings(latency=1.5)

    def wins(stack: EngineStack) -> bool:
        # Who comes first is not ours to say, so either end is right.
        try:
            stack.up(_spec(stack))
        except AssertionError:
            return False
        return True

    with ThreadPoolExecutor() as pool:
        won = dict(zip((stack, other), pool.map(wins, (stack, other)), strict=True))
    sandbox.settings(latency=0)
    assert sorted(won.values()) == [False, True], [stack.said for stack in won]
    winner, loser = sorted(won, key=lambda stack: not won[stack])
    assert f"connecting {NUMBER}: HTTP 400" in loser.said or f"{NUMBER} is connected already" in loser.said
    assert shows_no_traceback(loser.said)
    assert not loser.resources()
    loser.refresh()
    loser.destroy()
    assert held_account(sandbox) == expected_account(_spec(winner))
    assert winner.preview("--refresh") == {}


@pytest.mark.rest
def test_a_stack_whose_number_was_taken_over_lets_go_of_it_and_removes_nothing(
    stack: EngineStack, other: EngineStack, sandbox: SandboxServer
) -> None:
    stack.start(_spec(stack))
    other.up(_spec(other, host="other.example", adopt=True))
    stack.run("state", "delete", stack.urn(OFFICE), "--target-dependents", "--yes", "--stack", "test")
    sandbox.clear_requests()
    stack.destroy()
    assert sent(sandbox) == []
    assert held_account(sandbox) == expected_account(_spec(other, host="other.example"))


@pytest.mark.rest
def test_a_number_in_two_stacks_is_disconnected_by_one_and_connected_again_by_the_other(
    stack: EngineStack, other: EngineStack, sandbox: SandboxServer
) -> None:
    stack.start(_spec(stack))
    taken = stack.resources()[OFFICE]["id"]
    other.up(_spec(other, host="other.example", adopt=True))
    assert other.resources()[OFFICE]["id"] == taken
    stack.refresh()
    assert stack.preview() == {"office": "update"}, "the taking over shows as drift"
    stack.destroy()
    assert sandbox.account() == []
    other.refresh()
    assert not other.resources()
    other.up()
    assert held_account(sandbox) == expected_account(_spec(other, host="other.example"))


def test_the_second_of_two_machines_on_one_stack_fails_at_once_and_changes_nothing(
    stack: EngineStack, second_machine: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.fault("slow", "connect", seconds=12)
    spec = _spec(stack)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(stack.up, spec)
        deadline = time.monotonic() + 60
        while not first.done() and time.monotonic() < deadline and not _asked_for(sandbox):
            time.sleep(0.1)
        said = second_machine.up(_spec(stack, host="second.example"), status=None).text
        assert not first.done(), "the first machine was to be at work"
        assert "the stack is currently locked by 1 lock(s)" in said
        first.result()
    assert held_account(sandbox) == expected_account(spec)
    assert sent(sandbox) == ["GET", "GET", "PUT ate", "GET", "POST follow"]
    assert set(stack.resources()) == {OFFICE, "NumberForwarding office-forward"}
    second_machine.up(_spec(stack, host="second.example"))
    stack.refresh()
    assert held_account(sandbox) == expected_account(_spec(stack, host="second.example"))


def _asked_for(sandbox: SandboxServer) -> bool:
    return any(fault["done"] for fault in sandbox.faults())
