"""Every operation x every fault: what passes is lived through, what lasts is reported, all is done once."""

from __future__ import annotations

import socket
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, numbered, refused
from support.fault_cases import EMPTY_LIST, LASTING, PASSING, PASSING_LISTS, TIMEOUT, FaultCase, expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_plusofon.testing import SandboxServer

    Counted = Callable[[int], None]

Spec = dict[str, dict[str, Any]]


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Counted:
    """Counts the cells that a test has shown, for the report."""
    return lambda cells: record_property("cells", cells)


def _number(place: int) -> str:
    return f"447700900{place:03}"


def _ate(stack: EngineStack, place: int, forward: str = "", **more: Any) -> dict[str, Any]:
    entry = numbered(place, stack.secret, **more)
    return {**entry, "forwards": {f"f{place}": ONE_OF_EACH[forward]}} if forward else entry


def _check(stack: EngineStack, spec: Spec) -> None:
    """The account is the program, the state is the account, and nothing was sent that the API refuses."""
    assert held_account(stack.sandbox) == expected_account(spec)
    assert not refused(stack.sandbox)
    _check_state(stack)


def _check_state(stack: EngineStack, errors: Iterable[str] = ()) -> None:
    """State and account agree, but for numbers that an error has named; and no number was connected twice."""
    account = {str(held["id"]): held["number"] for held in stack.sandbox.account()}
    resources = stack.resources().items()
    state = {one["id"]: one["outputs"]["number"] for name, one in resources if name.startswith("External")}
    assert state.items() <= account.items(), "the state has a number that does not exist"
    unknown = account.items() - state.items()
    assert all(any(number in text for text in errors) for _, number in unknown), f"nobody knows of {unknown}"
    forwarded = {one["id"].rpartition("/")[2] for name, one in resources if name.startswith("NumberF")}
    assert forwarded <= account.keys(), "the state has a forwarding of a number that does not exist"
    connected = Counter(
        one["body"]["number"]
        for one in stack.sandbox.requests()
        if one["operation"] == "connect" and one["wrote"]
    )
    assert not [number for number, writes in connected.items() if writes > 1], "connected twice"


def _check_struck(sandbox: SandboxServer) -> int:
    """Withdraw the orders, of which each was carried out; how many there were."""
    orders = sandbox.faults()
    assert not [order for order in orders if not order["done"]], "these faults never happened"
    sandbox.clear_faults()
    return len(orders)


def _check_empty(stack: EngineStack) -> None:
    assert not stack.resources()
    assert stack.sandbox.account() == []


def _each_its_own(sandbox: SandboxServer, operation: str) -> None:
    for place, case in enumerate(PASSING):
        sandbox.fault(**case.order(operation=operation, number=_number(place)))


def _every_other(sandbox: SandboxServer, operation: str, cases: Iterable[FaultCase]) -> None:
    """One fault after the other, each on a request of its own, whose repetition is let through."""
    for place, case in enumerate(cases):
        sandbox.fault(**case.order(operation=operation, skip=place))


