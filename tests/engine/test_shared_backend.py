"""Several machines and one state store: the lock keeps them apart, a dead machine's stack is brought back.

The store is a real S3 server, so the locks are the engine's own, as they are in any bucket.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account
from harness.state_store import StateStore
from pulumi_plusofon.testing import SandboxServer
from support.crash_recovery import SILENCE, Recovery, is_as_declared, silent, start_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NUMBER: Final = "447700900101"
LOCKED: Final = "the stack is currently locked by 1 lock(s)"
pytestmark = pytest.mark.rest


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateStore]:
    """One S3 server for the tests below; each has stacks of its own in it."""
    with StateStore(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def customer(store: StateStore, tmp_path: Path) -> Iterator[Callable[[str, SandboxServer], EngineStack]]:
    """Makes the stack of a customer, by name, in the shared store; nothing of it is there in clear."""
    stacks: list[EngineStack] = []

    def made(name: str, account: SandboxServer) -> EngineStack:
        folder = tmp_path / name
        folder.mkdir()
        secret = f"sip-{secrets.token_urlsafe(12)}"
        stacks.append(EngineStack(folder, account, secret, name, environment=store.environment))
        return stacks[-1]

    yield made
    canaries = [canary for stack in stacks for canary in (stack.secret, stack.sandbox.token)]
    held = store.objects()
    assert any(f"/{stacks[0].name}.json" in key for key in held), "the state was not kept there"
    assert [key for key, text in held.items() if any(canary in text for canary in canaries)] == []


def _spec(stack: EngineStack, number: str = NUMBER, **more: Any) -> dict[str, dict[str, Any]]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": stack.secret}
    forwards = {"office-forward": ONE_OF_EACH["group"]}
    return {"office": {"type": "ate", "number": number, **login, "forwards": forwards, **more}}


def test_a_second_machine_is_refused_until_the_lock_of_the_first_is_gone(
    customer: Callable[[str, SandboxServer], EngineStack],
    store: StateStore,
    sandbox: SandboxServer,
    tmp_path: Path,
) -> None:
    first = customer("one-customer", sandbox)
    second = first.on_another_machine(tmp_path / "second-machine")
    spec = _spec(first)
    second_wants = _spec(first, host="sip2.operator.example")

    def is_refused() -> None:
        asked = len(sandbox.requests())
        said = second.up(second_wants, status=None).text
        assert LOCKED in said
        assert "created by" in said
        assert "(pid " in said, "whose lock it is"
        assert len(sandbox.requests()) == asked, "nothing was asked of the account"

    sandbox.fault("slow", "connect", seconds=SILENCE)
    run = start_up(first, spec)
    run.until(lambda: silent(sandbox) > 0)
    is_refused()
    run.kill()
    is_refused()
    assert len(store.locks()) == 1, "a dead machine's lock stays"

    sandbox.clear_faults()
    recovery = Recovery(second, second_wants)
    recovery.follow("A run was killed", "--skip-preview")
    assert recovery.adopted == [NUMBER], "the dead machine's PUT was done, and its state is lost"
    assert is_as_declared(second, sandbox, second_wants)
    recovery.check()
    assert store.locks() == []

    first.declare(_spec(first, host="sip2.operator.example", adopt=True))
    first.run("preview", "--expect-no-changes", "--stack", first.name)
    first.destroy()
    assert sandbox.account() == []
    assert not second.resources()
    assert not first.tokens_in_clear()
    assert not second.tokens_in_clear()


def test_of_two_machines_that_start_together_one_runs_at_most(
    customer: Callable[[str, SandboxServer], EngineStack], sandbox: SandboxServer, tmp_path: Path
) -> None:
    first = customer("one-customer-twice", sandbox)
    machines = {
        first: _spec(first),
        first.on_another_machine(tmp_path / "second-machine"): _spec(first, host="sip2.operator.example"),
    }
    # So long that whoever comes second, however late, still meets the other at work.
    sandbox.settings(latency=1.5)

    def runs(machine: EngineStack) -> bool:
        # Each writes its lock and then looks for others, so one may win, or both stand back.
        try:
            machine.up(machines[machine])
        except AssertionError:
            assert "the stack is currently locked by" in machine.said, machine.said
            return False
        return True

    with ThreadPoolExecutor() as pool:
        ran = dict(zip(machines, pool.map(runs, machines), strict=True))
    sandbox.settings(latency=0)
    won = [machine for machine, has_run in ran.items() if has_run]
    assert len(won) <= 1, [machine.said for machine in machines]
    assert held_account(sandbox) == (expected_account(machines[won[0]]) if won else {})

    for machine, spec in machines.items():
        machine.up(spec)
        assert is_as_declared(machine, sandbox, spec)
    first.destroy()


def test_stacks_of_two_accounts_in_one_store_run_side_by_side_and_hold_their_own(
    customer: Callable[[str, SandboxServer], EngineStack], sandbox: SandboxServer, tmp_path: Path
) -> None:
    with SandboxServer(tmp_path, "--registers-after", "0") as other_account:
        first, other = customer("customer-a", sandbox), customer("customer-b", other_account)
        specs = {first: _spec(first), other: _spec(other, "447700900102")}
        # Both are at work before either can end.
        for stack in specs:
            stack.sandbox.settings(latency=1)
        with ThreadPoolExecutor() as pool:
            list(pool.map(EngineStack.up, specs, specs.values()))
        for stack, spec in specs.items():
            stack.sandbox.settings(latency=0)
            assert is_as_declared(stack, stack.sandbox, spec)
        times = {stack: [asked["time"] for asked in stack.sandbox.requests()] for stack in specs}
        assert min(times[first]) < max(times[other])
        assert min(times[other]) < max(times[first])
        listed = first.run("stack", "ls").text
        assert "customer-a" in listed
        assert "customer-b" in listed
        first.destroy()
        assert sandbox.account() == []
        assert held_account(other_account) == expected_account(specs[other])
        other.destroy()
