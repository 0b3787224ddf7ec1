"""The token of another account where names are looked up: nothing of that account is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_plusofon import (
    Account,
    ExternalNumber,
    InputError,
    LookupFailedError,
    NumberForwarding,
    get_call_queues,
    get_external_number,
    get_external_numbers,
    get_group,
    get_groups,
    get_registration_status,
    get_scenario,
    get_sip_account,
)
from pulumi_plusofon.stack import declare_numbers
from unit.bad_inputs import SIPURI
from unit.fake_pulumi import OFFICE, listed
from unit.mock_engine import run
from unit.stack_config import configured
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS, THEIRS = 17, 42291
ELSEWHERE = "tok-of-another-account"
GROUPS = Answer(body={"data": [{"id": 9, "name": "Support"}]})
TOLD = f"the token is account {THEIRS}'s, and it must be account {OURS}'s"
NUMBERS = "/api/v1/number/external"
LOOKUPS: dict[str, Callable[..., Any]] = {
    "numbers": get_external_numbers,
    "number": lambda **of: get_external_number(number="+447700900101", **of),
    "registrations": lambda **of: get_registration_status(logins=["900101"], **of),
    "groups": get_groups,
    "group": lambda **of: get_group(name="Support", **of),
    "scenario": lambda **of: get_scenario(name="Support", **of),
    "queues": get_call_queues,
    "sip": lambda **of: get_sip_account(login="100a", **of),
}


@pytest.fixture
def settings(wire: Wire, request: pytest.FixtureRequest) -> Iterator[None]:
    """The stack's settings, which name the account that is meant."""
    request.getfixturevalue("clock")
    with configured(
        plusofon__token=TOKEN,
        plusofon__baseUrl=wire.url,
        plusofon__maxRetries="0",
        plusofon__customerId=str(OURS),
    ):
        yield


def numbers(*forwards: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**SIPURI, "name": f"n{at}", "number": f"+4477009001{at:02}", "forward": forward}
        for at, forward in enumerate(forwards)
    ]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_lookup_with_another_accounts_token_is_refused_before_it_is_asked(wire: Wire, lookup: str) -> None:
    wire.script(listed(OFFICE), GROUPS)
    with pytest.raises(LookupFailedError) as refused:
        run(LOOKUPS[lookup])
    assert str(refused.value).startswith(TOLD)
    assert [asked.path for asked in wire.asked] == [NUMBERS]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("lookup", LOOKUPS)
def test_an_account_beside_the_stack_is_guarded_by_its_own_customer_id(wire: Wire, lookup: str) -> None:
    wire.script(listed(OFFICE), GROUPS)
    with pytest.raises(LookupFailedError) as refused:
        run(lambda: LOOKUPS[lookup](account=Account("second", token=ELSEWHERE, customer_id=OURS)))
    assert str(refused.value).startswith(TOLD)
    assert [asked.path for asked in wire.asked] == [NUMBERS]


@pytest.mark.usefixtures("settings")
def test_an_account_without_a_customer_id_is_not_held_to_the_stacks(wire: Wire) -> None:
    wire.script(GROUPS)
    found: list[int | None] = []
    run(lambda: found.append(get_group(name="Support", account=Account("second", token=ELSEWHERE)).id))
    assert (found, [asked.path for asked in wire.asked]) == ([9], ["/api/v1/groups"])


@pytest.mark.usefixtures("settings")
def test_names_in_data_with_another_accounts_token_are_refused_with_one_look(wire: Wire) -> None:
    wire.script(listed(OFFICE), GROUPS)
    by_name = {"type": "group", "group": "Support", "cli_type": "Y"}
    other = {"type": "scenario", "scenario": "Support", "cli_type": "Y"}
    with pytest.raises(InputError) as refused:
        run(lambda: declare_numbers(numbers(by_name, by_name, other)))
    lines = str(refused.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "numbers[0].forward.group",
        "numbers[2].forward.scenario",
    ]
    assert all(TOLD in line for line in lines)
    assert [asked.path for asked in wire.asked] == [NUMBERS]