def test_every_write_survives_a_transient_fault(
    stack: EngineStack, sandbox: SandboxServer, count: Counted
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cells = 0
    for writes, forward, host in (
        (("connect", "forward"), "group", "sip.operator.example"),
        (("update", "forward"), "sip_uri", "other.example"),
    ):
        for operation in writes:
            _each_its_own(sandbox, operation)
        spec = {case.name: _ate(stack, place, forward, host=host) for place, case in enumerate(PASSING)}
        stack.up(spec)
        cells += _check_struck(sandbox)
        _check(stack, spec)
    for operation in ("forward", "disconnect"):
        _each_its_own(sandbox, operation)
    stack.destroy()
    cells += _check_struck(sandbox)
    _check_empty(stack)
    count(cells)


def test_every_write_survives_a_transient_fault_of_the_list_or_status(
    stack: EngineStack, sandbox: SandboxServer, count: Counted
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cells = 0
    for host in ("sip.operator.example", "other.example"):
        _every_other(sandbox, "list", PASSING_LISTS)
        _every_other(sandbox, "status", PASSING)
        spec = {
            case.name: _ate(stack, place, host=host, wait_for_registration=60)
            for place, case in enumerate(PASSING_LISTS)
        }
        # One at a time, so that each number has a list and a status of its own to fail.
        stack.up(spec, "--parallel", "1")
        cells += _check_struck(sandbox)
        _check(stack, spec)
    stack.destroy()
    _check_empty(stack)
    count(cells)


@pytest.mark.parametrize("half", [0, 1])
def test_a_passing_fault_of_the_list_loses_nothing_in_a_refresh_or_a_delete(
    stack: EngineStack, sandbox: SandboxServer, count: Counted, half: int
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cases = PASSING_LISTS[half::2]
    spec = {case.name: _ate(stack, place, "group") for place, case in enumerate(cases)}
    stack.up(spec)
    cells = 0
    for case in cases:
        sandbox.fault(**case.order(operation="list"))
        stack.refresh()
        cells += _check_struck(sandbox)
        sandbox.fault(**case.order(operation="list"))
        del spec[case.name]
        # A number that the refresh has lost would be refused here as connected already.
        stack.up(spec)
        cells += _check_struck(sandbox)
        _check(stack, spec)
    _check_empty(stack)
    count(cells)


def _once(said: dict[str, str]) -> str:
    """What a command tells in full of a list that failed: for one resource; the others point to it."""
    short = "listing the external numbers: failed (reported once, see above or below)"
    (whole,) = (text for text in said.values() if text != short)
    return whole


@pytest.mark.parametrize("case", LASTING, ids=lambda case: case.name)
def test_a_lasting_fault_of_any_operation_is_reported_and_the_next_up_converges(
    stack: EngineStack, sandbox: SandboxServer, count: Counted, case: FaultCase
) -> None:
    stack.environment |= {"PLUSOFON_TIMEOUT": TIMEOUT, "PLUSOFON_MAX_RETRIES": "1"}

    def last(operation: str, place: int | None = None) -> None:
        number = None if place is None else _number(place)
        sandbox.fault(**case.order(operation=operation, number=number, times=None))

    # What was done without an answer is found to be done: there is nothing to tell.
    connecting = {} if case.done else {"n0": f"connecting {_number(0)}: {case.expected}"}
    disconnecting = {} if case.done else {"n4": f"disconnecting {_number(4)}: {case.expected}"}
    waited = f"{_number(6)}: reading the registration status: {case.reason}"
    last("connect", 0)
    last("forward", 1)
    last("status")
    spec = {f"n{place}": _ate(stack, place, "group" if place in {1, 3, 5} else "") for place in range(6)}
    spec["n6"] = _ate(stack, 6, wait_for_registration=60)
    said = stack.up(spec, "--continue-on-error", status=None).text
    ids = {held["number"]: held["id"] for held in sandbox.account()}
    created = {"f1": f"forwarding ate/{ids[_number(1)]} ({_number(1)}): {case.expected}", **connecting}
    assert expected(said) == created
    assert f"{waited}; the number is connected, and the next `pulumi up` waits again" in said
    _check_state(stack, created.values())

    sandbox.clear_faults()
    for operation, place in (("update", 2), ("forward", 3), ("disconnect", 4), ("forward", 5)):
        last(operation, place)
    last("status")
    spec["n2"]["host"] = "other.example"
    spec["n3"] = _ate(stack, 3, "sip_uri")
    wanted = {name: entry for name, entry in spec.items() if name not in {"n4", "n5"}}
    changed = {
        "n2": f"updating {_number(2)}: {case.expected}",
        "f3": f"forwarding ate/{ids[_number(3)]} ({_number(3)}): {case.expected}",
        "f5": f"clearing the forwarding of ate/{ids[_number(5)]} ({_number(5)}): {case.expected}",
        "n6": f"{waited}: check login, secret and host, and run `pulumi up` again",
        **disconnecting,
    }
    assert expected(stack.up(wanted, "--continue-on-error", status=None).text) == changed
    _check_state(stack, changed.values())

    sandbox.clear_faults()
    stack.up()
    assert held_account(sandbox) == expected_account(wanted)
    _check_state(stack)

    before = sandbox.account(), stack.resources().keys()
    last("list")
    listing = f"listing the external numbers: {case.expected_of_a_read}"
    more = {**wanted, "n2": _ate(stack, 2), "n7": _ate(stack, 7)}
    stack.declare(more)
    for command in (stack.up, stack.refresh, stack.destroy):
        assert _once(expected(command(status=None).text)) == listing
    assert before == (sandbox.account(), stack.resources().keys())

    sandbox.clear_faults()
    stack.destroy()
    _check_empty(stack)
    count(11)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (EMPTY_LIST.order(), f"the API answered success for {_number(0)} and does not list it"),
        # The list of an empty account is asked for twice before the PUT.
        ({"kind": "html", "skip": 2}, "listing the external numbers: the answer is not the API's JSON"),
    ],
    ids=["empty-list", "html"],
)
def test_a_number_that_is_connected_and_never_listed_is_reported_and_can_be_adopted(
    stack: EngineStack, sandbox: SandboxServer, count: Counted, order: dict[str, Any], reason: str
) -> None:
    stack.environment["PLUSOFON_MAX_RETRIES"] = "1"
    sandbox.fault(operation="list", times=None, **order)
    spec = {"n0": _ate(stack, 0, "group")}
    errors = expected(stack.up(spec, status=None).text)
    assert errors["n0"].startswith(
        f"{reason}; {_number(0)} is connected in the account and is not in Pulumi's state"
    )
    _check_state(stack, errors.values())
    sandbox.clear_faults()
    assert "adopt=True" in expected(stack.up(status=None).text)["n0"]
    spec["n0"]["adopt"] = True
    stack.up(spec)
    _check(stack, spec)
    count(1)


def test_an_empty_list_before_a_create_sends_no_put_for_a_number_that_is_there(
    stack: EngineStack, sandbox: SandboxServer, count: Counted
) -> None:
    spec = {"n0": _ate(stack, 0, "group", adopt=True)}
    seeded = {name: spec["n0"][name] for name in ("type", "number", "login", "secret")}
    sandbox.seed({**seeded, "host": "old.example", "port": 5060})
    sandbox.fault(**EMPTY_LIST.order(operation="list"))
    stack.up(spec)
    _check(stack, spec)
    assert not any(one["operation"] == "connect" for one in sandbox.requests())
    count(_check_struck(sandbox))


def test_an_api_that_refuses_connections_is_reported_and_changes_nothing(
    stack: EngineStack, sandbox: SandboxServer, count: Counted
) -> None:
    # Held, but not listening: nobody else can take the port while it refuses.
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        advice = "nothing was sent: check the network and plusofon:baseUrl"
        listing = f"listing the external numbers: no connection to {url}; {advice}"
        away = {"PLUSOFON_BASE_URL": url, "PLUSOFON_MAX_RETRIES": "1"}
        here = {name: stack.environment.get(name, "5") for name in away}
        spec = {"n0": _ate(stack, 0, "group")}
        stack.environment |= away
        assert _once(expected(stack.up(spec, status=None).text)) == listing
        assert sandbox.requests() == []
        stack.environment |= here
        stack.up(spec)
        _check(stack, spec)
        stack.environment |= away
        stack.declare(changed := {"n0": _ate(stack, 0, "group", host="other.example")})
        for command in (stack.up, stack.refresh, stack.destroy):
            assert _once(expected(command(status=None).text)) == listing
        stack.environment |= here
    _check(stack, spec)
    stack.up()
    _check(stack, changed)
    count(4)
