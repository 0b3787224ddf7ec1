"""The life of an external number: what each step asks of the account, and what it leaves in the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import Connection, InvalidRequestError, ListedNumber, ServerError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, Diff
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import (
    AccountSession,
    AlreadyConnectedError,
    DeclaredTwiceError,
    GoneError,
    NoIdError,
    NotListedError,
)
from unit import bad_inputs
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from unit.clock import Clock

ATE = {**bad_inputs.ATE, "adopt": False}
SIPURI = {**bad_inputs.SIPURI, "adopt": False}
LOGIN, HOST = ATE["login"], ATE["host"]
LISTED_ATE = {"number_id": 101, "source": f"{LOGIN}@{HOST}", "inbound_uri": None, "customer_id": 42291}
IN_STATE = {**ATE, **LISTED_ATE}
THERE = ListedNumber(101, "ate", ATE["number"], f"{LOGIN}@{HOST}", None, 42291, registered=False)
OTHER = ListedNumber(7, "ate", "79104445568", "x@sip.example.com", None, 42291)


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    return AccountSession(client)


# --- diff ---


def test_nothing_changed_is_nothing_to_do() -> None:
    assert EXTERNAL_NUMBER.diff(IN_STATE, dict(ATE)) == Diff([], [])


@pytest.mark.parametrize(
    ("field", "value"),
    [("type", "sipuri"), ("number", "79104445568"), ("type", UNKNOWN), ("number", UNKNOWN)],
)
def test_another_type_or_number_is_another_object(field: str, value: Any) -> None:
    assert EXTERNAL_NUMBER.diff(IN_STATE, {**ATE, field: value}) == Diff([field], [field])


@pytest.mark.parametrize("field", ["host", "port", "login", "secret", "adopt", "wait_for_registration"])
@pytest.mark.parametrize("value", ["another", UNKNOWN])
def test_anything_else_is_updated_in_place(field: str, value: Any) -> None:
    assert EXTERNAL_NUMBER.diff(IN_STATE, {**ATE, field: value}) == Diff([field], [])


def test_a_replacement_names_all_that_changed() -> None:
    new = {**SIPURI, "number": ATE["number"]}
    assert EXTERNAL_NUMBER.diff(IN_STATE, new) == Diff(["type", "port", "login", "secret"], ["type"])


# --- create ---


def test_creating_in_an_empty_account_is_two_lists_put_list(
    account: AccountSession, client: FakeClient
) -> None:
    created = EXTERNAL_NUMBER.create(account, ATE)
    assert (created.id, created.outputs) == ("101", IN_STATE)
    connection = Connection("ate", ATE["number"], HOST, 5060, LOGIN, ATE["secret"])
    assert client.calls == [("list",), ("list",), ("connect", connection), ("list",)]


def test_a_sipuri_number_tells_the_address_for_its_operator(
    account: AccountSession, client: FakeClient
) -> None:
    created = EXTERNAL_NUMBER.create(account, SIPURI)
    assert created.outputs["inbound_uri"] == "4229179104445567@ext.plusofon.ru"
    assert client.named("connect") == [("connect", Connection("sipuri", SIPURI["number"], HOST))]


@pytest.mark.parametrize("listed_type", ["ate", "sipuri"])
def test_a_number_that_is_there_already_is_refused_before_anything_is_sent(
    account: AccountSession, client: FakeClient, listed_type: str
) -> None:
    client.numbers = [ListedNumber(7, listed_type, ATE["number"], "somebody@else")]
    with pytest.raises(AlreadyConnectedError) as caught:
        EXTERNAL_NUMBER.create(account, ATE)
    assert client.methods() == ["list"]
    assert "79104445566 is connected already (id 7, somebody@else)" in str(caught.value)
    assert "adopt=True" in str(caught.value)


def test_adopting_sets_what_is_there_with_one_patch(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [ListedNumber(101, "ate", ATE["number"], "old@old.example.com", None, 42291)]
    created = EXTERNAL_NUMBER.create(account, {**ATE, "adopt": True})
    assert (created.id, created.outputs) == ("101", {**IN_STATE, "adopt": True, "adopted": True})
    assert client.methods() == ["list", "update", "list"]


def test_adopting_what_is_not_there_connects_it(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [OTHER]
    assert EXTERNAL_NUMBER.create(account, {**ATE, "adopt": True}).id == "101"
    assert client.methods() == ["list", "connect", "list"]


def test_a_number_of_another_type_is_not_adopted(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [ListedNumber(7, "sipuri", ATE["number"])]
    with pytest.raises(AlreadyConnectedError, match="already as type sipuri, not ate, and cannot be adopted"):
        EXTERNAL_NUMBER.create(account, {**ATE, "adopt": True})
    assert client.methods() == ["list"]


def test_two_resources_of_one_number_are_one_too_many(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [OTHER]
    EXTERNAL_NUMBER.create(account, ATE)
    with pytest.raises(DeclaredTwiceError):
        EXTERNAL_NUMBER.create(account, {**ATE, "adopt": True})
    assert client.methods() == ["list", "connect", "list"]


def test_a_create_that_failed_may_be_tried_again(account: AccountSession, client: FakeClient) -> None:
    client.faults["connect"] = [Fault(InvalidRequestError("connecting", "bad host"))]
    with pytest.raises(InvalidRequestError):
        EXTERNAL_NUMBER.create(account, ATE)
    assert EXTERNAL_NUMBER.create(account, ATE).id == "101"


def test_a_number_connected_but_never_listed_can_be_adopted_by_the_next_run(
    account: AccountSession, client: FakeClient
) -> None:
    client.late = 99
    with pytest.raises(NotListedError):
        EXTERNAL_NUMBER.create(account, ATE)
    client.late = 0
    assert EXTERNAL_NUMBER.create(AccountSession(client), {**ATE, "adopt": True}).id == "101"
    assert len(client.named("connect")) == 1


def test_in_a_list_without_ids_a_number_is_created_under_its_digits(
    account: AccountSession, client: FakeClient
) -> None:
    client.ids = False
    created = EXTERNAL_NUMBER.create(account, ATE)
    assert created.id == "number:79104445566"
    assert created.outputs["number_id"] is None


def test_in_a_list_without_ids_nothing_can_be_adopted(account: AccountSession, client: FakeClient) -> None:
    client.ids, client.numbers = False, [THERE]
    with pytest.raises(NoIdError, match="79104445566 cannot be adopted: the API's list gives it no id"):
        EXTERNAL_NUMBER.create(account, {**ATE, "adopt": True})
    assert client.methods() == ["list"]


# --- update ---


@pytest.mark.parametrize("field", ["host", "login", "secret"])
def test_a_changed_connection_is_one_patch_of_all_fields(
    account: AccountSession, client: FakeClient, field: str
) -> None:
    client.numbers = [THERE]
    new = {**ATE, field: "other"}
    outputs = EXTERNAL_NUMBER.update(account, "101", IN_STATE, new)
    connection = Connection("ate", new["number"], new["host"], 5060, new["login"], new["secret"])
    assert client.calls == [("list",), ("update", 101, connection), ("list",)]
    assert outputs == {**new, **LISTED_ATE, "source": f"{new['login']}@{new['host']}"}


@pytest.mark.parametrize("changed", [{"adopt": True}, {"wait_for_registration": 60}])
def test_a_change_of_our_own_inputs_sends_nothing(
    account: AccountSession, client: FakeClient, changed: dict[str, Any]
) -> None:
    new = {**ATE, **changed}
    assert EXTERNAL_NUMBER.update(account, "101", IN_STATE, new) == {**new, **LISTED_ATE}
    assert client.calls == []


def test_a_number_that_is_gone_is_not_updated(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [OTHER]
    with pytest.raises(GoneError, match="pulumi refresh"):
        EXTERNAL_NUMBER.update(account, "101", IN_STATE, {**ATE, "host": "other"})
    assert client.methods() == ["list"]


def test_without_an_id_nothing_can_be_updated(account: AccountSession, client: FakeClient) -> None:
    client.ids, client.numbers = False, [THERE]
    with pytest.raises(NoIdError, match="79104445566 cannot be updated"):
        EXTERNAL_NUMBER.update(account, "number:79104445566", IN_STATE, {**ATE, "host": "other"})
    assert client.methods() == ["list"]


def test_an_id_that_the_list_has_come_to_give_is_used(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [THERE]
    state = {**IN_STATE, "number_id": None}
    outputs = EXTERNAL_NUMBER.update(account, "number:79104445566", state, {**ATE, "host": "other"})
    assert outputs["number_id"] == 101


# --- delete ---


def test_deleting_is_one_delete_between_two_lists(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [THERE, OTHER]
    EXTERNAL_NUMBER.delete(account, "101", IN_STATE)
    assert client.calls == [("list",), ("disconnect", "ate", 101, ATE["number"]), ("list",)]
    assert client.numbers == [OTHER]


@pytest.mark.parametrize(
    "there",
    [
        [OTHER],
        [ListedNumber(102, "ate", ATE["number"], customer_id=42291)],
        [ListedNumber(101, "ate", "79104445568", customer_id=42291)],
    ],
)
def test_a_number_that_is_gone_or_another_is_left_alone(
    account: AccountSession, client: FakeClient, there: list[ListedNumber]
) -> None:
    client.numbers = list(there)
    EXTERNAL_NUMBER.delete(account, "101", IN_STATE)
    assert client.methods() == ["list"]


def test_without_an_id_nothing_can_be_deleted(account: AccountSession, client: FakeClient) -> None:
    client.ids, client.numbers = False, [THERE]
    with pytest.raises(NoIdError, match="79104445566 cannot be disconnected"):
        EXTERNAL_NUMBER.delete(account, "number:79104445566", {**IN_STATE, "number_id": None})
    assert client.methods() == ["list"]


def test_without_an_id_a_number_that_is_gone_is_deleted(account: AccountSession, client: FakeClient) -> None:
    client.numbers = [OTHER]
    EXTERNAL_NUMBER.delete(account, "number:79104445566", {**IN_STATE, "number_id": None})
    assert client.methods() == ["list"]


def test_a_list_that_fails_deletes_nothing(account: AccountSession, client: FakeClient) -> None:
    client.numbers, client.faults["list"] = [THERE], [Fault(ServerError("listing", "down"))]
    with pytest.raises(ServerError):
        EXTERNAL_NUMBER.delete(account, "101", IN_STATE)
    assert client.methods() == ["list"]


@pytest.mark.parametrize("adopt", [False, True])
def test_a_number_that_this_run_set_up_is_not_deleted_by_it(
    account: AccountSession, client: FakeClient, caplog: pytest.LogCaptureFixture, *, adopt: bool
) -> None:
    # A renamed resource: the engine creates the new one and then deletes the old one.
    caplog.set_level("INFO", logger="pulumi_plusofon")
    client.numbers = [THERE] if adopt else []
    created = EXTERNAL_NUMBER.create(account, {**ATE, "adopt": adopt})
    EXTERNAL_NUMBER.delete(account, created.id, created.outputs)
    assert [number.number for number in client.numbers] == [ATE["number"]]
    assert "79104445566: left connected" in caplog.text


def test_a_number_that_an_earlier_run_set_up_is_deleted(account: AccountSession, client: FakeClient) -> None:
    created = EXTERNAL_NUMBER.create(account, ATE)
    EXTERNAL_NUMBER.delete(AccountSession(client), created.id, created.outputs)
    assert client.numbers == []


def test_a_replaced_number_can_be_connected_again_as_another_type(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = [ListedNumber(7, "ate", ATE["number"], f"{LOGIN}@{HOST}")]
    EXTERNAL_NUMBER.delete(account, "7", {**IN_STATE, "number_id": 7})
    created = EXTERNAL_NUMBER.create(account, {**SIPURI, "number": ATE["number"]})
    assert (created.id, created.outputs["type"]) == ("101", "sipuri")
    # The list that is empty now is believed when it comes twice.
    assert client.methods() == ["list", "disconnect", "list", "list", "connect", "list"]