@pytest.mark.usefixtures("settings")
def test_ids_of_the_stacks_own_account_need_one_listing_a_run(wire: Wire) -> None:
    wire.script(listed({**OFFICE, "customer_id": OURS}), GROUPS, GROUPS)

    def program() -> None:
        get_group(name="Support")
        get_groups()
        number = ExternalNumber("office", type="sipuri", number="+447700900101", host="a.example")
        NumberForwarding("office", number=number, type="scenario", scenario_id=9, cli_type="Y")

    assert len(run(program)) == 2
    assert [asked.path for asked in wire.asked] == [NUMBERS, "/api/v1/groups", "/api/v1/scenario"]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("customer", "text"),
    [
        (Answer(body={"id": OURS, "success": True}), None),
        (Answer(body={"id": THEIRS, "success": True}), TOLD),
        (refusal(404), f"the account of the token is unknown, and it must be account {OURS}'s"),
        (refusal(401, "no"), "HTTP 401"),
    ],
)
def test_an_account_without_numbers_is_asked_whose_it_is(
    wire: Wire, customer: Answer, text: str | None
) -> None:
    wire.script(listed(), customer, GROUPS)
    if text is None:
        run(lambda: get_group(name="Support"))
        assert len(wire.asked) == 3
        return
    with pytest.raises(LookupFailedError, match=text):
        run(lambda: get_group(name="Support"))
    assert [asked.path for asked in wire.asked] == [NUMBERS, "/api/v1/customer-info"]


@pytest.mark.usefixtures("settings")
def test_a_program_without_lookups_is_not_asked_whose_account_it_is(wire: Wire) -> None:
    def program() -> None:
        number = ExternalNumber("office", type="sipuri", number="+447700900101", host="a.example")
        opts = pulumi.ResourceOptions(protect=True)
        NumberForwarding("office", number=number, type="group", group_id=77, cli_type="Y", opts=opts)

    run(program)
    assert wire.asked == []


def _by_name() -> None:
    support = get_group(name="Support").id
    for at in (101, 102):
        number = ExternalNumber(f"n{at}", type="sipuri", number=f"+447700900{at}", host="a.example")
        NumberForwarding(f"n{at}", number=number, type="group", group_id=support, cli_type="Y")


def _customer(customer_id: int) -> Answer:
    return Answer(body={"id": customer_id, "success": True})


INFO = "/api/v1/customer-info"


def test_names_of_another_account_than_the_states_are_refused(asked_by_programs: Wire) -> None:
    asked_by_programs.script(GROUPS, _customer(THEIRS))
    with pytest.raises(InputError) as refused:
        run(_by_name, customer_id=OURS)
    assert str(refused.value).endswith(
        f": the state has its number in account {OURS}, and the token is account {THEIRS}'s, where names have"
        f" other ids: set the token and the base URL of account {OURS}"
    )
    assert [asked.path for asked in asked_by_programs.asked] == ["/api/v1/groups", INFO]


@pytest.mark.parametrize("customer", [_customer(OURS), refusal(404)])
def test_names_of_the_states_own_account_need_one_more_request_a_run(
    asked_by_programs: Wire, customer: Answer
) -> None:
    asked_by_programs.script(GROUPS, customer)
    assert len(run(_by_name, customer_id=float(OURS))) == 4
    assert [asked.path for asked in asked_by_programs.asked] == ["/api/v1/groups", INFO]


def test_an_account_that_does_not_say_whose_it_is_is_a_warning(
    asked_by_programs: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_given: warned.append(text))
    asked_by_programs.script(GROUPS, refusal(403, "no right"))
    assert len(run(_by_name, customer_id=OURS)) == 4
    [line] = warned
    assert line.startswith("whose account the lookups are of was not checked: ")
    assert "HTTP 403: no right" in line


def test_names_of_numbers_that_the_state_does_not_have_yet_ask_nothing_more(asked_by_programs: Wire) -> None:
    asked_by_programs.script(GROUPS)
    assert len(run(_by_name)) == 4
    assert [asked.path for asked in asked_by_programs.asked] == ["/api/v1/groups"]
