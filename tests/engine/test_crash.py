"""kill -9 at any request of a run: the commands of docs/recovery.md leave account and state as declared.

Each request is named by its operation and its place among those of the run, because in what order the
engine starts with several resources is a race. One operation at a time, so that every request is met.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack
from support.crash_recovery import (
    SILENCE,
    Recovery,
    Run,
    Snapshot,
    Spec,
    is_as_declared,
    silent,
    start_up,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_plusofon.testing import SandboxServer


class Cell(NamedTuple):
    """Where the run dies: at the `nth` request of `operation`, before or after it was done."""

    run: str
    operation: str
    nth: int
    moment: str


# The requests of each run; a test below counts them.
REQUESTS: Final[dict[str, dict[str, int]]] = {
    "create": {"list": 5, "connect": 3, "forward": 3},
    "change": {"list": 4, "connect": 2, "update": 1, "forward": 5, "disconnect": 2},
    "destroy": {"list": 1, "forward": 3, "disconnect": 3},
}
FAULTS: Final = {"before": "close-before", "after": "slow"}
LONG: Final = bool(os.environ.get("PLUSOFON_TEST_LONG"))
SECRET: Final = f"sip-{secrets.token_urlsafe(12)}"


def _short(cell: Cell) -> bool:
    """The cells of every run of the tests; `PLUSOFON_TEST_LONG` in the environment brings the others.

    A request that writes dies after it was done: the account has what the state has not. A list writes
    nothing, so before and after are one case. Of each operation of each run the last one dies before, too.
    """
    if cell.operation == "list":
        return cell.moment == "before"
    return cell.moment == "after" or cell.nth == REQUESTS[cell.run][cell.operation]


CELLS: Final = [
    Cell(run, operation, nth, moment)
    for run, operations in REQUESTS.items()
    for operation, count in operations.items()
    for nth in range(1, count + 1)
    for moment in FAULTS
]
SHORT: Final = [cell for cell in CELLS if _short(cell)]


def _ate(**more: Any) -> dict[str, Any]:
    login = {"login": "900101", "secret": SECRET}
    return {"type": "ate", "number": "447700900101", "host": "sip.operator.example", **login, **more}


def _sipuri(number: str, name: str, forward: str) -> dict[str, Any]:
    forwards = {f"{name}-forward": ONE_OF_EACH[forward]}
    return {"type": "sipuri", "number": number, "host": "sip.operator.example", "forwards": forwards}


FIRST: Final[Spec] = {
    "office": _ate(forwards={"office-forward": ONE_OF_EACH["group"]}),
    "sales": _sipuri("447700900102", "sales", "sip_uri"),
    "desk": _sipuri("447700900103", "desk", "number"),
}
# Host and password changed, one forwarding changed, one number replaced, one added, one removed.
SECOND: Final[Spec] = {
    "office": _ate(
        host="sip2.operator.example",
        secret=f"{SECRET}-rotated",
        forwards={"office-forward": ONE_OF_EACH["scenario"]},
    ),
    "sales": _sipuri("447700900104", "sales", "sip_uri"),
    "fax": _sipuri("447700900105", "fax", "bitrix"),
}
WANTED: Final[dict[str, Spec]] = {"create": FIRST, "change": SECOND, "destroy": {}}


class Scene:
    """One stack for all cells of a worker, set back to where a run starts before each of them."""

    def __init__(self, stack: EngineStack, sandbox: SandboxServer) -> None:
        self.stack = stack
        self.sandbox = sandbox
        self.counted: dict[str, dict[str, int]] = {}
        self._starts = {"create": Snapshot(stack, sandbox, "create", {})}
        self._runs("create", "change", FIRST)
        self._runs("change", None, SECOND)
        # The account of a fresh `up` has no gaps in its ids, so it can be seeded again.
        self._starts["create"].restore()
        stack.up(SECOND)
        self._starts["destroy"] = Snapshot(stack, sandbox, "destroy", SECOND)
        sandbox.clear_requests()
        self.start("destroy").end()
        self._count("destroy")

    def _runs(self, run: str, leads_to: str | None, spec: Spec) -> None:
        self.sandbox.clear_requests()
        ran = start_up(self.stack, spec, "--parallel", "1").end()
        assert ran.status == 0, ran.text
        self._count(run)
        if leads_to:
            self._starts[leads_to] = Snapshot(self.stack, self.sandbox, leads_to, spec)

    def _count(self, run: str) -> None:
        self.counted[run] = dict(Counter(one["operation"] for one in self.sandbox.requests()))

    def set_back(self, run: str) -> None:
        """The state and the account at the start of `run`."""
        self._starts[run].restore()

    def start(self, run: str, *options: str) -> Run:
        """Start `run`."""
        options = options or ("--parallel", "1")
        if run == "destroy":
            self.stack.declare({})
            return Run(self.stack, "destroy", "--yes", "--skip-preview", "--stack", "test", *options)
        return start_up(self.stack, WANTED[run], *options)

    def recover(self, run: str) -> list[str]:
        """Do as the page says, see that all is well and can be taken away; the numbers adopted."""
        self.sandbox.clear_faults()
        recovery = Recovery(self.stack, WANTED[run])
        section = "A destroy was killed" if run == "destroy" else "A run was killed"
        recovery.follow(section, "--skip-preview")
        assert is_as_declared(self.stack, self.sandbox, WANTED[run])
        if run != "destroy":
            self.stack.destroy()
            assert self.sandbox.account() == []
            assert not self.stack.resources()
        assert not self.stack.tokens_in_clear()
        return recovery.adopted


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, sandbox_process: SandboxServer) -> Iterator[Scene]:
    """The scene, set up once."""
    sandbox_process.reset()
    yield Scene(EngineStack(tmp_path_factory.mktemp("crash"), sandbox_process, SECRET), sandbox_process)
    sandbox_process.clear_faults()


def test_the_matrix_has_every_request_of_every_run(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    assert scene.counted == REQUESTS
    requests = sum(sum(operations.values()) for operations in REQUESTS.values())
    assert len(CELLS) == len(set(CELLS)) == 2 * requests
    record_property("cells", len(CELLS if LONG else SHORT))


@pytest.mark.parametrize(
    "cell",
    CELLS if LONG else SHORT,
    ids=lambda cell: "-".join(str(part) for part in cell),
)
def test_killed_at_any_request_the_documented_recovery_leaves_all_as_declared(
    scene: Scene, cell: Cell
) -> None:
    scene.set_back(cell.run)
    scene.sandbox.fault(FAULTS[cell.moment], cell.operation, skip=cell.nth - 1, seconds=SILENCE)
    run = scene.start(cell.run)
    run.until(lambda: silent(scene.sandbox) > 0)
    run.kill()
    adopted = scene.recover(cell.run)
    assert len(adopted) <= 1, "of one operation at a time, one at most is lost from the state"


@pytest.mark.parametrize("moment", FAULTS)
def test_killed_with_several_creates_in_flight_nothing_is_lost_and_nothing_twice(
    scene: Scene, moment: str
) -> None:
    scene.set_back("create")
    scene.sandbox.fault(FAULTS[moment], "connect", times=None, seconds=SILENCE)
    run = scene.start("create", "--parallel", "4")
    run.until(lambda: silent(scene.sandbox) == len(FIRST))
    run.kill()
    adopted = scene.recover("create")
    assert len(adopted) == (len(FIRST) if moment == "after" else 0)
