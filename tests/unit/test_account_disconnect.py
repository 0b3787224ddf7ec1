"""Disconnecting and clearing: what is gone is success, and a failure never looks like gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import (
    ApiError,
    AuthenticationError,
    InvalidRequestError,
    ListedNumber,
    MaybeDoneError,
    NotFoundError,
    ServerError,
)
from pulumi_plusofon.session import AccountSession
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from unit.clock import Clock

NUMBER = "79104445566"
ONE = ListedNumber(101, "ate", NUMBER)
EMPTY = {"number_type": "ate", "number_id": 101, "type": "empty"}
NOT_FOUND = NotFoundError("disconnecting", "no such id", http_status=404)


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> FakeClient:
    return FakeClient(ONE)


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    return AccountSession(client)


def test_disconnecting_is_one_delete_between_two_lists(account: AccountSession, client: FakeClient) -> None:
    account.disconnect("ate", 101, NUMBER)
    assert client.calls == [("list",), ("disconnect", "ate", 101, NUMBER), ("list",)]
    assert client.numbers == []


def test_a_disconnected_number_is_gone_without_another_list(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers.append(ListedNumber(102, "ate", "79104445569"))
    account.disconnect("ate", 101, NUMBER)
    assert account.find(NUMBER) is None
    assert not account.has_number("ate", 101)
    assert client.methods() == ["list", "disconnect", "list"]


@pytest.mark.parametrize(
    "there",
    [
        pytest.param([ListedNumber(7, "ate", "79104445569")], id="gone"),
        pytest.param([ListedNumber(101, "ate", "79104445568")], id="the id is another number's"),
        pytest.param([ListedNumber(102, "ate", NUMBER)], id="the number has another id"),
        pytest.param([ListedNumber(101, "sipuri", NUMBER)], id="the number has another type"),
    ],
)
def test_an_id_that_is_another_numbers_is_left_alone(
    account: AccountSession, client: FakeClient, there: list[ListedNumber]
) -> None:
    client.numbers = there
    account.disconnect("ate", 101, NUMBER)
    assert client.methods() == ["list"]


def test_an_empty_list_is_asked_for_once_more_before_a_number_is_taken_for_gone(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = []
    account.disconnect("ate", 101, NUMBER)
    assert not account.has_number("ate", 101)
    assert client.methods() == ["list", "list"]


def test_a_number_that_went_in_between_is_success(account: AccountSession, client: FakeClient) -> None:
    client.faults["disconnect"] = [Fault(NOT_FOUND, done=True)]
    account.disconnect("ate", 101, NUMBER)
    assert account.find(NUMBER) is None


def test_a_404_for_what_the_list_still_has_is_not_gone(
    account: AccountSession, client: FakeClient, clock: Clock
) -> None:
    client.faults["disconnect"] = [Fault(NOT_FOUND)]
    with pytest.raises(NotFoundError):
        account.disconnect("ate", 101, NUMBER)
    assert clock.total == pytest.approx(client.settings.timeout, abs=1)
    client.calls.clear()
    client.faults["forward"] = [Fault(NOT_FOUND)]
    with pytest.raises(NotFoundError):
        account.clear_forwarding("ate", 101)
    assert client.methods() == ["forward", "list"]


def test_a_refused_delete_of_what_is_gone_is_success(account: AccountSession, client: FakeClient) -> None:
    client.faults["disconnect"] = [Fault(ServerError("disconnecting", "oops"), done=True)]
    account.disconnect("ate", 101, NUMBER)
    assert client.methods() == ["list", "disconnect", "list", "list"]


@pytest.mark.parametrize(
    "failure",
    [InvalidRequestError("disconnecting", "in use"), AuthenticationError("disconnecting", "no")],
    ids=lambda error: type(error).__name__,
)
def test_a_refused_delete_of_what_is_there_fails(
    account: AccountSession, client: FakeClient, failure: ApiError
) -> None:
    client.faults["disconnect"] = [Fault(failure)]
    with pytest.raises(type(failure)):
        account.disconnect("ate", 101, NUMBER)
    assert account.find(NUMBER) == ONE


def test_a_delete_whose_answer_was_lost_fails(account: AccountSession, client: FakeClient) -> None:
    client.faults["disconnect"] = [Fault(MaybeDoneError("disconnecting", "closed"))]
    with pytest.raises(MaybeDoneError):
        account.disconnect("ate", 101, NUMBER)


@pytest.mark.parametrize("done", [True, False])
def test_a_failed_delete_makes_the_next_reader_ask_anew(
    account: AccountSession, client: FakeClient, *, done: bool
) -> None:
    client.faults["disconnect"] = [Fault(MaybeDoneError("disconnecting", "closed"), done=done)]
    with pytest.raises(MaybeDoneError):
        account.disconnect("ate", 101, NUMBER)
    assert account.find(NUMBER) == (None if done else ONE)
    assert client.methods() == ["list", "disconnect", "list", *["list"] * done]


def test_disconnecting_leaves_the_same_number_of_another_type(
    account: AccountSession, client: FakeClient
) -> None:
    twin = ListedNumber(102, "sipuri", NUMBER)
    client.numbers.append(twin)
    account.disconnect("ate", 101, NUMBER)
    assert account.has_number("sipuri", 102)
    assert account.find(NUMBER) == twin
    assert client.methods() == ["list", "disconnect", "list"]


def test_a_list_that_fails_is_not_a_number_that_is_gone(account: AccountSession, client: FakeClient) -> None:
    client.faults["list"] = [Fault(ServerError("listing", "down"))] * 3
    with pytest.raises(ServerError):
        account.disconnect("ate", 101, NUMBER)
    with pytest.raises(ServerError):
        account.clear_forwarding("ate", 101)
    with pytest.raises(ServerError):
        account.has_number("ate", 101)
    assert client.methods() == ["list"] * 3


def test_clearing_a_forwarding_is_one_post_of_empty(account: AccountSession, client: FakeClient) -> None:
    account.clear_forwarding("ate", 101)
    assert client.calls == [("list",), ("forward", EMPTY)]


def test_a_number_that_is_gone_has_no_forwarding_to_clear(
    account: AccountSession, client: FakeClient
) -> None:
    account.clear_forwarding("sipuri", 101)
    assert client.methods() == ["list"]


def test_a_number_that_went_before_its_forwarding_is_success(
    account: AccountSession, client: FakeClient
) -> None:
    client.gone_at_forward = True
    client.faults["forward"] = [Fault(NOT_FOUND)]
    account.clear_forwarding("ate", 101)
    assert client.methods() == ["list", "forward", "list", "list"]


def test_a_refused_clearing_fails_only_while_the_number_is_there(
    account: AccountSession, client: FakeClient
) -> None:
    refusal = InvalidRequestError("clearing", "no")
    client.faults["forward"] = [Fault(refusal), Fault(refusal)]
    with pytest.raises(InvalidRequestError):
        account.clear_forwarding("ate", 101)
    client.numbers.clear()
    account.clear_forwarding("ate", 101)
    assert client.methods() == ["list", "forward", "list", "forward", "list", "list"]


def test_in_a_list_without_ids_no_id_is_taken_for_gone(account: AccountSession, client: FakeClient) -> None:
    client.ids = False
    assert account.has_number("ate", 101)
    account.clear_forwarding("ate", 101)
    account.disconnect("ate", 101, NUMBER)
    assert client.methods() == ["list", "forward", "disconnect", "list"]


def test_in_a_list_without_ids_a_number_that_is_not_there_is_gone(
    account: AccountSession, client: FakeClient
) -> None:
    client.ids = False
    account.disconnect("ate", 101, "79104445568")
    assert client.methods() == ["list"]
