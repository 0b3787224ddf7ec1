"""A refresh of a number, and how waiting for its registration ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ListedNumber, ServerError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, Diff
from pulumi_plusofon.lifecycle.external_number import AWAITED
from pulumi_plusofon.session import AccountSession, NotRegisteredError, UnreadableEntryError
from unit import bad_inputs
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from unit.clock import Clock

ATE = {**bad_inputs.ATE, "adopt": False}
NUMBER, LOGIN, HOST = ATE["number"], ATE["login"], ATE["host"]
SOURCE = f"{LOGIN}@{HOST}"
STATE = {**ATE, "number_id": 101, "source": SOURCE, "inbound_uri": None, "customer_id": 42291}
WAITING = {**ATE, "wait_for_registration": 60}


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> FakeClient:
    return FakeClient(ListedNumber(101, "ate", NUMBER, SOURCE, None, 42291, registered=False))


@pytest.fixture
def account(client: FakeClient) -> AccountSession:
    return AccountSession(client)


def listed_as(client: FakeClient, source: str | None, number_id: int | None = 101) -> None:
    client.numbers = [ListedNumber(number_id, "ate", NUMBER, source, None, 42291)]


def test_a_number_as_it_was_left_has_not_drifted(account: AccountSession) -> None:
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    assert (read.id, read.outputs, read.inputs) == ("101", STATE, None)


def test_a_whole_refresh_is_one_list(account: AccountSession, client: FakeClient) -> None:
    for _ in range(10):
        EXTERNAL_NUMBER.read(account, "101", STATE)
    assert client.methods() == ["list"]


def test_a_number_that_is_not_in_a_whole_list_is_gone(account: AccountSession, client: FakeClient) -> None:
    client.numbers = []
    assert EXTERNAL_NUMBER.read(account, "101", STATE) is None


@pytest.mark.parametrize("number_id", [101, 102])
def test_a_number_under_another_type_is_not_gone(
    account: AccountSession, client: FakeClient, number_id: int
) -> None:
    client.numbers = [ListedNumber(number_id, "sipuri", NUMBER)]
    with pytest.raises(UnreadableEntryError) as caught:
        EXTERNAL_NUMBER.read(account, "101", STATE)
    assert str(caught.value) == (
        f"{NUMBER}: the state has it as ate/101, and the account lists it as sipuri/{number_id}; it does not"
        " count as gone: if it was connected anew, declare type sipuri with adopt=True"
    )


def test_a_failed_read_is_an_error_and_never_gone(account: AccountSession, client: FakeClient) -> None:
    client.faults["list"] = [Fault(ServerError("listing", "down"))]
    with pytest.raises(ServerError):
        EXTERNAL_NUMBER.read(account, "101", STATE)


@pytest.mark.parametrize(
    ("source", "drifted"),
    [
        (f"{LOGIN}@other.example.com", {"host": "other.example.com"}),
        (f"other@{HOST}", {"login": "other"}),
        ("other@other.example.com", {"login": "other", "host": "other.example.com"}),
        ("other.example.com", {"host": "other.example.com"}),
    ],
)
def test_a_changed_source_is_drift_of_the_part_that_changed(
    account: AccountSession, client: FakeClient, source: str, drifted: dict[str, str]
) -> None:
    listed_as(client, source)
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    assert read.outputs == {**STATE, "source": source, **drifted}
    assert read.inputs == {**ATE, **drifted}


def test_how_the_vendor_composes_a_source_is_not_guessed(account: AccountSession, client: FakeClient) -> None:
    # Neither the declared login nor the declared host: unchanged is what it was after our write.
    listed_as(client, "21201588169353@sip.plusofon.ru")
    state = {**STATE, "source": "21201588169353@sip.plusofon.ru", "login": "x", "host": "y.example.com"}
    read = EXTERNAL_NUMBER.read(account, "101", state)
    assert read
    assert read.inputs is None


def test_drift_back_to_the_declared_value_is_still_drift(account: AccountSession, client: FakeClient) -> None:
    # The vendor showed another host than the declared one, and now shows the declared one.
    listed_as(client, SOURCE)
    read = EXTERNAL_NUMBER.read(account, "101", {**STATE, "source": f"{LOGIN}@edge.plusofon.ru"})
    assert read
    assert read.inputs
    assert EXTERNAL_NUMBER.diff(read.outputs, ATE).changed == ["host"]


@pytest.mark.parametrize(("before", "now"), [(None, SOURCE), (SOURCE, None)])
def test_a_source_that_was_never_or_is_not_listed_says_nothing(
    account: AccountSession, client: FakeClient, before: str | None, now: str | None
) -> None:
    listed_as(client, now)
    read = EXTERNAL_NUMBER.read(account, "101", {**STATE, "source": before})
    assert read
    assert read.inputs is None
    assert read.outputs["source"] == now


def test_after_drift_the_next_preview_is_an_update_and_one_patch_repairs_it(
    account: AccountSession, client: FakeClient
) -> None:
    listed_as(client, f"{LOGIN}@other.example.com")
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    diff = EXTERNAL_NUMBER.diff(read.outputs, ATE)
    assert (diff.changed, diff.replaces) == (["host"], [])
    assert EXTERNAL_NUMBER.update(account, "101", read.outputs, ATE) == STATE
    again = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert again
    assert again.inputs is None
    assert len(client.named("update")) == 1


def test_a_number_that_came_back_under_another_id_gets_its_password_anew(
    account: AccountSession, client: FakeClient
) -> None:
    # Who removed it and connected it anew may have done so with any password: the list tells none.
    listed_as(client, SOURCE, 102)
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    assert read.id == "102"
    # Nor what it is forwarded to: as with a number that was taken over.
    assert read.outputs == {**STATE, "number_id": 102, "secret": None, "adopted": True}
    assert read.inputs == {name: value for name, value in ATE.items() if name != "secret"}
    assert EXTERNAL_NUMBER.diff(read.outputs, ATE) == Diff(["secret"], [])
    updated = EXTERNAL_NUMBER.update(account, read.id, read.outputs, ATE)
    assert client.named("update")[0][2].secret == ATE["secret"]
    again = EXTERNAL_NUMBER.read(account, "102", updated)
    assert again
    assert (again.outputs, again.inputs) == ({**STATE, "number_id": 102, "adopted": True}, None)


def test_a_number_without_a_password_has_none_to_doubt(account: AccountSession, client: FakeClient) -> None:
    given = {**bad_inputs.SIPURI, "adopt": False}
    client.numbers = [ListedNumber(102, "sipuri", given["number"], given["host"])]
    read = EXTERNAL_NUMBER.read(account, "101", {**given, "number_id": 101, "source": given["host"]})
    assert read
    assert (read.id, read.inputs) == ("102", None)


def test_an_id_that_the_list_has_come_to_give_is_taken_over(account: AccountSession) -> None:
    read = EXTERNAL_NUMBER.read(account, f"number:{NUMBER}", {**STATE, "number_id": None})
    assert read
    assert (read.id, read.outputs["number_id"]) == ("101", 101)


def test_an_id_that_the_list_no_longer_gives_is_kept(account: AccountSession, client: FakeClient) -> None:
    client.ids = False
    read = EXTERNAL_NUMBER.read(account, "101", STATE)
    assert read
    assert read.id == "101"


def test_a_login_that_registers_in_time_ends_the_wait(
    account: AccountSession, client: FakeClient, clock: Clock
) -> None:
    client.numbers = []
    client.registered = ["FAIL", "", "OK"]
    created = EXTERNAL_NUMBER.create(account, WAITING)
    assert AWAITED not in created.outputs
    assert client.named("status") == [("status", (LOGIN,))] * 3
    assert clock.total < 2


def test_without_a_wait_the_status_is_never_asked(account: AccountSession, client: FakeClient) -> None:
    client.numbers = []
    EXTERNAL_NUMBER.create(account, ATE)
    assert client.named("status") == []


@pytest.mark.parametrize(("word", "expected"), [("FAIL", "FAIL"), ("", "none")])
def test_a_create_whose_wait_times_out_keeps_the_number_and_says_so(
    account: AccountSession,
    client: FakeClient,
    caplog: pytest.LogCaptureFixture,
    clock: Clock,
    word: str,
    expected: str,
) -> None:
    client.numbers, client.registered = [], [word]
    created = EXTERNAL_NUMBER.create(account, WAITING)
    assert (created.id, created.outputs[AWAITED]) == ("101", True)
    assert f"its login is not registered after 60 s (status: {expected})" in caplog.text
    assert LOGIN not in caplog.text, "a login may be a secret"
    assert 60 <= clock.total < 61


def test_a_status_that_cannot_be_asked_does_not_lose_the_number(
    account: AccountSession, client: FakeClient
) -> None:
    client.numbers = []
    client.faults["status"] = [Fault(ServerError("reading the registration status", "down"))]
    assert EXTERNAL_NUMBER.create(account, WAITING).outputs[AWAITED] is True


def test_a_long_wait_gives_signs_of_life(
    account: AccountSession, client: FakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_plusofon")
    client.numbers, client.registered = [], ["FAIL"]
    EXTERNAL_NUMBER.create(account, WAITING)
    assert caplog.text.count("waiting for its login") == 5


def marked(**changes: Any) -> dict[str, Any]:
    return {**STATE, "wait_for_registration": 60, AWAITED: True, **changes}


def test_a_wait_that_timed_out_is_work_for_the_next_up() -> None:
    diff = EXTERNAL_NUMBER.diff(marked(), WAITING)
    assert (diff.changed, diff.replaces) == (["wait_for_registration"], [])


def test_a_wait_that_timed_out_is_not_hidden_by_a_refresh(account: AccountSession) -> None:
    read = EXTERNAL_NUMBER.read(account, "101", marked())
    assert read
    assert EXTERNAL_NUMBER.diff(read.outputs, WAITING).changed == ["wait_for_registration"]


def test_the_next_up_only_waits_again_and_takes_the_mark_away(
    account: AccountSession, client: FakeClient
) -> None:
    updated = EXTERNAL_NUMBER.update(account, "101", marked(), WAITING)
    assert client.methods() == ["status"]
    assert updated == {**STATE, "wait_for_registration": 60}
    assert EXTERNAL_NUMBER.diff(updated, WAITING).changed == []


def test_an_update_whose_wait_times_out_fails_and_says_what_to_check(
    account: AccountSession, client: FakeClient
) -> None:
    client.registered = ["FAIL"]
    with pytest.raises(NotRegisteredError) as caught:
        EXTERNAL_NUMBER.update(account, "101", STATE, {**WAITING, "host": "other.example.com"})
    assert "is not registered after 60 s" in str(caught.value)
    assert "check login, secret and host" in str(caught.value)


def test_who_no_longer_wants_to_wait_is_not_kept_waiting(account: AccountSession, client: FakeClient) -> None:
    assert EXTERNAL_NUMBER.diff(marked(), ATE).changed == ["wait_for_registration"]
    assert EXTERNAL_NUMBER.update(account, "101", marked(), ATE) == STATE
    assert client.calls == []


SEVERAL = {"type": "sipuri", "number": NUMBER, "host": "sip1.example.com,sip2.example.com", "adopt": False}


@pytest.mark.parametrize(
    ("source", "drifted"),
    [
        ("sip2.example.com,sip1.example.com", None),
        ("SIP1.example.com, sip2.example.com", None),
        ("sip1.example.com", "sip1.example.com"),
        ("sip1.example.com,sip3.example.com", "sip1.example.com,sip3.example.com"),
    ],
)
def test_the_order_of_several_servers_is_no_drift_and_another_one_is(
    account: AccountSession, client: FakeClient, source: str, drifted: str | None
) -> None:
    client.numbers = [ListedNumber(101, "sipuri", NUMBER, source, None, 42291)]
    state = {**SEVERAL, "number_id": 101, "source": SEVERAL["host"], "customer_id": 42291}
    read = EXTERNAL_NUMBER.read(account, "101", state)
    assert read
    assert (read.inputs or {}).get("host") == drifted


@pytest.mark.parametrize(
    ("host", "changed"),
    [
        ("sip2.example.com,sip1.example.com", []),
        ("SIP2.example.com,sip1.example.com", []),
        ("sip1.example.com", ["host"]),
        ("sip1.example.com,sip3.example.com", ["host"]),
    ],
)
def test_several_servers_are_compared_as_a_set(
    account: AccountSession, client: FakeClient, host: str, changed: list[str]
) -> None:
    inputs = {**SEVERAL, "host": host}
    assert EXTERNAL_NUMBER.diff(SEVERAL, inputs).changed == changed
    client.numbers = [ListedNumber(101, "sipuri", NUMBER, SEVERAL["host"], None, 42291)]
    state = {**SEVERAL, "number_id": 101, "source": SEVERAL["host"], "customer_id": 42291}
    EXTERNAL_NUMBER.update(account, "101", state, inputs)
    assert ("update" in client.methods()) == bool(changed)
