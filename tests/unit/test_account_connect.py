"""Connecting and updating a number: list, write, list; and what is held for one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import (
    ApiError,
    Connection,
    InvalidRequestError,
    ListedNumber,
    MaybeDoneError,
    NoAccessError,
    NotSentError,
    RateLimitedError,
    ServerError,
)
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.session import (
    AccountSession,
    AmbiguousNumberError,
    DeclaredTwiceError,
    GoneError,
    NotListedError,
    NumberKey,
    session_for,
)
from unit.fake_account import FakeClient, Fault, entry

if TYPE_CHECKING:
    from unit.clock import Clock

ATE = Connection("ate", "79104445566", "sip.example.com", 5060, "21201588169353", "pa55-word")
SIPURI = Connection("sipuri", "79104445567", "sip.example.com")
DOING = "connecting 79104445566"


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    return AccountSession(client)


def test_connecting_is_one_put_and_one_list_afterwards(account: AccountSession, client: FakeClient) -> None:
    assert account.find(ATE.number) is None
    assert account.connect(ATE) == entry(101, ATE)
    assert client.methods() == ["list", "list", "connect", "list"]


@pytest.mark.parametrize(
    "refusal",
    [
        InvalidRequestError(DOING, "bad host", http_status=400),
        NoAccessError(DOING, "no access", http_status=500),
        RateLimitedError(DOING, "come back tomorrow", retry_after=3600),
        NotSentError(DOING, "no connection"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_put_that_was_refused_for_good_is_not_sent_again(
    account: AccountSession, client: FakeClient, refusal: ApiError
) -> None:
    client.faults["connect"] = [Fault(refusal)]
    with pytest.raises(type(refusal)) as caught:
        account.connect(ATE)
    assert caught.value is refusal
    assert len(client.named("connect")) == 1


def test_a_refused_put_needs_no_list(account: AccountSession, client: FakeClient) -> None:
    client.faults["connect"] = [Fault(InvalidRequestError(DOING, "bad host"))]
    with pytest.raises(InvalidRequestError):
        account.connect(ATE)
    assert client.methods() == ["connect"]


def test_a_number_that_is_listed_late_is_waited_for(
    account: AccountSession, client: FakeClient, clock: Clock
) -> None:
    client.late = 2
    assert account.connect(ATE).id == 101
    assert client.methods() == ["connect", "list", "list", "list"]
    assert clock.total == pytest.approx(1.25, abs=0.1)


def test_a_number_that_is_never_listed_is_named_and_not_said_to_be_connected(
    account: AccountSession, client: FakeClient, clock: Clock
) -> None:
    client.late = 99
    with pytest.raises(NotListedError) as caught:
        account.connect(ATE)
    assert str(caught.value) == (
        "connecting 79104445566: the API answered success, and after 30 s the account does not list it;"
        " the number is not in Pulumi's state: run `pulumi up` again, and if it says that the number is"
        " connected already, take it over with adopt=True"
    )
    assert len(client.named("connect")) == 1
    assert clock.total == pytest.approx(client.settings.timeout, abs=1)


def test_a_number_listed_as_another_type_is_reported(account: AccountSession, client: FakeClient) -> None:
    other = Connection("sipuri", ATE.number, "sip.example.com")
    client.faults["connect"] = [Fault()]
    client.numbers = [entry(7, other)]
    with pytest.raises(NotListedError, match="lists it as sipuri"):
        account.connect(ATE)


def test_a_number_that_cannot_be_listed_after_success_is_named(
    account: AccountSession, client: FakeClient
) -> None:
    client.faults["list"] = [Fault(ServerError("listing the external numbers", "down"))]
    with pytest.raises(
        NotListedError, match=r"answered success, and the account could not be listed \(listing"
    ):
        account.connect(ATE)
    assert len(client.named("connect")) == 1


def test_a_number_listed_twice_is_refused(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [ListedNumber(101, "ate", ATE.number), ListedNumber(102, "sipuri", ATE.number)]
    with pytest.raises(AmbiguousNumberError) as caught:
        account.find(ATE.number)
    assert "2 times (ate/101, sipuri/102)" in str(caught.value)


def test_a_number_of_ours_is_found_by_its_id_however_often_it_is_listed(
    account: AccountSession, client: FakeClient
) -> None:
    own, twin = ListedNumber(101, "ate", ATE.number), ListedNumber(101, "sipuri", ATE.number)
    client.numbers = [own, twin, ListedNumber(102, "ate", ATE.number)]
    assert account.own_entry("ate", ATE.number, 101) == own
    assert account.own_entry("sipuri", ATE.number, None) == twin
    assert account.own_entry("sipuri", ATE.number, 102) == twin
    with pytest.raises(AmbiguousNumberError, match=r"2 times \(ate/101, ate/102\)"):
        account.own_entry("ate", ATE.number, None)


def test_an_id_that_is_another_numbers_now_finds_nothing_of_that_one(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [ListedNumber(101, "ate", "79104445568")]
    assert account.own_entry("ate", ATE.number, 101) is None
    client.numbers.append(ListedNumber(102, "ate", ATE.number))
    assert AccountSession(client).own_entry("ate", ATE.number, 101) == ListedNumber(102, "ate", ATE.number)


def test_updating_is_one_patch_between_two_lists(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [entry(101, SIPURI)]
    moved = Connection("sipuri", SIPURI.number, "sip2.example.com")
    assert account.update(101, moved).source == "sip2.example.com"
    assert client.methods() == ["list", "update", "list"]


@pytest.mark.parametrize(
    "there",
    [
        [entry(7, SIPURI)],
        [entry(102, ATE)],
        [entry(101, Connection("ate", "79104445568", "sip.example.com"))],
    ],
)
def test_an_id_that_is_not_this_numbers_any_more_is_not_updated(
    account: AccountSession, client: FakeClient, there: list[ListedNumber]
) -> None:
    client.numbers = there
    with pytest.raises(GoneError, match=r"79104445566 is no longer in the account under id 101.*refresh"):
        account.update(101, ATE)
    assert client.methods() == ["list"]


def test_a_failed_patch_makes_the_next_reader_ask_anew(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [entry(101, SIPURI)]
    client.faults["update"] = [Fault(MaybeDoneError("updating", "closed"), done=True)]
    with pytest.raises(MaybeDoneError):
        account.update(101, Connection("sipuri", SIPURI.number, "sip2.example.com"))
    found = account.find(SIPURI.number)
    assert found
    assert found.source == "sip2.example.com"


def test_the_second_claim_of_one_thing_fails(account: AccountSession) -> None:
    with account.holds.claim(NumberKey(ATE.number)):
        pass
    with (
        pytest.raises(DeclaredTwiceError, match="79104445566: declared by two resources"),
        account.holds.claim(NumberKey(ATE.number)),
    ):
        pytest.fail("the second was let in")


def test_a_claim_that_failed_is_free_again(account: AccountSession) -> None:
    with pytest.raises(InvalidRequestError), account.holds.claim(NumberKey(ATE.number)):
        raise InvalidRequestError(DOING, "bad host")
    with account.holds.claim(NumberKey(ATE.number)):
        pass


def test_a_released_claim_is_free_again(account: AccountSession) -> None:
    with account.holds.claim(NumberKey(ATE.number)):
        pass
    account.holds.unclaim(NumberKey(ATE.number))
    with account.holds.claim(NumberKey(ATE.number)):
        pass


def test_one_account_is_shared_by_all_that_have_its_settings() -> None:
    session, same, other = (
        session_for(Settings("tok-account-test", base_url=f"http://127.0.0.1:{port}")) for port in (9, 9, 10)
    )
    assert session is same
    assert session is not other
