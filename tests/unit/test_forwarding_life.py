"""The life of a forwarding: set with one POST, cleared with one, and never read back."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plusofon.api import (
    ApiError,
    InvalidRequestError,
    ListedNumber,
    MaybeDoneError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    ServerError,
)
from pulumi_plusofon.lifecycle import FORWARDING, Created, Diff, Read
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import AccountSession, DeclaredTwiceError, NumberKey
from unit.bad_inputs import CRM, SIP
from unit.fake_account import FakeClient, Fault

KEY = ("ate", 17)


@pytest.fixture
def client() -> FakeClient:
    return FakeClient(ListedNumber(17, "ate", "79104445566"), ListedNumber(18, "ate", "79104445567"))


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    """The account of a run that has connected the number 17 itself."""
    account = AccountSession(client)
    account.notes.note_own(*KEY)
    return account


@pytest.fixture
def next_run(client: FakeClient) -> AccountSession:
    """The same account as a later process sees it."""
    return AccountSession(client)


def test_nothing_changed_is_nothing_to_do() -> None:
    assert FORWARDING.diff(SIP, dict(SIP)) == Diff([], [])


@pytest.mark.parametrize(
    ("field", "value"), [("number_type", "sipuri"), ("number_id", 18), ("number_id", UNKNOWN)]
)
def test_another_number_is_another_forwarding(field: str, value: Any) -> None:
    assert FORWARDING.diff(SIP, {**SIP, field: value}) == Diff([field], [field])


@pytest.mark.parametrize(
    ("field", "value"),
    [("sip_id", 5), ("sip_id", UNKNOWN), ("cli_type", "N"), ("type", "group")],
)
def test_another_target_is_set_in_place(field: str, value: Any) -> None:
    assert FORWARDING.diff(SIP, {**SIP, field: value}) == Diff([field], [])


def test_a_field_that_is_left_out_is_a_change() -> None:
    assert FORWARDING.diff({**CRM, "type_default": "empty"}, CRM) == Diff(["type_default"], [])


def test_creating_is_one_post_of_exactly_what_was_declared(
    account: AccountSession, client: FakeClient
) -> None:
    assert FORWARDING.create(account, {**SIP, "host": None}) == Created("ate/17", {**SIP, "host": None})
    assert client.calls == [("forward", SIP)]


def test_the_second_forwarding_of_one_number_is_refused_before_anything_is_sent(
    account: AccountSession, client: FakeClient
) -> None:
    FORWARDING.create(account, SIP)
    with pytest.raises(DeclaredTwiceError, match="the forwarding of ate/17"):
        FORWARDING.create(account, {**SIP, "sip_id": 5})
    assert client.calls == [("forward", SIP)]


def test_a_number_and_its_forwarding_are_two_things(account: AccountSession) -> None:
    with account.holds.claim(NumberKey("79104445566")):
        assert FORWARDING.create(account, SIP).id == "ate/17"


def test_a_create_that_failed_may_be_tried_again(account: AccountSession, client: FakeClient) -> None:
    client.faults["forward"] = [Fault(InvalidRequestError("forwarding", "no such SIP account"))]
    with pytest.raises(InvalidRequestError):
        FORWARDING.create(account, SIP)
    assert FORWARDING.create(account, SIP).id == "ate/17"


def test_updating_is_one_post_of_the_whole_forwarding(account: AccountSession, client: FakeClient) -> None:
    assert FORWARDING.update(account, "ate/17", SIP, CRM) == CRM
    assert client.calls == [("forward", CRM)]


@pytest.mark.parametrize("steps", [("create", "update"), ("update", "create"), ("update", "update")])
def test_two_resources_of_one_forwarding_are_one_too_many_at_whatever_step(
    account: AccountSession, client: FakeClient, steps: tuple[str, str]
) -> None:
    def take(step: str) -> None:
        if step == "create":
            FORWARDING.create(account, SIP)
        else:
            FORWARDING.update(account, "ate/17", CRM, SIP)

    take(steps[0])
    with pytest.raises(DeclaredTwiceError, match="the forwarding of ate/17"):
        take(steps[1])
    assert client.methods() == ["forward"]


def test_an_update_that_failed_may_be_tried_again(account: AccountSession, client: FakeClient) -> None:
    client.faults["forward"] = [Fault(InvalidRequestError("forwarding", "no such SIP account"))]
    with pytest.raises(InvalidRequestError):
        FORWARDING.update(account, "ate/17", CRM, SIP)
    assert FORWARDING.update(account, "ate/17", CRM, SIP) == {**SIP, "set_on": "79104445566"}


def test_reading_tells_what_was_set_last(account: AccountSession, client: FakeClient) -> None:
    assert FORWARDING.read(account, "ate/17", SIP) == Read("ate/17", SIP, None)
    assert client.methods() == ["list"]


def test_reading_many_is_one_list(account: AccountSession, client: FakeClient) -> None:
    for _ in range(10):
        FORWARDING.read(account, "ate/17", SIP)
    assert client.methods() == ["list"]


@pytest.mark.parametrize("gone", [{"number_id": 19}, {"number_type": "sipuri"}])
def test_a_forwarding_is_gone_with_its_number(account: AccountSession, gone: dict[str, Any]) -> None:
    assert FORWARDING.read(account, "ate/17", {**SIP, **gone}) is None


def test_a_list_without_ids_takes_no_forwarding_for_gone(account: AccountSession, client: FakeClient) -> None:
    client.ids = False
    assert FORWARDING.read(account, "ate/99", {**SIP, "number_id": 99}) is not None


def test_a_list_that_fails_is_no_forwarding_that_is_gone(account: AccountSession, client: FakeClient) -> None:
    client.faults["list"] = [Fault(ServerError("listing", "down"))]
    with pytest.raises(ServerError):
        FORWARDING.read(account, "ate/17", SIP)


def _refusal() -> InvalidRequestError:
    return InvalidRequestError("forwarding ate/17", "no such group")


def test_a_refusal_names_the_number_of_the_id(account: AccountSession, client: FakeClient) -> None:
    client.faults["forward"] = [Fault(_refusal())]
    with pytest.raises(InvalidRequestError, match=r"^forwarding ate/17 \(79104445566\): no such group"):
        FORWARDING.create(account, SIP)
    assert client.methods() == ["forward", "list"]


@pytest.mark.parametrize(
    "failure",
    [
        NotSentError("forwarding ate/17", "no connection"),
        MaybeDoneError("forwarding ate/17", "no answer within 30 s"),
        RateLimitedError("forwarding ate/17", "too many requests"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_an_api_that_does_not_answer_is_not_asked_for_the_name(
    account: AccountSession, client: FakeClient, failure: ApiError
) -> None:
    client.faults["forward"] = [Fault(failure)]
    with pytest.raises(type(failure), match=r"^forwarding ate/17: "):
        FORWARDING.create(account, SIP)
    assert client.methods() == ["forward"]


def test_a_refusal_whose_number_cannot_be_found_out_is_reported_all_the_same(
    account: AccountSession, client: FakeClient
) -> None:
    client.faults["forward"] = [Fault(_refusal())]
    client.faults["list"] = [Fault(ServerError("listing", "down"))]
    with pytest.raises(InvalidRequestError, match=r"^forwarding ate/17: no such group"):
        FORWARDING.create(account, SIP)


def test_deleting_is_one_post_of_empty(account: AccountSession, client: FakeClient) -> None:
    FORWARDING.delete(account, "ate/17", SIP)
    assert client.forwardings[KEY] == {"number_type": "ate", "number_id": 17, "type": "empty"}
    assert client.methods() == ["list", "forward"]


def test_deleting_the_forwarding_of_a_number_that_is_gone_sends_nothing(
    account: AccountSession, client: FakeClient
) -> None:
    FORWARDING.delete(account, "ate/19", {**SIP, "number_id": 19})
    assert client.methods() == ["list"]


def test_deleting_the_forwarding_of_a_number_that_goes_meanwhile_succeeds(
    account: AccountSession, client: FakeClient
) -> None:
    client.gone_at_forward = True
    client.faults["forward"] = [Fault(NotFoundError("clearing", "no such number"))]
    FORWARDING.delete(account, "ate/17", SIP)
    assert client.methods() == ["list", "forward", "list", "list"]


@pytest.mark.parametrize("step", ["create", "update"])
def test_a_forwarding_that_this_run_set_is_not_cleared_by_it(
    account: AccountSession, client: FakeClient, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    # A renamed resource: the engine creates the new one and then deletes the old one.
    caplog.set_level("INFO", logger="pulumi_plusofon")
    if step == "create":
        FORWARDING.create(account, SIP)
    else:
        FORWARDING.update(account, "ate/17", CRM, SIP)
    FORWARDING.delete(account, "ate/17", SIP)
    assert client.forwardings[KEY] == SIP
    assert "forwarding of ate/17: left as it is" in caplog.text


def test_a_forwarding_that_an_earlier_run_set_is_cleared(
    account: AccountSession, client: FakeClient, next_run: AccountSession
) -> None:
    FORWARDING.create(account, SIP)
    FORWARDING.delete(next_run, "ate/17", SIP)
    assert client.forwardings[KEY]["type"] == "empty"


def test_setting_one_forwarding_does_not_keep_another(account: AccountSession, client: FakeClient) -> None:
    FORWARDING.create(account, SIP)
    FORWARDING.delete(account, "ate/18", {**SIP, "number_id": 18})
    assert client.forwardings["ate", 18]["type"] == "empty"


def test_an_id_that_the_engine_made_a_float_is_an_integer_again(
    account: AccountSession, client: FakeClient
) -> None:
    FORWARDING.delete(account, "ate/17", {**SIP, "number_id": 17.0})
    assert client.calls[-1] == ("forward", {"number_type": "ate", "number_id": 17, "type": "empty"})
