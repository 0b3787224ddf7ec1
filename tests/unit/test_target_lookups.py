"""Lookups of SIP accounts, groups, scenarios and call queues, by a program while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_plusofon import (
    Account,
    LookupFailedError,
    Target,
    get_call_queue,
    get_call_queues,
    get_external_numbers,
    get_group,
    get_groups,
    get_registration_status,
    get_scenario,
    get_scenarios,
    get_sip_account,
    get_sip_accounts,
)
from unit.mock_engine import run
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE = {"id": 4, "name": "Reception", "number": 100, "login": "100a"}
LISTED = Answer(body={"data": [OFFICE, {"id": 9, "name": "Support"}]})
EMPTY = Answer(body={"external_numbers": [], "success": True})
ELSEWHERE = "tok-of-another-account"


@pytest.fixture(autouse=True)
def account(asked_by_programs: Wire) -> None:
    """The account of the stack's configuration, which lists these targets."""
    asked_by_programs.script(LISTED)


def asked(program: Callable[[], Any]) -> Any:
    """What `program` answers in a run of its own."""
    answers: list[Any] = []
    run(lambda: answers.append(program()))
    return answers[0]


def bearers(wire: Wire) -> list[str]:
    return [request.headers["Authorization"].removeprefix("Bearer ") for request in wire.asked]


@pytest.mark.parametrize(
    ("several", "single", "path"),
    [
        (get_sip_accounts, get_sip_account, "/api/v1/sip"),
        (get_groups, get_group, "/api/v1/groups"),
        (get_scenarios, get_scenario, "/api/v1/scenario"),
        (get_call_queues, get_call_queue, "/api/v1/call-queues"),
    ],
)
def test_lists_and_names_of_a_kind_share_one_request_a_run(
    wire: Wire, several: Any, single: Any, path: str
) -> None:
    def program() -> Any:
        return [target.name for target in several()], single(name="Support").id, single(name="Reception").id

    assert asked(program) == (["Reception", "Support"], 9, 4)
    assert [request.path for request in wire.asked] == [path]
    asked(program)
    assert len(wire.asked) == 2


@pytest.mark.parametrize(
    "given", [{"name": "Reception"}, {"number": 100}, {"number": "100"}, {"login": "100a"}]
)
def test_a_sip_account_is_found_by_name_number_or_login(given: dict[str, Any]) -> None:
    assert asked(lambda: get_sip_account(**given)) == Target(4, "Reception", "100", "100a")


@pytest.mark.parametrize("given", [{}, {"name": "Reception", "login": "100a"}])
def test_a_sip_account_is_looked_up_by_one_thing(wire: Wire, given: dict[str, Any]) -> None:
    with pytest.raises(LookupFailedError, match="give one of name, number, login"):
        asked(lambda: get_sip_account(**given))
    assert wire.asked == []


@pytest.mark.parametrize("name", ["", "  ", True, None, ["Support"], 1.5, pulumi.Output])
def test_a_bad_name_is_refused_before_anything_is_sent(wire: Wire, name: Any) -> None:
    with pytest.raises(LookupFailedError, match="name: must be a text that is known when the program runs"):
        asked(lambda: get_group(name=name))
    assert wire.asked == []


def test_a_name_that_is_not_there_is_one_line_with_candidates() -> None:
    with pytest.raises(LookupFailedError) as refused:
        asked(lambda: get_group(name="<{%bold%}>"))
    assert str(refused.value) == 'the account has no group "<{ %bold% }>"; it has Reception, Support'


def test_a_list_that_is_refused_is_one_line(wire: Wire) -> None:
    wire.script(refusal(401, f"bad token {TOKEN}"))
    with pytest.raises(LookupFailedError, match=r"listing the groups: HTTP 401: bad token \[secret\]"):
        asked(lambda: get_group(name="Support"))


def test_an_account_beside_the_stack_is_asked_with_its_own_token(wire: Wire) -> None:
    def program() -> Any:
        second = Account("second", token=ELSEWHERE)
        return get_group(name="Support", account=second).id, get_group(name="Support").id

    assert asked(program) == (9, 9)
    assert bearers(wire) == [ELSEWHERE, TOKEN]


def test_numbers_and_registrations_of_an_account_beside_are_its_own(wire: Wire) -> None:
    wire.script(EMPTY, Answer(body={"status": [], "success": True}))

    def program() -> Any:
        second = Account("second", token=ELSEWHERE)
        return get_external_numbers(account=second), get_registration_status(logins=[], account=second)

    assert asked(program) == ((), ())
    assert bearers(wire) == [ELSEWHERE, ELSEWHERE]


def test_an_account_whose_token_is_promised_cannot_be_asked(wire: Wire) -> None:
    def program() -> Any:
        second = Account("second", token=pulumi.Output.secret(ELSEWHERE))
        return get_groups(account=second)

    with pytest.raises(LookupFailedError, match="its token is an Output, and a lookup needs it"):
        asked(program)
    assert wire.asked == []
