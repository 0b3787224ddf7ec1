"""Every operation x every fault without the engine: what passes is lived through, what lasts is reported.

`tests/engine/test_fault_matrix.py` shows the same scenarios on the engine, with some of the faults.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from support.fault_cases import EMPTY_LIST, LASTING, PASSING, PASSING_LISTS, TIMEOUT, FaultCase
from support.fault_scenarios import (
    NEVER_LISTED,
    ate,
    check,
    check_empty,
    check_struck,
    every_other,
    lasting_fault,
    never_listed,
    once,
    passing_fault_of_every_write,
    passing_fault_of_the_list,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.provider_stack import ProviderStack

    Record = Callable[[str, object], None]


def test_a_passing_fault_of_each_write_is_lived_through(
    stack: ProviderStack, record_property: Record
) -> None:
    record_property("cells", passing_fault_of_every_write(stack))


def test_a_passing_fault_of_the_list_or_status_is_lived_through_by_each_write(
    stack: ProviderStack, record_property: Record
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = TIMEOUT
    cells = 0
    for host in ("sip.operator.example", "other.example"):
        every_other(stack.sandbox, "list", PASSING_LISTS)
        every_other(stack.sandbox, "status", PASSING)
        spec = {
            case.name: ate(stack, place, host=host, wait_for_registration=60)
            for place, case in enumerate(PASSING_LISTS)
        }
        # One at a time, so that each number has a list and a status of its own to fail.
        stack.up(spec)
        cells += check_struck(stack.sandbox)
        check(stack, spec)
    stack.destroy()
    check_empty(stack)
    record_property("cells", cells)


def test_a_passing_fault_of_the_list_takes_nothing_for_gone(
    stack: ProviderStack, record_property: Record
) -> None:
    record_property("cells", passing_fault_of_the_list(stack, PASSING_LISTS))


@pytest.mark.parametrize(
    "case",
    # Without an engine its lists are asked for one after the other, and each has its timeout.
    [pytest.param(case, marks=[pytest.mark.rest] * (case.kind == "slow"), id=case.name) for case in LASTING],
)
def test_a_lasting_fault_is_reported_for_each_operation_and_the_next_run_converges(
    stack: ProviderStack, record_property: Record, case: FaultCase
) -> None:
    record_property("cells", lasting_fault(stack, case))


@pytest.mark.parametrize(("order", "reason"), NEVER_LISTED.values(), ids=NEVER_LISTED)
def test_a_number_connected_and_never_listed_is_reported_and_adopted(
    stack: ProviderStack, record_property: Record, order: dict[str, Any], reason: str
) -> None:
    record_property("cells", never_listed(stack, order, reason))


def test_an_empty_list_before_a_create_sends_no_put_for_a_number_that_is_there(
    stack: ProviderStack, record_property: Record
) -> None:
    spec = {"n0": ate(stack, 0, "group", adopt=True)}
    seeded = {name: spec["n0"][name] for name in ("type", "number", "login", "secret")}
    stack.sandbox.seed({**seeded, "host": "old.example", "port": 5060})
    stack.sandbox.fault(**EMPTY_LIST.order(operation="list"))
    stack.up(spec)
    check(stack, spec)
    assert not any(request["operation"] == "connect" for request in stack.sandbox.requests())
    record_property("cells", check_struck(stack.sandbox))


def test_an_api_that_refuses_connections_is_reported_and_changes_nothing(
    stack: ProviderStack, record_property: Record
) -> None:
    # Held, but not listening: nothing else can take the port while it refuses.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        advice = "nothing was sent: check the network and plusofon:baseUrl"
        listing = f"listing the external numbers: no connection to {url}; {advice}"
        here = dict(stack.environment)
        away = {**here, "PLUSOFON_BASE_URL": url, "PLUSOFON_MAX_RETRIES": "1"}
        spec = {"n0": ate(stack, 0, "group")}
        stack.environment = away
        assert once(stack.up(spec, fails=True).errors) == listing
        assert stack.sandbox.requests() == []
        stack.environment = here
        stack.up(spec)
        check(stack, spec)
        stack.environment = away
        changed = {"n0": ate(stack, 0, "group", host="other.example")}
        assert once(stack.up(changed, fails=True).errors) == listing
        assert once(stack.refresh(fails=True).errors) == listing
        assert once(stack.destroy(fails=True).errors) == listing
        stack.environment = here
    check(stack, spec)
    stack.up()
    check(stack, changed)
    record_property("cells", 4)
