"""The entry of the list that is a resource's own: the one of its id, else of its number and type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER
from pulumi_plusofon.session import AccountSession, AmbiguousNumberError, NoIdError
from unit import bad_inputs
from unit.fake_account import FakeClient

if TYPE_CHECKING:
    from unit.clock import Clock

ATE = {**bad_inputs.ATE, "adopt": False}
NUMBER, OTHER = ATE["number"], "79104445568"
STATE = {**ATE, "number_id": 101, "source": None, "inbound_uri": None, "customer_id": None}
WITHOUT_ID = {**STATE, "number_id": None}
OWN = ListedNumber(101, "ate", NUMBER)
TWIN = ListedNumber(102, "sipuri", NUMBER)
AGAIN = ListedNumber(103, "ate", NUMBER)


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> FakeClient:
    return FakeClient(OWN, TWIN, AGAIN)


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    return AccountSession(client)


def test_a_number_that_is_listed_more_than_once_is_read_by_its_id(account: AccountSession) -> None:
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    assert (read.id, read.outputs) == ("101", STATE)


def test_a_number_that_is_listed_more_than_once_is_deleted_by_its_id(
    account: AccountSession, client: FakeClient
) -> None:
    EXTERNAL_NUMBER.delete(account, "101", STATE)
    assert client.numbers == [TWIN, AGAIN]


def test_without_an_id_the_same_number_of_another_type_is_no_rival(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [OWN, TWIN]
    read = EXTERNAL_NUMBER.read(account, f"number:{NUMBER}", WITHOUT_ID)
    assert read
    assert read.id == "101"
    EXTERNAL_NUMBER.delete(account, f"number:{NUMBER}", WITHOUT_ID)
    assert client.numbers == [TWIN]


@pytest.mark.parametrize("step", ["read", "delete"])
def test_one_of_two_entries_without_an_id_is_refused(
    account: AccountSession, client: FakeClient, step: str
) -> None:
    steps: dict[str, Any] = {"read": EXTERNAL_NUMBER.read, "delete": EXTERNAL_NUMBER.delete}
    with pytest.raises(AmbiguousNumberError, match=r"ate/101, ate/103"):
        steps[step](account, f"number:{NUMBER}", WITHOUT_ID)
    assert client.methods() == ["list"]


def test_a_number_that_came_back_under_another_id_is_seen(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [ListedNumber(101, "ate", OTHER), AGAIN]
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    assert (read.id, read.outputs["number_id"]) == ("103", 103)


def test_in_a_list_without_ids_setting_up_one_number_keeps_no_other(
    account: AccountSession, client: FakeClient
) -> None:
    client.ids, client.numbers = False, [ListedNumber(7, "ate", OTHER)]
    EXTERNAL_NUMBER.create(account, ATE)
    with pytest.raises(NoIdError, match=f"{OTHER} cannot be disconnected"):
        EXTERNAL_NUMBER.delete(account, f"number:{OTHER}", {**WITHOUT_ID, "number": OTHER})


def test_in_a_list_without_ids_what_this_run_set_up_it_does_not_delete(
    account: AccountSession, client: FakeClient
) -> None:
    client.ids, client.numbers = False, []
    created = EXTERNAL_NUMBER.create(account, ATE)
    EXTERNAL_NUMBER.delete(account, created.id, created.outputs)
    assert [number.number for number in client.numbers] == [NUMBER]


def test_a_number_that_this_run_set_up_is_known_though_the_list_gives_its_id_later(
    account: AccountSession, client: FakeClient
) -> None:
    client.ids, client.numbers = False, []
    created = EXTERNAL_NUMBER.create(account, ATE)
    client.ids = True
    EXTERNAL_NUMBER.delete(account, "101", {**created.outputs, "number_id": 101})
    assert [number.number for number in client.numbers] == [NUMBER]
