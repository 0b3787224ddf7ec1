"""An entry of the list that cannot be read: what it may be is not gone, and every other number is managed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import ListedNumber, MaybeDoneError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.session import AccountSession, NotListedError, UnreadableEntryError
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.clock import Clock

NUMBER, OTHER = "447700900101", "447700900102"
STATE = {"type": "sipuri", "number": NUMBER, "number_id": 17, "host": "sip.example.com"}
IN_STATE = {"number_type": "sipuri", "number_id": 17, "type": "empty"}
FINE = ListedNumber(18, "sipuri", OTHER, "sip.example.com", None, 42291)
TYPE, DIGITS, ID = "its type is not known here", "its number cannot be read", "its id 0 cannot be read"

STEPS: dict[str, Callable[[AccountSession], object]] = {
    "read": lambda account: EXTERNAL_NUMBER.read(account, "17", STATE),
    "update": lambda account: EXTERNAL_NUMBER.update(account, "17", STATE, {**STATE, "host": "b.example"}),
    "delete": lambda account: EXTERNAL_NUMBER.delete(account, "17", STATE),
    "read forwarding": lambda account: FORWARDING.read(account, "sipuri/17", IN_STATE),
    "delete forwarding": lambda account: FORWARDING.delete(account, "sipuri/17", IN_STATE),
}
OURS = {
    "our digits and id, another type": ListedNumber(17, "SIP URI", NUMBER, trouble=TYPE),
    "our id, another type": ListedNumber(17, "SIP URI", "447700900199", trouble=TYPE),
    "our id, no number": ListedNumber(17, "sipuri", "None", trouble=DIGITS),
    "nothing to be read": ListedNumber(None, "None", "None", trouble=TYPE),
}
NUMBERS_ALONE = {
    "our digits, no id": ListedNumber(None, "sipuri", NUMBER, trouble=ID),
    "our digits, another id": ListedNumber(99, "SIP URI", NUMBER, trouble=TYPE),
    "another id, no number": ListedNumber(99, "sipuri", "None", trouble=DIGITS),
}
NOT_OURS = {
    "another number and id": ListedNumber(99, "SIP URI", "447700900199", trouble=TYPE),
    "another number, no id": ListedNumber(None, "SIP URI", "447700900199", trouble=TYPE),
}


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


def _account(*listed: ListedNumber) -> tuple[AccountSession, FakeClient]:
    client = FakeClient(*listed)
    return AccountSession(client), client


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("odd", OURS)
def test_a_number_that_may_be_an_unreadable_entry_is_never_gone(odd: str, step: str) -> None:
    account, client = _account(FINE, OURS[odd])
    with pytest.raises(UnreadableEntryError) as caught:
        STEPS[step](account)
    assert "the state has it as sipuri/17, and the account lists" in str(caught.value)
    assert str(OURS[odd].trouble) in str(caught.value)
    assert set(client.methods()) == {"list"}


@pytest.mark.parametrize("step", ["read", "update", "delete"])
@pytest.mark.parametrize("odd", NUMBERS_ALONE)
def test_our_digits_or_unreadable_ones_are_not_gone_under_another_id(odd: str, step: str) -> None:
    account, client = _account(FINE, NUMBERS_ALONE[odd])
    with pytest.raises(UnreadableEntryError, match=r"the state has it as sipuri/17"):
        STEPS[step](account)
    assert set(client.methods()) == {"list"}


@pytest.mark.parametrize("odd", NOT_OURS)
def test_an_entry_that_is_surely_another_number_does_not_keep_ours(odd: str) -> None:
    account, client = _account(FINE, NOT_OURS[odd])
    assert EXTERNAL_NUMBER.read(account, "17", STATE) is None
    EXTERNAL_NUMBER.delete(account, "17", STATE)
    assert set(client.methods()) == {"list"}


@pytest.mark.parametrize("odd", OURS)
def test_every_other_number_of_the_list_is_managed_as_before(odd: str) -> None:
    account, client = _account(FINE, OURS[odd])
    state = {**STATE, "number": OTHER, "number_id": 18}
    assert EXTERNAL_NUMBER.read(account, "18", state) is not None
    EXTERNAL_NUMBER.update(account, "18", state, {**state, "host": "b.example"})
    FORWARDING.create(account, {**IN_STATE, "number_id": 18})
    assert FORWARDING.read(account, "sipuri/18", {**IN_STATE, "number_id": 18}) is not None
    assert [call[0] for call in client.named("update", "forward")] == ["update", "forward"]
    EXTERNAL_NUMBER.delete(AccountSession(client), "18", state)
    assert client.numbers == [OURS[odd]]


@pytest.mark.parametrize("adopt", [True, False])
@pytest.mark.parametrize("trouble", [TYPE, ID, "its id stands there twice"])
def test_our_digits_under_an_unreadable_entry_are_neither_connected_nor_taken_over(
    trouble: str, *, adopt: bool
) -> None:
    account, client = _account(ListedNumber(17, "sipuri", NUMBER, trouble=trouble))
    inputs = {"type": "sipuri", "number": NUMBER, "host": "sip.example.com", "adopt": adopt}
    with pytest.raises(UnreadableEntryError, match=rf"{NUMBER} is connected already.*{trouble}"):
        EXTERNAL_NUMBER.create(account, inputs)
    assert client.methods() == ["list"]


def test_a_forwarding_is_not_set_on_an_entry_that_cannot_be_read() -> None:
    account, client = _account(OURS["our digits and id, another type"])
    with pytest.raises(UnreadableEntryError, match="sipuri/17: the account lists"):
        FORWARDING.create(account, IN_STATE)
    assert client.methods() == ["list"]


def test_a_put_in_doubt_is_not_repeated_while_an_entry_may_be_its_number() -> None:
    account, client = _account(FINE, OURS["nothing to be read"])
    client.faults["connect"] = [Fault(MaybeDoneError("connecting", "lost"))]
    with pytest.raises(NotListedError, match="it is unknown whether that was done"):
        EXTERNAL_NUMBER.create(account, {"type": "sipuri", "number": NUMBER, "host": "sip.example.com"})
    assert client.methods().count("connect") == 1


def test_a_deletion_tells_of_the_number_under_another_type(caplog: pytest.LogCaptureFixture) -> None:
    account, client = _account(ListedNumber(18, "ate", NUMBER))
    EXTERNAL_NUMBER.delete(account, "17", STATE)
    assert f"{NUMBER}: left connected: the account has it as ate, and the state as sipuri" in caplog.text
    assert set(client.methods()) == {"list"}
