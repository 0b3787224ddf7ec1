"""Other forms of a list's values are understood, or stop the step: no form loses or clears anything."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.schema.numbering import may_be
from pulumi_plusofon.session import AccountSession, AlreadyConnectedError, GoneError, UnreadableEntryError
from unit.fake_account import FakeClient

SERVER = {"type": "sipuri", "host": "sip.example.com"}
GROUP = {"number_type": "sipuri", "number_id": 101, "type": "group", "group_id": 9, "cli_type": "Y"}
# A number, and how a list may have it.
FORMS = [
    ("447700900131", "07700900131"),
    ("447700900131", "7700900131"),
    ("447700900131", "00447700900131"),
    ("442079460103", "02079460103"),
    ("79104445566", "89104445566"),
    ("79104445566", "9104445566"),
    ("79104445566", "8107" + "9104445566"),
    ("3612345678", "0612345678"),
]
OTHERS = [
    ("447700900131", "07700900132"),
    ("447700900131", "447700900132"),
    ("79104445566", "89104445567"),
    ("79104445566", "5566"),
    ("79104445566", "0"),
    ("12025550131", "12025550132"),
]

pytestmark = pytest.mark.usefixtures("clock")


def account_of(*numbers: ListedNumber) -> tuple[AccountSession, FakeClient]:
    client = FakeClient(*numbers)
    return AccountSession(client), client


def state_of(number: str) -> dict[str, Any]:
    return {**SERVER, "number": number, "number_id": 101, "source": SERVER["host"], "customer_id": 42291}


def listed(written: str) -> ListedNumber:
    return ListedNumber(101, "sipuri", written, SERVER["host"], None, 42291)


@pytest.mark.parametrize(("number", "written"), [*FORMS, ("74951234567", "84951234567")])
def test_a_number_in_its_national_form_is_still_itself(number: str, written: str) -> None:
    account, client = account_of(listed(written))
    read = EXTERNAL_NUMBER.read(account, "101", state_of(number))
    assert read is not None
    assert (read.id, read.outputs["number"]) == ("101", number)
    assert FORWARDING.read(account, "sipuri/101", {**GROUP, "set_on": number}) is not None
    EXTERNAL_NUMBER.delete(account, "101", state_of(number))
    assert client.numbers == []


@pytest.mark.parametrize(("number", "written"), FORMS)
def test_a_number_in_its_national_form_is_not_connected_twice(number: str, written: str) -> None:
    account, client = account_of(listed(written))
    with pytest.raises(AlreadyConnectedError, match=f"{number} is connected already"):
        EXTERNAL_NUMBER.create(account, {**SERVER, "number": number})
    assert client.methods() == ["list"]
    adopted = EXTERNAL_NUMBER.create(AccountSession(client), {**SERVER, "number": number, "adopt": True})
    assert adopted.id == "101"
    assert client.named("connect") == []


@pytest.mark.parametrize("adopt", [True, False])
def test_a_number_that_may_be_another_ones_national_form_stops_a_create(*, adopt: bool) -> None:
    # Moscow in its national form, or Hanoi.
    account, client = account_of(listed("84951234567"))
    with pytest.raises(
        UnreadableEntryError, match="which is another number or this one in its national form"
    ):
        EXTERNAL_NUMBER.create(account, {**SERVER, "number": "74951234567", "adopt": adopt})
    assert client.methods() == ["list"]


def test_a_number_that_may_be_another_ones_national_form_is_not_gone() -> None:
    account, client = account_of(ListedNumber(102, "sipuri", "84951234567"))
    with pytest.raises(UnreadableEntryError, match="this one in its national form"):
        EXTERNAL_NUMBER.read(account, "101", state_of("74951234567"))
    with pytest.raises(UnreadableEntryError, match="this one in its national form"):
        EXTERNAL_NUMBER.delete(account, "101", state_of("74951234567"))
    assert client.numbers
    assert client.named("disconnect") == []


@pytest.mark.parametrize(("number", "written"), OTHERS)
def test_other_digits_are_another_number(number: str, written: str) -> None:
    assert not may_be(written, number)
    account, client = account_of(listed(written))
    assert EXTERNAL_NUMBER.read(account, "101", state_of(number)) is None
    EXTERNAL_NUMBER.delete(account, "101", state_of(number))
    assert client.numbers == [listed(written)]
    assert EXTERNAL_NUMBER.create(account, {**SERVER, "number": number}).outputs["number"] == number


@pytest.mark.parametrize("unread", ["a-uuid", str(2**53), 2**60])
def test_ids_that_cannot_be_kept_stop_a_create_before_its_put(unread: object) -> None:
    trouble = f"its id {unread} cannot be read"
    account, client = account_of(ListedNumber(None, "sipuri", "447700900102", trouble=trouble))
    with pytest.raises(
        UnreadableEntryError, match=r"447700900101 was not connected.*its id .* cannot be read"
    ):
        EXTERNAL_NUMBER.create(account, {**SERVER, "number": "447700900101"})
    assert client.methods() == ["list"]


def test_one_id_that_cannot_be_read_among_others_stops_no_create() -> None:
    odd = ListedNumber(None, "sipuri", "447700900102", trouble="its id x cannot be read")
    account, client = account_of(odd, ListedNumber(7, "sipuri", "447700900103"))
    assert EXTERNAL_NUMBER.create(account, {**SERVER, "number": "447700900101"}).id == "101"
    assert client.methods() == ["list", "connect", "list"]


# A forwarding, and the number that it was set on


@pytest.fixture
def set_on() -> dict[str, Any]:
    """The outputs of a forwarding that an earlier run set on the number 101 of others."""
    account, _ = account_of(listed("447700900101"))
    outputs = FORWARDING.create(account, GROUP).outputs
    assert outputs["set_on"] == "447700900101"
    return outputs


@pytest.mark.parametrize("clears", [True, False])
def test_a_forwarding_is_cleared_on_the_number_alone_that_it_was_set_on(
    set_on: dict[str, Any], *, clears: bool
) -> None:
    account, client = account_of(listed("447700900101" if clears else "447700900109"))
    FORWARDING.delete(account, "sipuri/101", set_on)
    assert client.named("forward") == ([("forward", {**client.named("forward")[0][1]})] if clears else [])
    read = FORWARDING.read(AccountSession(client), "sipuri/101", set_on)
    assert (read is not None) is clears


def test_a_forwarding_of_a_state_of_before_is_cleared_as_before() -> None:
    account, client = account_of(listed("447700900109"))
    FORWARDING.delete(account, "sipuri/101", GROUP)
    assert len(client.named("forward")) == 1


def test_a_forwarding_is_not_set_anew_on_another_number_that_the_list_in_hand_shows(
    set_on: dict[str, Any],
) -> None:
    account, client = account_of(listed("447700900109"))
    account.entries()
    with pytest.raises(GoneError, match=r"sipuri/101 is 447700900109's now, and .* is of 447700900101"):
        FORWARDING.update(account, "sipuri/101", set_on, {**GROUP, "group_id": 10})
    assert client.methods() == ["list"]


def test_a_forwarding_knows_its_number_without_a_request() -> None:
    account, client = account_of()
    made = EXTERNAL_NUMBER.create(account, {**SERVER, "number": "447700900101"})
    client.calls.clear()
    forward = {**GROUP, "number_id": int(made.id)}
    assert FORWARDING.create(account, forward).outputs["set_on"] == "447700900101"
    later = AccountSession(client)
    EXTERNAL_NUMBER.keep(later, made.outputs)
    updated = FORWARDING.update(later, "sipuri/101", forward, {**forward, "group_id": 10})
    assert updated["set_on"] == "447700900101"
    assert client.methods() == ["forward", "forward"]


def test_an_update_keeps_the_number_that_a_forwarding_was_set_on(set_on: dict[str, Any]) -> None:
    account, client = account_of(listed("447700900101"))
    assert FORWARDING.update(account, "sipuri/101", set_on, GROUP)["set_on"] == "447700900101"
    assert len(client.named("forward")) == 1
