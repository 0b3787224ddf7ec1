"""Scenarios of faults, as runs of a stack on the engine or of the providers alone.

A scenario ends where account, state and program agree; what it returns is how many cells of the matrix it has
shown.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Protocol

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, numbered, refused
from support.fault_cases import EMPTY_LIST, PASSING, TIMEOUT, FaultCase, expected
from support.provider_stack import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_plusofon.testing import SandboxServer

Spec = dict[str, dict[str, Any]]

# The orders by which a number is connected and never listed, and why its create fails then.
NEVER_LISTED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "empty-list": (EMPTY_LIST.order(), f"after {TIMEOUT} s the account does not list it"),
    # The list of an empty account is asked for twice before the PUT.
    "html": (
        {"kind": "html", "skip": 2},
        "the account could not be listed (listing the external numbers: the answer is not the API's JSON)",
    ),
}


class Runs(Protocol):
    """Runs of one stack: `EngineRuns`, or `support.provider_stack.ProviderStack`.

    A run must fail exactly if the scenario says that it `fails`.
    """

    sandbox: SandboxServer
    secret: str
    environment: dict[str, str]

    def up(self, spec: Spec | None = None, *, fails: bool = False) -> Outcome:
        """Of the program as it is, or of `spec` from now on."""
        ...

    def refresh(self, *, fails: bool = False) -> Outcome: ...

    def destroy(self, *, fails: bool = False) -> Outcome: ...

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by "Kind name"."""
        ...


class EngineRuns:
    """Runs of a stack on the engine."""

    def __init__(self, stack: EngineStack) -> None:
        self._stack = stack
        self.sandbox = stack.sandbox
        self.secret = stack.secret
        self.environment = stack.environment

    def up(self, spec: Spec | None = None, *, fails: bool = False) -> Outcome:
        ran = self._stack.up(spec, "--continue-on-error", status=_status(fails=fails))
        return Outcome(expected(ran.text), ran.text)

    def refresh(self, *, fails: bool = False) -> Outcome:
        ran = self._stack.refresh(status=_status(fails=fails))
        return Outcome(expected(ran.text), ran.text)

    def destroy(self, *, fails: bool = False) -> Outcome:
        ran = self._stack.destroy(status=_status(fails=fails))
        return Outcome(expected(ran.text), ran.text)

    def resources(self) -> dict[str, dict[str, Any]]:
        return self._stack.resources()


def _status(*, fails: bool) -> int | None:
    return None if fails else 0


def phone(place: int) -> str:
    return f"447700900{place:03}"


def ate(runs: Runs, place: int, forward: str = "", **more: Any) -> dict[str, Any]:
    entry = numbered(place, runs.secret, **more)
    return {**entry, "forwards": {f"f{place}": ONE_OF_EACH[forward]}} if forward else entry


def check(runs: Runs, spec: Spec) -> None:
    """The account is the program, the state is the account, and nothing was sent that the API refuses."""
    assert held_account(runs.sandbox) == expected_account(spec)
    assert not refused(runs.sandbox)
    check_state(runs)


def check_state(runs: Runs, errors: Iterable[str] = ()) -> None:
    """State and account agree, but for numbers that an error has named; and no number was connected twice."""
    account = {str(held["id"]): held["number"] for held in runs.sandbox.account()}
    resources = runs.resources().items()
    state = {
        resource["id"]: resource["outputs"]["number"]
        for name, resource in resources
        if name.startswith("External")
    }
    assert state.items() <= account.items(), "the state has a number that does not exist"
    unknown = account.items() - state.items()
    assert all(any(number in text for text in errors) for _, number in unknown), f"no error names {unknown}"
    forwarded = {
        resource["id"].rpartition("/")[2] for name, resource in resources if name.startswith("NumberF")
    }
    assert forwarded <= account.keys(), "the state has a forwarding of a number that does not exist"
    connected = Counter(
        request["body"]["number"]
        for request in runs.sandbox.requests()
        if request["operation"] == "connect" and request["wrote"]
    )
    assert not [number for number, writes in connected.items() if writes > 1], "connected twice"


def check_struck(sandbox: SandboxServer) -> int:
    """Withdraw the orders, of which each was carried out; how many there were."""
    orders = sandbox.faults()
    assert not [order for order in orders if not order["done"]], "these faults never happened"
    sandbox.clear_faults()
    return len(orders)


def check_empty(runs: Runs) -> None:
    assert not runs.resources()
    assert runs.sandbox.account() == []


def each_its_own(sandbox: SandboxServer, operation: str) -> None:
    """Each passing fault, on `operation` of a number of its own."""
    for place, case in enumerate(PASSING):
        sandbox.fault(**case.order(operation=operation, number=phone(place)))


def every_other(sandbox: SandboxServer, operation: str, cases: Iterable[FaultCase]) -> None:
    """One fault after the other, each on a request of its own, whose repetition is let through."""
    for place, case in enumerate(cases):
        sandbox.fault(**case.order(operation=operation, skip=place))


def once(said: dict[str, str]) -> str:
    """What a command tells in full of a list that failed: for one resource; the others point to it."""
    short = "listing the external numbers: failed (reported once, see above or below)"
    (whole,) = (text for text in said.values() if text != short)
    return whole


