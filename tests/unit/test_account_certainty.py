"""Facts that the session establishes before it writes: whose an id is, what was sent, what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import (
    ApiError,
    Connection,
    InvalidRequestError,
    ListedNumber,
    MaybeDoneError,
    NotSentError,
)
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER
from pulumi_plusofon.session import AccountSession, DeclaredTwiceError, GoneError
from unit import bad_inputs
from unit.fake_account import FakeClient, Fault
from unit.wire import CLOSED, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.api import Client
    from unit.clock import Clock

NUMBER, OTHER = "79104445566", "79104445568"
ATE = Connection("ate", NUMBER, "sip.example.com", 5060, "21201588169353", "pa55-word")
INPUTS = {**bad_inputs.ATE, "number": NUMBER, "adopt": False}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

pytestmark = pytest.mark.usefixtures("clock")


class ByAccident(FakeClient):
    """An account whose list is empty once, right after the first."""

    def _listed(self) -> tuple[ListedNumber, ...]:
        return () if len(self.named("list")) == 1 else super()._listed()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment without a proxy of this machine."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_an_answer_lost_through_a_proxy_may_follow_what_was_done(
    wire: Wire, connect: Callable[..., Client], environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("http_proxy", wire.url)
    wire.script(CLOSED)
    # The name is never looked up: the proxy on this machine is asked for it.
    client = connect("http://api.test")
    with pytest.raises(MaybeDoneError):
        client.connect(ATE)
    assert wire.methods() == ["PUT"]


def test_a_proxy_that_is_not_there_has_passed_nothing_on(
    connect: Callable[..., Client], environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("http_proxy", "http://127.0.0.1:9")
    client = connect("http://api.test", max_retries=0)
    with pytest.raises(NotSentError):
        client.connect(ATE)


def test_missing_certificates_are_reported_as_such(
    connect: Callable[..., Client], environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    client = connect("https://api.test")
    with pytest.raises(NotSentError, match="REQUESTS_CA_BUNDLE"):
        client.connect(ATE)


@pytest.fixture
def some_ids() -> FakeClient:
    """An account whose list gives an id to one number and none to ours."""
    return FakeClient(ListedNumber(101, "ate", OTHER), ListedNumber(None, "ate", NUMBER))


def test_an_id_that_the_list_shows_with_another_number_is_not_deleted(some_ids: FakeClient) -> None:
    AccountSession(some_ids).disconnect("ate", 101, NUMBER)
    assert some_ids.methods() == ["list"]


def test_an_id_that_the_list_shows_with_another_number_is_not_changed(some_ids: FakeClient) -> None:
    with pytest.raises(GoneError):
        AccountSession(some_ids).update(101, ATE)
    assert some_ids.methods() == ["list"]


def test_a_number_listed_as_two_types_is_changed_and_read_by_its_own() -> None:
    client = FakeClient(ListedNumber(101, "ate", NUMBER), ListedNumber(102, "sipuri", NUMBER))
    account = AccountSession(client)
    state = {**INPUTS, "number_id": 101}
    updated = EXTERNAL_NUMBER.update(account, "101", state, {**INPUTS, "host": "b.example.com"})
    assert updated["number_id"] == 101
    read = EXTERNAL_NUMBER.read(account, f"number:{NUMBER}", {**state, "number_id": None})
    assert read is not None
    assert read.id == "101"


def test_a_number_that_one_resource_changes_is_not_adopted_by_another() -> None:
    client = FakeClient(ListedNumber(101, "ate", NUMBER))
    account = AccountSession(client)
    EXTERNAL_NUMBER.update(account, "101", {**INPUTS, "number_id": 101}, {**INPUTS, "host": "b.example.com"})
    with pytest.raises(DeclaredTwiceError):
        EXTERNAL_NUMBER.create(account, {**INPUTS, "adopt": True})


def test_after_a_refused_deletion_an_empty_list_is_asked_for_twice() -> None:
    client = ByAccident(ListedNumber(101, "ate", NUMBER))
    client.faults["disconnect"] = [Fault(InvalidRequestError("disconnecting", "in use"))]
    with pytest.raises(InvalidRequestError):
        AccountSession(client).disconnect("ate", 101, NUMBER)


def test_after_a_refused_clearing_an_empty_list_is_asked_for_twice() -> None:
    client = ByAccident(ListedNumber(101, "ate", NUMBER))
    client.faults["forward"] = [Fault(InvalidRequestError("clearing", "no"))]
    with pytest.raises(InvalidRequestError):
        AccountSession(client).clear_forwarding("ate", 101)


def test_a_connection_lost_after_a_doubt_is_not_reported_as_nothing_sent(clock: Clock) -> None:
    client = FakeClient()
    client.faults["connect"] = [
        Fault(MaybeDoneError("connecting", "closed")),
        Fault(NotSentError("connecting", "no connection")),
    ]
    with pytest.raises(ApiError) as caught:
        AccountSession(client).connect(ATE)
    assert "nothing was sent" not in str(caught.value)
    assert clock.total > 0
