"""An account that is not the one of the settings: another environment's token, or address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import (
    ApiError,
    ListedNumber,
    MaybeDoneError,
    NotFoundError,
    NotSentError,
    ServerError,
)
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.session import AccountSession, WrongAccountError
from unit.bad_inputs import SIP
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

# The accounts of these tests are 42291's.
OURS, THEIRS = 17, 42291
INPUTS = {"type": "sipuri", "number": "79104445599", "host": "sip.example.com"}
NUMBER = {"type": "ate", "number": "79104445566", "number_id": 17, "host": "sip.example.com"}
TOLD = rf"the token is account {THEIRS}'s, and it must be account {OURS}'s \(plusofon:customerId, or"


def _account(*listed: ListedNumber, wanted: int | None = OURS) -> tuple[AccountSession, FakeClient]:
    client = FakeClient(*listed)
    client.settings = replace(client.settings, customer_id=wanted)
    return AccountSession(client), client


def _entry(customer_id: int | None) -> ListedNumber:
    return ListedNumber(17, "ate", "79104445566", customer_id=customer_id)


@pytest.mark.parametrize("step", ["create", "update", "read", "delete", "forward", "clear"])
def test_another_accounts_list_stops_every_step_before_anything_is_written(step: str) -> None:
    account, client = _account(_entry(THEIRS))
    steps: dict[str, Callable[[], object]] = {
        "create": lambda: EXTERNAL_NUMBER.create(account, INPUTS),
        "update": lambda: EXTERNAL_NUMBER.update(account, "17", NUMBER, {**NUMBER, "host": "b.example"}),
        "read": lambda: EXTERNAL_NUMBER.read(account, "17", NUMBER),
        "delete": lambda: EXTERNAL_NUMBER.delete(account, "17", NUMBER),
        "forward": lambda: FORWARDING.create(account, SIP),
        "clear": lambda: FORWARDING.delete(account, "ate/17", SIP),
    }
    with pytest.raises(WrongAccountError, match=TOLD):
        steps[step]()
    assert client.methods() == ["list"]


@pytest.mark.parametrize("listed", [[], [_entry(None)]], ids=["an empty list", "a list without customers"])
def test_customer_info_is_asked_where_the_list_does_not_show_the_account(listed: list[ListedNumber]) -> None:
    account, client = _account(*listed)
    client.customer = OURS
    assert account.find(INPUTS["number"]) is None
    assert client.methods().count("customer") == 1
    account, client = _account(*listed)
    with pytest.raises(WrongAccountError, match=TOLD):
        EXTERNAL_NUMBER.create(account, INPUTS)
    account, client = _account(*listed)
    client.faults["customer"] = [Fault(NotFoundError("customer-info", "no such operation"))] * 2
    with pytest.raises(
        WrongAccountError, match="account of the token is unknown, and it must be account 17's"
    ):
        EXTERNAL_NUMBER.create(account, INPUTS)
    assert set(client.methods()) == {"list", "customer"}


@pytest.mark.parametrize(
    "failure", [ServerError("customer-info", "down"), NotSentError("customer-info", "no")]
)
def test_a_customer_info_that_fails_opens_no_guard(failure: ApiError) -> None:
    account, client = _account(_entry(None))
    client.faults["customer"] = [Fault(failure)]
    with pytest.raises(type(failure)):
        EXTERNAL_NUMBER.create(account, INPUTS)
    assert set(client.methods()) == {"list", "customer"}


@pytest.mark.parametrize(("customer_id", "wanted"), [(OURS, OURS), (THEIRS, None)])
def test_the_own_account_and_an_unnamed_one_are_accepted(customer_id: int | None, wanted: int | None) -> None:
    account, client = _account(_entry(customer_id), wanted=wanted)
    FORWARDING.create(account, SIP)
    assert client.methods()[-1] == "forward"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            Fault(done=True),
            "connecting 79104445599 was answered with success there: look, and undo it by hand",
        ),
        (
            Fault(MaybeDoneError("connecting", "lost"), done=True),
            "79104445599 may be connected there: look, and remove it by hand",
        ),
    ],
    ids=["answered", "lost"],
)
def test_a_number_connected_in_an_empty_account_of_another_is_named(fault: Fault, said: str) -> None:
    account, client = _account()
    # What customer-info says is likely the list's customer_id, and unproven.
    client.customer = OURS
    client.faults["connect"] = [fault]
    with pytest.raises(WrongAccountError, match=rf"^{said}.*{TOLD}"):
        EXTERNAL_NUMBER.create(account, INPUTS)


@pytest.mark.parametrize("listed", [[_entry(THEIRS)], []], ids=["by the list", "by customer-info"])
@pytest.mark.parametrize("step", ["update", "read", "delete", "set", "clear"])
def test_a_number_that_the_state_has_in_another_account_is_not_touched(
    listed: list[ListedNumber], step: str
) -> None:
    account, client = _account(*listed, wanted=None)
    number = {**NUMBER, "number_id": 18, "login": "1", "secret": "x", "customer_id": OURS}
    forwarding = {**SIP, "number_id": 18, "customer_id": OURS}
    steps: dict[str, Callable[[], object]] = {
        "update": lambda: EXTERNAL_NUMBER.update(account, "18", number, {**number, "host": "b.example"}),
        "read": lambda: EXTERNAL_NUMBER.read(account, "18", number),
        "delete": lambda: EXTERNAL_NUMBER.delete(account, "18", number),
        "set": lambda: FORWARDING.update(account, "ate/18", forwarding, {**forwarding, "sip_id": 5}),
        "clear": lambda: FORWARDING.delete(account, "ate/18", forwarding),
    }
    said = f"the state has it in account {OURS}, and the token is account {THEIRS}'s"
    with pytest.raises(WrongAccountError, match=said):
        steps[step]()
    assert set(client.methods()) <= {"list", "customer"}
