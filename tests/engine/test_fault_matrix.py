"""Every operation x every fault: what passes is lived through, what lasts is told, and nothing is done twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, refused
from fault_cases import PASSING, PASSING_LISTS, TIMEOUT, FaultCase

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from sandbox_server import SandboxServer

Spec = dict[str, dict[str, Any]]


def _number(place: int) -> str:
    return f"447700900{place:03}"


def _ate(stack: EngineStack, place: int, forward: str = "", **more: Any) -> dict[str, Any]:
    entry = {
        "type": "ate",
        "number": _number(place),
        "host": "sip.operator.example",
        "login": f"user{place}",
        "secret": stack.secret,
        **more,
    }
    return {**entry, "forwards": {f"f{place}": ONE_OF_EACH[forward]}} if forward else entry


def _check(stack: EngineStack, spec: Spec) -> None:
    """The account is the program, the state is the account, and nothing was sent that the server refused."""
    assert held_account(stack.sandbox) == expected_account(spec)
    _check_state(stack)
    assert not refused(stack.sandbox), "every request of ours was one that the API takes"


def _check_state(stack: EngineStack, said: str = "") -> None:
    """State and account agree, but for numbers that an error has named; and no number was connected twice."""
    account = {str(held["id"]): held["number"] for held in stack.sandbox.account()}
    ours = stack.resources()
    state = {
        one["id"]: one["outputs"]["number"] for name, one in ours.items() if name.startswith("ExternalNumber")
    }
    assert state.items() <= account.items(), "the state says that something exists which does not"
    unknown = [number for number in set(account.values()) - set(state.values()) if number not in said]
    assert not unknown, "a number exists which neither the state nor an error knows"
    forwarded = {one["id"].rpartition("/")[2] for name, one in ours.items() if name.startswith("NumberF")}
    assert forwarded <= account.keys(), "the state has a forwarding of a number that does not exist"
    twice = [number for number, writes in _connected(stack.sandbox).items() if writes > 1]
    assert not twice, "a number was connected twice"


def _connected(sandbox: SandboxServer) -> Counter[str]:
    """How often each number was connected by a request."""
    requests = sandbox.requests()
    return Counter(
        str(one["body"]["number"]) for one in requests if one["operation"] == "connect" and one["wrote"]
    )


def _check_struck(sandbox: SandboxServer, record: pytest.FixtureRequest | None = None) -> int:
    """Each order in force was carried out; how many there were. They are withdrawn."""
    orders = sandbox.faults()
    idle = [order for order in orders if not order["done"]]
    assert not idle, "these faults never happened"
    sandbox.clear_faults()
    return len(orders)


def _each_its_own(sandbox: SandboxServer, operation: str, cases: Iterable[FaultCase] = PASSING) -> None:
    for place, case in enumerate(cases):
        sandbox.fault(**case.order(operation=operation, number=_number(place)))


def _every_other(sandbox: SandboxServer, operation: str, cases: Iterable[FaultCase]) -> None:
    """One fault after the other, each on a request of its own, whose repetition is let through."""
    for place, case in enumerate(cases):
        sandbox.fault(**case.order(operation=operation, skip=place))


def test_a_passing_fault_of_any_write_is_lived_through(
    stack: EngineStack, sandbox: SandboxServer, record_property: Any
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cells = 0
    spec = {f"n{place}": _ate(stack, place, "group") for place in range(len(PASSING))}

    for operation in ("connect", "forward"):
        _each_its_own(sandbox, operation)
    stack.up(spec)
    cells += _check_struck(sandbox)
    _check(stack, spec)

    for operation in ("update", "forward"):
        _each_its_own(sandbox, operation)
    spec = {f"n{place}": _ate(stack, place, "sip_uri", host="other.example") for place in range(len(PASSING))}
    stack.up(spec)
    cells += _check_struck(sandbox)
    _check(stack, spec)

    for operation in ("forward", "disconnect"):
        _each_its_own(sandbox, operation)
    stack.destroy()
    cells += _check_struck(sandbox)
    assert not stack.resources()
    assert sandbox.account() == []
    record_property("cells", cells)


def test_a_passing_fault_of_any_read_is_lived_through(
    stack: EngineStack, sandbox: SandboxServer, record_property: Any
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cells = 0
    places = range(len(PASSING_LISTS))

    # One at a time, so that each number has a list and a status of its own to fail.
    for host in ("sip.operator.example", "other.example"):
        _every_other(sandbox, "list", PASSING_LISTS)
        _every_other(sandbox, "status", PASSING)
        spec = {f"n{place}": _ate(stack, place, host=host, wait_for_registration=60) for place in places}
        stack.up(spec, "--parallel", "1")
        cells += _check_struck(sandbox)
        _check(stack, spec)

    for case in PASSING_LISTS:
        sandbox.fault(**case.order(operation="list"))
        stack.refresh()
        cells += _check_struck(sandbox)
        _check(stack, spec)

    for place, case in enumerate(PASSING_LISTS):
        sandbox.fault(**case.order(operation="list"))
        del spec[f"n{place}"]
        stack.up(spec)
        cells += _check_struck(sandbox)
        _check(stack, spec)
    record_property("cells", cells)
