"""A PUT without a clear answer: looked for in the list, and never sent a second time out of doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    UnreadableAnswerError,
)
from pulumi_plusofon.session import AccountSession, AmbiguousNumberError, NotListedError
from unit.fake_account import FakeClient, Fault, entry

if TYPE_CHECKING:
    from unit.clock import Clock

ATE = Connection("ate", "79104445566", "sip.example.com", 5060, "21201588169353", "pa55-word")
DOING = "connecting 79104445566"
LOST = MaybeDoneError(DOING, "the connection was closed")
# The doubt, and how many looks it is worth: a list may be late, but a 429 was surely not done.
DOUBTS: list[Any] = [
    pytest.param(LOST, 3, id="lost"),
    pytest.param(UnreadableAnswerError(DOING, "no JSON"), 3, id="unreadable"),
    pytest.param(ServerError(DOING, "try later", http_status=503), 3, id="503"),
    pytest.param(RateLimitedError(DOING, "slow down", http_status=429, retry_after=0), 1, id="429"),
]
doubtful = pytest.mark.parametrize(("doubt", "looks"), DOUBTS)
REFUSALS: list[ApiError] = [
    InvalidRequestError(DOING, "connected already", http_status=400),
    NoAccessError(DOING, "no access", http_status=500),
    RateLimitedError(DOING, "come back tomorrow", http_status=429, retry_after=3600),
    NotSentError(DOING, "no connection"),
]
refused = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda error: type(error).__name__)


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    return AccountSession(client)


@doubtful
def test_a_put_that_was_done_though_its_answer_failed_is_not_sent_again(
    account: AccountSession, client: FakeClient, doubt: ApiError, looks: int
) -> None:
    assert looks
    client.faults["connect"] = [Fault(doubt, done=True)]
    assert account.connect(ATE) == entry(101, ATE)
    assert client.methods() == ["connect", "list"]


@doubtful
def test_a_put_that_was_not_done_is_sent_once_more_after_its_looks(
    account: AccountSession, client: FakeClient, doubt: ApiError, looks: int
) -> None:
    client.faults["connect"] = [Fault(doubt)]
    assert account.connect(ATE).id == 101
    assert client.methods() == ["connect", *["list"] * looks, "connect", "list"]


@doubtful
def test_every_repeated_put_has_looks_of_its_own_before(
    account: AccountSession, client: FakeClient, clock: Clock, doubt: ApiError, looks: int
) -> None:
    doubt.raised_at = clock.now
    client.faults["connect"] = [Fault(doubt)] * 3
    if isinstance(doubt, RateLimitedError):
        # A 429 does not count as a failed attempt: the fourth PUT is done.
        assert account.connect(ATE).id == 101
        assert client.methods() == [*["connect", *["list"] * looks] * 3, "connect", "list"]
        return
    with pytest.raises(type(doubt)) as caught:
        account.connect(ATE)
    assert caught.value is doubt
    assert client.methods() == ["connect", *["list"] * looks] * 3


@doubtful
def test_without_a_look_there_is_no_second_put(
    account: AccountSession, client: FakeClient, doubt: ApiError, looks: int
) -> None:
    client.faults["connect"] = [Fault(doubt)]
    client.faults["list"] = [*[Fault()] * (looks - 1), Fault(ServerError("listing", "down"))]
    with pytest.raises(NotListedError) as caught:
        account.connect(ATE)
    assert client.methods() == ["connect", *["list"] * looks]
    text = str(caught.value)
    assert "79104445566" in text
    assert doubt.reason in text
    assert "it is unknown whether that was done" in text
    assert "adopt=True" in text


@pytest.mark.parametrize(("late", "waited"), [(0, 0.0), (1, 0.5), (2, 2.0)])
@pytest.mark.parametrize(
    "doubt", [doubt.values[0] for doubt in DOUBTS[:3]], ids=["lost", "unreadable", "503"]
)
def test_a_list_that_is_late_is_no_proof_that_nothing_was_done(
    account: AccountSession, client: FakeClient, clock: Clock, doubt: ApiError, late: int, waited: float
) -> None:
    client.late = late
    client.faults["connect"] = [Fault(doubt, done=True)]
    assert account.connect(ATE).id == 101
    assert client.methods() == ["connect", *["list"] * (1 + late)]
    assert clock.total == pytest.approx(waited, abs=0.1)


def test_a_put_refused_for_too_long_is_looked_for_at_once_and_reported(
    account: AccountSession, client: FakeClient, clock: Clock
) -> None:
    client.faults["connect"] = [Fault(REFUSALS[2])]
    with pytest.raises(RateLimitedError, match="come back tomorrow"):
        account.connect(ATE)
    assert client.methods() == ["connect", "list"]
    assert clock.total < 0.1


@refused
def test_a_refusal_after_a_doubt_may_mean_that_the_first_put_was_done(
    account: AccountSession, client: FakeClient, refusal: ApiError
) -> None:
    client.late = 3
    client.faults["connect"] = [Fault(LOST, done=True), Fault(refusal)]
    assert account.connect(ATE) == entry(101, ATE)
    assert client.methods() == ["connect", "list", "list", "list", "connect", "list"]
    assert len(client.numbers) == 1


@refused
def test_a_refusal_after_a_doubt_is_reported_where_the_number_is_not_there(
    account: AccountSession, client: FakeClient, refusal: ApiError
) -> None:
    client.faults["connect"] = [Fault(LOST), Fault(refusal)]
    with pytest.raises(ApiError) as caught:
        account.connect(ATE)
    assert caught.value.reason == refusal.reason
    assert "nothing was sent" not in str(caught.value), "not true of the attempt before"
    assert len(client.named("connect")) == 2
    assert client.numbers == []


def test_another_type_listed_after_an_ambiguous_answer_is_reported_and_not_connected_beside(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [ListedNumber(7, "sipuri", ATE.number)]
    client.faults["connect"] = [Fault(LOST)]
    with pytest.raises(NotListedError, match="lists it as sipuri"):
        account.connect(ATE)
    assert len(client.named("connect")) == 1


def test_a_number_listed_beside_another_type_after_an_ambiguous_answer_is_ours(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [ListedNumber(7, "sipuri", ATE.number)]
    client.faults["connect"] = [Fault(LOST, done=True)]
    assert account.connect(ATE).type == ATE.type
    assert len(client.named("connect")) == 1


def test_a_number_listed_twice_after_an_ambiguous_answer_is_reported(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [ListedNumber(7, "ate", ATE.number)]
    client.faults["connect"] = [Fault(LOST, done=True)]
    with pytest.raises(AmbiguousNumberError):
        account.connect(ATE)
    assert len(client.named("connect")) == 1
