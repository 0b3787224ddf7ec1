"""A provider whose engine was killed writes nothing more: nothing would keep what it does."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

from support.crash_recovery import start_up

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

PAUSE = 6


def _connects(sandbox: SandboxServer) -> list[dict[str, Any]]:
    return [request for request in sandbox.requests() if request["operation"] == "connect"]


def test_an_orphaned_provider_does_not_repeat_its_request(stack: EngineStack, sandbox: SandboxServer) -> None:
    spec = {"office": {"type": "sipuri", "number": "447700900101", "host": "a.example"}}
    sandbox.fault("status", "connect", status=503, retry_after=str(PAUSE))
    run = start_up(stack, spec)
    run.until(lambda: len(_connects(sandbox)) == 1)
    # The engine alone: what it has started lives on, and would send the PUT again after its pause.
    os.kill(run.pid, signal.SIGKILL)
    run.end()
    stack.run("cancel", "--yes", "--stack", "test")
    stack.destroy()
    time.sleep(PAUSE * 1.5 + 2)
    assert len(_connects(sandbox)) == 1
    assert sandbox.account() == []
