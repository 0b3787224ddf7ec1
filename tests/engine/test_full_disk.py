"""A full disk under the state, and one under the sandbox's database: a clear error, and nothing is lost.

The engine's part is not ours to better: on a full disk it cuts off the state's file. What is promised is
that the page's commands bring account and state together again, without a second PUT.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack
from support.crash_recovery import SILENCE, Recovery, Run, is_as_declared, silent, start_up
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
CHANGED: Final = {name: {**entry, "host": "sip2.operator.example"} for name, entry in SPEC.items()}
_ENDS_IN: Final = 200  # the engine tries each write of the state for half a minute
A_DISK, A_LIMIT = "a disk of its own", "a limit on files"


def _mount(folder: Path) -> bool:
    """Mount a small disk on `folder`; False where this machine does not let us."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if shutil.which("mount") is None:
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], check=True)


def _can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        if mounted := _mount(Path(folder)):
            _unmount(Path(folder))
    return mounted


# How a disk gets full here, and how many resources the engine works at then. Only root can mount a disk; the
# limit is there for everybody.
WAYS: Final = {A_LIMIT: 1, **({A_DISK: 4} if _can_mount() else {})}


@contextlib.contextmanager
def _on_a_disk_of_its_own(folder: Path) -> Iterator[None]:
    """`folder` and its content on a small disk."""
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    assert _mount(folder)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        # What was on it goes where the disk was: what looks at the stack later finds it.
        left = folder.with_name("left")
        shutil.copytree(folder, left)
        _unmount(folder)
        shutil.copytree(left, folder, dirs_exist_ok=True)


@pytest.fixture
def fills(
    request: pytest.FixtureRequest, stack: EngineStack, record_property: Callable[[str, object], None]
) -> Iterator[Callable[[Run], Callable[[], None]]]:
    """Fills the disk under the state of a run; what that gives makes room again."""
    record_property("full disk", request.param)
    filler = stack.backend / "filler"

    def disk(_run: Run) -> Callable[[], None]:
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        assert os.statvfs(stack.backend).f_bfree == 0
        return filler.unlink

    def limit(run: Run) -> Callable[[], None]:
        _, hard = resource.prlimit(run.pid, resource.RLIMIT_FSIZE)
        # Less than the state, more than what it prints.
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (4096, hard))
        return lambda: None

    if request.param == A_LIMIT:
        yield limit
    else:
        with _on_a_disk_of_its_own(stack.backend):
            yield disk


def _state(stack: EngineStack) -> dict[str, str]:
    """The page's variables."""
    below = stack.backend / ".pulumi"
    return {
        "STATE": str(below / "stacks" / "engine-test" / "test.json"),
        "BACKUPS": str(below / "backups" / "engine-test" / "test"),
        "LOCKS": str(below / "locks" / "organization" / "engine-test" / "test"),
        "STACK": "test",
    }


@pytest.mark.timeout(900)  # the engine tries each failing write for half a minute
@pytest.mark.parametrize(
    ("fills", "at_once"),
    [pytest.param(*way, id=way[0], marks=[pytest.mark.rest] * (way[0] == A_DISK)) for way in WAYS.items()],
    indirect=["fills"],
)
def test_a_full_disk_under_the_state_is_reported_and_the_recovery_loses_nothing(
    stack: EngineStack,
    sandbox: SandboxServer,
    fills: Callable[[Run], Callable[[], None]],
    at_once: int,
) -> None:
    stack.start({"sales1": SPEC["sales1"]})
    sandbox.fault("slow", "connect", times=None, seconds=2)
    run = start_up(stack, CHANGED, "--parallel", str(at_once))
    run.until(lambda: silent(sandbox) > 0)
    make_room = fills(run)
    ran = run.end(_ENDS_IN)
    assert ran.status != 0
    assert "no space left on device" in ran.text or "file too large" in ran.text
    assert shows_no_traceback(ran.text)
    make_room()
    sandbox.clear_faults()
    recovery = Recovery(stack, CHANGED, **_state(stack))
    recovery.follow("The disk with the state is full", "--skip-preview")
    assert is_as_declared(stack, sandbox, CHANGED)
    stack.destroy()
    assert sandbox.account() == []


@pytest.mark.rest
def test_a_lost_state_is_made_anew_from_the_account(stack: EngineStack, sandbox: SandboxServer) -> None:
    sandbox.fault("slow", "forward", skip=1, seconds=SILENCE)
    run = start_up(stack, SPEC)
    run.until(lambda: silent(sandbox) > 0)
    run.kill()
    sandbox.clear_faults()
    for file in stack.backend.rglob("test*.json*"):
        file.write_bytes(b"")
    assert "failed to load checkpoint" in stack.up(SPEC, status=None).text
    recovery = Recovery(stack, SPEC, **_state(stack))
    recovery.follow("The state is lost")
    assert sorted(recovery.adopted) == sorted(entry["number"] for entry in SPEC.values())
    assert is_as_declared(stack, sandbox, SPEC)


@pytest.mark.rest
def test_a_full_disk_under_the_sandbox_is_reported_and_the_next_up_goes_on(
    tmp_path: Path, harmed: SandboxServer
) -> None:
    stack = EngineStack(tmp_path, harmed, "none")
    stack.environment["PLUSOFON_MAX_RETRIES"] = "1"
    stack.up({"sales1": SPEC["sales1"]})
    used = max(file.stat().st_size for file in harmed.folder.iterdir())
    _, hard = resource.prlimit(harmed.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(harmed.pid, resource.RLIMIT_FSIZE, (used, hard))
    said = stack.up(CHANGED, status=None).text
    assert "HTTP 500: the sandbox's database failed: " in said
    assert shows_no_traceback(said)
    resource.prlimit(harmed.pid, resource.RLIMIT_FSIZE, (hard, hard))
    recovery = Recovery(stack, CHANGED)
    recovery.follow("The sandbox's disk is full")
    assert is_as_declared(stack, harmed, CHANGED)
    stack.destroy()
    assert harmed.account() == []
