"""kill -9 at any request of a run: the commands of docs/recovery.md leave account and state as declared.

Each request is named by its operation and its place among those of the run, because in what order the
engine starts with several resources is a race. One operation at a time, so that every request is met.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack
from support.crash_recovery import SILENCE, Recovery, Run, Spec, is_as_declared, silent, start_up

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "change": {"list": 6, "connect": 2, "update": 1, "forward": 5, "disconnect": 2},
    "destroy": {"list": 4, "forward": 3, "disconnect": 3},
}
FAULTS: Final = {"before": "close-before", "after": "slow"}
CELLS: Final = [
    Cell(run, operation, nth, moment)
    for run, operations in REQUESTS.items()
    for operation, count in operations.items()
    for nth in range(1, count + 1)
    for moment in FAULTS
]
# One for each kind of request. A write dies after it was done: the account has what the state has not.
OF_EACH_KIND: Final = {
    Cell("create", "connect", 2, "after"),
    Cell("create", "list", 3, "before"),
    Cell("change", "update", 1, "after"),
    Cell("change", "forward", 3, "after"),
    Cell("destroy", "disconnect", 2, "after"),
}


def _ate(secret: str, **more: Any) -> dict[str, Any]:
    login = {"login": "900101", "secret": secret}
    return {"type": "ate", "number": "447700900101", "host": "sip.operator.example", **login, **more}


def _sipuri(number: str, name: str, forward: str) -> dict[str, Any]:
    forwards = {f"{name}-forward": ONE_OF_EACH[forward]}
    return {"type": "sipuri", "number": number, "host": "sip.operator.example", "forwards": forwards}


def _first(secret: str) -> Spec:
    return {
        "office": _ate(secret, forwards={"office-forward": ONE_OF_EACH["group"]}),
        "sales": _sipuri("447700900102", "sales", "sip_uri"),
        "desk": _sipuri("447700900103", "desk", "number"),
    }


def _second(secret: str) -> Spec:
    """Host and password changed, one forwarding changed, one number replaced, one added, one removed."""
    return {
        "office": _ate(
            secret, host="sip2.operator.example", forwards={"office-forward": ONE_OF_EACH["scenario"]}
        ),
        "sales": _sipuri("447700900104", "sales", "sip_uri"),
        "fax": _sipuri("447700900105", "fax", "bitrix"),
    }


class Scene:
    """A stack where one of the runs starts."""

    def __init__(self, stack: EngineStack, run: str) -> None:
        self.stack = stack
        self.run = run
        if run == "change":
            stack.start(_first(stack.secret))
        elif run == "destroy":
            stack.start(_second(stack.secret))
        self.wanted = {
            "create": _first(stack.secret),
            "change": _second(f"{stack.secret}-rotated"),
            "destroy": {},
        }[run]

    def start(self, at_once: int = 1) -> Run:
        """Start the run."""
        options = ("--parallel", str(at_once))
        if self.run == "destroy":
            self.stack.declare({})
            return Run(self.stack, "destroy", "--yes", "--skip-preview", "--stack", "test", *options)
        return start_up(self.stack, self.wanted, *options)

    def recover(self) -> list[str]:
        """Do as the page says, and see that all is well; the numbers adopted."""
        self.stack.sandbox.clear_faults()
        recovery = Recovery(self.stack, self.wanted)
        section = "A destroy was killed" if self.run == "destroy" else "A run was killed"
        recovery.follow(section, "--skip-preview")
        assert is_as_declared(self.stack, self.stack.sandbox, self.wanted)
        return recovery.adopted


@pytest.mark.rest
@pytest.mark.parametrize("run", REQUESTS)
def test_the_matrix_has_every_request_of_every_run(
    stack: EngineStack, sandbox: SandboxServer, run: str
) -> None:
    ran = Scene(stack, run).start().end()
    assert ran.status == 0, ran.text
    assert Counter(request["operation"] for request in sandbox.requests()) == REQUESTS[run]
    requests = sum(sum(operations.values()) for operations in REQUESTS.values())
    assert len(CELLS) == len(set(CELLS)) == 2 * requests
    assert {cell.operation for cell in OF_EACH_KIND & set(CELLS)} == {cell.operation for cell in CELLS}


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(
            cell,
            marks=[pytest.mark.rest] * (cell not in OF_EACH_KIND),
            id="-".join(str(part) for part in cell),
        )
        for cell in CELLS
    ],
)
def test_killed_at_any_request_the_documented_recovery_leaves_all_as_declared(
    stack: EngineStack, sandbox: SandboxServer, record_property: Callable[[str, object], None], cell: Cell
) -> None:
    scene = Scene(stack, cell.run)
    sandbox.fault(FAULTS[cell.moment], cell.operation, skip=cell.nth - 1, seconds=SILENCE)
    run = scene.start()
    run.until(lambda: silent(sandbox) > 0)
    run.kill()
    adopted = scene.recover()
    assert len(adopted) <= 1, "of one operation at a time, one at most is lost from the state"
    record_property("cells", 1)


@pytest.mark.parametrize("moment", ["after", pytest.param("before", marks=pytest.mark.rest)])
def test_killed_with_several_creates_in_flight_nothing_is_lost_and_nothing_twice(
    stack: EngineStack, sandbox: SandboxServer, moment: str
) -> None:
    scene = Scene(stack, "create")
    sandbox.fault(FAULTS[moment], "connect", times=None, seconds=SILENCE)
    run = scene.start(at_once=4)
    run.until(lambda: silent(sandbox) == len(scene.wanted))
    run.kill()
    adopted = scene.recover()
    assert len(adopted) == (len(scene.wanted) if moment == "after" else 0)
    # And what was recovered can be taken away.
    stack.destroy()
    assert sandbox.account() == []
    assert not stack.resources()