def passing_fault_of_every_write(runs: Runs) -> int:
    """Each write of each number fails once, in ups and in a destroy."""
    runs.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cells = 0
    for writes, forward, host in (
        (("connect", "forward"), "group", "sip.operator.example"),
        (("update", "forward"), "sip_uri", "other.example"),
    ):
        for operation in writes:
            each_its_own(runs.sandbox, operation)
        spec = {case.name: ate(runs, place, forward, host=host) for place, case in enumerate(PASSING)}
        runs.up(spec)
        cells += check_struck(runs.sandbox)
        check(runs, spec)
    for operation in ("forward", "disconnect"):
        each_its_own(runs.sandbox, operation)
    runs.destroy()
    cells += check_struck(runs.sandbox)
    check_empty(runs)
    return cells


def passing_fault_of_the_list(runs: Runs, cases: Sequence[FaultCase]) -> int:
    """Each list fails once in a refresh, and once in an `up` that deletes."""
    runs.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    spec = {case.name: ate(runs, place, "group") for place, case in enumerate(cases)}
    runs.up(spec)
    cells = 0
    for case in cases:
        runs.sandbox.fault(**case.order(operation="list"))
        runs.refresh()
        cells += check_struck(runs.sandbox)
        runs.sandbox.fault(**case.order(operation="list"))
        del spec[case.name]
        # A number that the refresh has lost would be refused here as connected already.
        runs.up(spec)
        cells += check_struck(runs.sandbox)
        check(runs, spec)
    check_empty(runs)
    return cells


def lasting_fault(runs: Runs, case: FaultCase) -> int:
    """Every operation fails for ever, each is reported; without the fault the next `up` converges."""
    runs.environment |= {"PLUSOFON_TIMEOUT": TIMEOUT, "PLUSOFON_MAX_RETRIES": "1"}
    sandbox = runs.sandbox

    def last(operation: str, place: int | None = None) -> None:
        number = None if place is None else phone(place)
        sandbox.fault(**case.order(operation=operation, number=number, times=None))

    # What was done without an answer is found to be done: there is nothing to tell.
    connecting = {} if case.done else {"n0": f"connecting {phone(0)}: {case.expected}"}
    disconnecting = {} if case.done else {"n4": f"disconnecting {phone(4)}: {case.expected}"}
    waited = f"{phone(6)}: reading the registration status: {case.reason}"
    last("connect", 0)
    last("forward", 1)
    last("status")
    spec = {f"n{place}": ate(runs, place, "group" if place in {1, 3, 5} else "") for place in range(6)}
    spec["n6"] = ate(runs, 6, wait_for_registration=60)
    ran = runs.up(spec, fails=True)
    ids = {held["number"]: held["id"] for held in sandbox.account()}
    created = {"f1": f"forwarding ate/{ids[phone(1)]} ({phone(1)}): {case.expected}", **connecting}
    assert ran.errors == created
    assert f"{waited}; the number is connected, and the next `pulumi up` waits again" in ran.text
    check_state(runs, created.values())

    sandbox.clear_faults()
    for operation, place in (("update", 2), ("forward", 3), ("disconnect", 4), ("forward", 5)):
        last(operation, place)
    last("status")
    spec["n2"]["host"] = "other.example"
    spec["n3"] = ate(runs, 3, "sip_uri")
    wanted = {name: entry for name, entry in spec.items() if name not in {"n4", "n5"}}
    changed = {
        "n2": f"updating {phone(2)}: {case.expected}",
        "f3": f"forwarding ate/{ids[phone(3)]} ({phone(3)}): {case.expected}",
        "f5": f"clearing the forwarding of ate/{ids[phone(5)]} ({phone(5)}): {case.expected}",
        "n6": f"{waited}: check login, secret and host, and run `pulumi up` again",
        **disconnecting,
    }
    assert runs.up(wanted, fails=True).errors == changed
    check_state(runs, changed.values())

    sandbox.clear_faults()
    runs.up()
    assert held_account(sandbox) == expected_account(wanted)
    check_state(runs)

    before = sandbox.account(), runs.resources().keys()
    last("list")
    listing = f"listing the external numbers: {case.expected_of_a_read}"
    assert once(runs.up({**wanted, "n2": ate(runs, 2), "n7": ate(runs, 7)}, fails=True).errors) == listing
    assert once(runs.refresh(fails=True).errors) == listing
    assert once(runs.destroy(fails=True).errors) == listing
    assert before == (sandbox.account(), runs.resources().keys())

    sandbox.clear_faults()
    runs.destroy()
    check_empty(runs)
    return 11


def never_listed(runs: Runs, order: dict[str, Any], reason: str) -> int:
    """A number that is connected and never listed is named, and taken over by the `up` that adopts it."""
    runs.environment |= {"PLUSOFON_TIMEOUT": TIMEOUT, "PLUSOFON_MAX_RETRIES": "1"}
    runs.sandbox.fault(operation="list", times=None, **order)
    spec = {"n0": ate(runs, 0, "group")}
    errors = runs.up(spec, fails=True).errors
    answered = f"connecting {phone(0)}: the API answered success, and {reason}"
    assert errors["n0"].startswith(f"{answered}; the number is not in Pulumi's state")
    check_state(runs, errors.values())
    runs.sandbox.clear_faults()
    assert "adopt=True" in runs.up(fails=True).errors["n0"]
    spec["n0"]["adopt"] = True
    runs.up(spec)
    check(runs, spec)
    return 1
