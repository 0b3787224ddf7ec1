"""Runs with PULUMI_SKIP_CHECKPOINTS that end badly: they cost what docs/performance.md says, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack
from support.crash_recovery import SILENCE, Recovery, is_as_declared, silent, start_up

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

OFFICE: Final = "447700900101"
OLD: Final = "447700900102"
NEW: Final = ("447700900103", "447700900104")
pytestmark = pytest.mark.rest


def _spec(stack: EngineStack, host: str, *numbers: str) -> dict[str, dict[str, Any]]:
    login = {"login": "900101", "secret": stack.secret}
    office = {"type": "ate", "number": OFFICE, "host": host, **login}
    others = {number: {"type": "sipuri", "number": number, "host": host} for number in numbers}
    return {
        name: {**entry, "forwards": {f"{name}-forward": ONE_OF_EACH["group"]}}
        for name, entry in {"office": office, **others}.items()
    }


def _in_state(stack: EngineStack) -> list[str]:
    kept = [
        resource for resource in stack.resources().values() if resource["type"].endswith("ExternalNumber")
    ]
    return sorted(resource["outputs"]["number"] for resource in kept)


def test_a_run_without_checkpoints_that_fails_leaves_in_the_state_what_it_did(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.environment["PULUMI_SKIP_CHECKPOINTS"] = "true"
    spec = _spec(stack, "sip.operator.example", OLD)
    sandbox.fault("refuse", "connect", number=OLD)
    stack.up(spec, status=None)
    assert _in_state(stack) == [OFFICE]

    sandbox.fault("slow", "connect", number=OLD, seconds=2)
    run = start_up(stack, spec)
    run.until(lambda: silent(sandbox) > 1)
    run.interrupt()
    assert run.end().status != 0
    assert _in_state(stack) == [OFFICE, OLD]


def test_of_a_killed_run_without_checkpoints_the_recovery_adopts_what_it_had_connected(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.environment["PULUMI_SKIP_CHECKPOINTS"] = "true"
    stack.up(_spec(stack, "sip.operator.example", OLD))
    before = stack.resources()
    wanted = _spec(stack, "sip2.operator.example", *NEW)
    # By then all the others are done: the old number is taken away when everything else is in place.
    sandbox.fault("slow", "disconnect", seconds=SILENCE)
    run = start_up(stack, wanted)
    run.until(lambda: silent(sandbox) > 0)
    run.kill()
    sandbox.clear_faults()
    assert stack.resources() == before, "the state is the one from before the run"

    recovery = Recovery(stack, wanted)
    recovery.follow("A run was killed", "--skip-preview")
    assert sorted(recovery.adopted) == sorted(NEW)
    assert is_as_declared(stack, sandbox, wanted)
