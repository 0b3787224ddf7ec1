"""A run of pulumi that dies, and what docs/recovery.md says to do then: its commands, as they stand there."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from harness.engine_stack import BIN, EngineStack, Ran, expected_account, held_account, refused
from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.testing import SandboxServer

Spec = dict[str, dict[str, Any]]

PAGE: Final = ROOT / "docs" / "recovery.md"
SILENCE: Final = 60  # seconds of an answer withheld: longer than any test looks at it
_PATIENCE: Final = 180  # for any one command, on a machine that has much else to do
_LOOKS_EVERY: Final = 0.05  # what it looks at costs the sandbox and the machine something, too
_CONNECTED_ALREADY: Final = re.compile(r"(\d+) is connected already")
_PREVIEWING: Final = ("pulumi up", "pulumi refresh", "pulumi destroy")


def documented(section: str) -> list[str]:
    """The commands of the page's section with this heading, in order."""
    found = re.search(
        rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    assert found, f"{PAGE.name} has no section {section!r}"
    blocks = re.findall(r"^```console\n(.*?)^```$", found[1], re.MULTILINE | re.DOTALL)
    commands = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    assert commands, f"{PAGE.name}: {section!r} has no commands"
    return commands


class Run:
    """A `pulumi` command that is running, in a session of its own."""

    def __init__(self, stack: EngineStack, *arguments: str) -> None:
        self._stack = stack
        self._said = stack.folder / f"run-{time.monotonic_ns()}.out"
        with self._said.open("wb") as output:
            self._process = subprocess.Popen(
                [BIN / "pulumi", "--non-interactive", "--color", "never", *arguments],
                cwd=stack.program,
                env=stack.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The command's own process id."""
        return self._process.pid

    @property
    def text(self) -> str:
        """All that it has printed so far."""
        return self._said.read_text()

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for a moment that must come while the command runs."""
        deadline = time.monotonic() + _PATIENCE
        while not reached():
            assert self._process.poll() is None, f"pulumi ended before the moment came:\n{self.text}"
            assert time.monotonic() < deadline, f"the moment never came:\n{self.text}"
            time.sleep(_LOOKS_EVERY)

    def kill(self) -> None:
        """kill -9 of the command and all that it has started; returns when they are gone."""
        kill_with_all_it_started(self._process)
        self._stack.said += self.text

    def interrupt(self) -> None:
        """SIGINT, once, to pulumi alone."""
        self._process.send_signal(signal.SIGINT)

    def end(self, seconds: int = _PATIENCE) -> Ran:
        """Wait for its own end."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._stack.said += self.text
        return Ran(status, self.text)


def kill_with_all_it_started(process: subprocess.Popen[Any]) -> None:
    """kill -9 of a process and its descendants; returns when they are gone.

    The engine's plugins are in process groups of their own, so that a kill of the group would miss them.
    """
    stopped: set[int] = set()
    # Stopped first, so that none of them starts another while the others are looked for.
    while new := processes_of(process.pid) - stopped:
        for pid in new:
            _send(pid, signal.SIGSTOP)
        stopped |= new
    assert len(stopped) > 1, "it has started nothing"
    for pid in stopped:
        _send(pid, signal.SIGKILL)
    process.wait(_PATIENCE)
    deadline = time.monotonic() + _PATIENCE
    while any(alive(pid) for pid in stopped):
        assert time.monotonic() < deadline, "a killed process lives on"
        time.sleep(0.01)


def start_up(stack: EngineStack, spec: Spec, *options: str) -> Run:
    """`pulumi up` of `spec`, left running."""
    stack.declare(spec)
    return Run(stack, "up", "--yes", "--skip-preview", "--stack", stack.name, *options)


def silent(sandbox: SandboxServer) -> int:
    """How many requests wait for an answer that a fault withholds."""
    return sum(1 for request in sandbox.requests() if request["fault"])


class Recovery:
    """What a person does who follows the page, with `spec` as the program."""

    def __init__(self, stack: EngineStack, spec: Spec, **variables: str) -> None:
        self._stack = stack
        self.variables = variables
        self._spec = json.loads(json.dumps(spec))
        self.adopted: list[str] = []
        stack.declare(self._spec)

    def follow(self, section: str, *options: str) -> None:
        """Run the section's commands; `options` go to those that preview."""
        *before, last = documented(section)
        for command in before:
            self._run(command, *options)
        # The page: while `up` says that a number is connected already, give it adopt=True and repeat it.
        while (ran := self._run(last, *options, fails=True)).status:
            found = set(_CONNECTED_ALREADY.findall(ran.text)) - set(self.adopted)
            assert found, f"{last}: exit {ran.status}\n{ran.text}"
            self.adopted += sorted(found)
            for entry in self._spec.values():
                if entry["number"] in found:
                    entry["adopt"] = True
            self._stack.declare(self._spec)

    def check(self) -> str:
        """What the commands print by which the page says to check; none of them fails."""
        return "".join(self._run(command).text for command in documented("What to check"))

    def _run(self, command: str, *options: str, fails: bool = False) -> Ran:
        """One command of the page, by a shell; a test has no person to answer, so yes is the answer."""
        if command.startswith(_PREVIEWING):
            command = " ".join([command, *options])
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self._stack.program,
            env={**self._stack.environment, "PULUMI_SKIP_CONFIRMATIONS": "true", **self.variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        self._stack.said += done.stdout
        assert fails or done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}"
        return Ran(done.returncode, done.stdout)


def is_as_declared(stack: EngineStack, sandbox: SandboxServer, spec: Spec) -> bool:
    """The account equals the program, the state equals the account, and no number was connected twice."""
    assert held_account(sandbox) == expected_account(spec)
    assert all(
        sandbox.secret_matches(entry["number"], entry["secret"])
        for entry in spec.values()
        if "secret" in entry
    )
    deployment = stack.deployment()
    assert not deployment.get("pending_operations")
    state = [resource for resource in deployment.get("resources", ()) if "plusofon" in resource["type"]]
    assert not [
        resource["urn"] for resource in state if resource.get("delete") or resource.get("pendingReplacement")
    ]
    held = sandbox.account()
    assert sorted(
        resource["id"] for resource in state if resource["type"].endswith("ExternalNumber")
    ) == sorted(str(number["id"]) for number in held)
    assert {
        resource["outputs"]["number"]: resource["outputs"]["host"]
        for resource in state
        if "number" in resource["outputs"]
    } == {number["number"]: number["host"] for number in held}
    assert sorted(
        resource["id"] for resource in state if resource["type"].endswith("NumberForwarding")
    ) == sorted(f"{number['type']}/{number['id']}" for number in held if number["forwarding"])
    connected = Counter(
        request["body"]["number"]
        for request in sandbox.requests()
        if request["operation"] == "connect" and request["wrote"]
    )
    assert max(connected.values(), default=0) <= 1, f"connected more than once: {connected}"
    assert [request for request in refused(sandbox) if request["operation"] == "connect"] == []
    return True


def processes_of(root: int) -> set[int]:
    """The process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The name in brackets may hold blanks and brackets itself.
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _send(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sign)


def alive(pid: int) -> bool:
    """Whether a process runs; one that is only not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
