"""SIGINT once: what is under way is finished and saved. Twice: the page's recovery finds it again."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING, Any, Final

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack
from support.crash_recovery import SILENCE, Recovery, Run, documented, is_as_declared, silent, start_up
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

SPEC: Final[dict[str, dict[str, Any]]] = {
    f"sales{index}": {
        "type": "sipuri",
        "number": f"44770090010{index}",
        "host": "sip.operator.example",
        "forwards": {f"sales{index}-forward": ONE_OF_EACH["group"]},
    }
    for index in range(1, 4)
}


def _by_hand(run: Run) -> None:
    """Ctrl-C: the terminal sends it to every process of the group, not to pulumi alone."""
    os.killpg(run.pid, signal.SIGINT)


@pytest.mark.parametrize(
    "interrupt",
    [pytest.param(Run.interrupt, id="pulumi", marks=pytest.mark.rest), pytest.param(_by_hand, id="terminal")],
)
def test_one_sigint_finishes_and_saves_what_is_under_way_and_begins_nothing_else(
    stack: EngineStack, sandbox: SandboxServer, interrupt: Any
) -> None:
    sandbox.fault("slow", "connect", times=None, seconds=2)
    run = start_up(stack, SPEC)
    run.until(lambda: silent(sandbox) == len(SPEC))
    interrupt(run)
    ran = run.end()
    assert ran.status != 0
    assert "update canceled" in ran.text
    assert shows_no_traceback(ran.text)
    assert set(stack.resources()) == {f"ExternalNumber {name}" for name in SPEC}
    assert not any(number["forwarding"] for number in sandbox.account())
    sandbox.clear_faults()
    recovery = Recovery(stack, SPEC)
    recovery.follow("Ctrl-C, once")
    assert recovery.adopted == []
    assert is_as_declared(stack, sandbox, SPEC)


@pytest.mark.rest
def test_one_sigint_while_numbers_are_deleted_loses_none(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.start(SPEC)
    sandbox.fault("slow", "disconnect", seconds=2)
    run = Run(stack, "destroy", "--yes", "--skip-preview", "--stack", "test", "--parallel", "1")
    run.until(lambda: silent(sandbox) == 1)
    run.interrupt()
    run.end()
    kept = {number["number"] for number in sandbox.account()}
    assert len(kept) < len(SPEC), "the one under way is finished, and so may be those that stand in line"
    in_state = {resource["outputs"].get("number") for resource in stack.resources().values()} - {None}
    assert in_state == kept
    stack.destroy()
    assert sandbox.account() == []


@pytest.mark.parametrize(
    "done", [pytest.param(True, id="after"), pytest.param(False, id="before", marks=pytest.mark.rest)]
)
def test_two_sigints_lose_what_is_under_way_and_the_recovery_finds_it_again(
    stack: EngineStack, sandbox: SandboxServer, *, done: bool
) -> None:
    sandbox.fault("slow" if done else "close-before", "connect", times=None, seconds=SILENCE)
    run = start_up(stack, SPEC)
    run.until(lambda: silent(sandbox) == len(SPEC))
    run.interrupt()
    run.until(lambda: "press ^C again" in run.text)
    run.interrupt()
    ran = run.end()
    assert ran.status != 0
    assert shows_no_traceback(ran.text)
    assert not stack.resources()
    sandbox.clear_faults()
    recovery = Recovery(stack, SPEC)
    recovery.follow("A run was killed")
    assert sorted(recovery.adopted) == sorted(entry["number"] for entry in SPEC.values() if done)
    assert is_as_declared(stack, sandbox, SPEC)


@pytest.mark.rest
def test_checks_of_the_page_find_nothing_to_do(stack: EngineStack) -> None:
    stack.start(SPEC)
    said = Recovery(stack, SPEC).check()
    assert sorted(re.findall(r"\b4477\d{8}\b", said.partition("Resources:")[2])) == sorted(
        entry["number"] for entry in SPEC.values()
    )
    assert len(documented("What to check")) == 2
