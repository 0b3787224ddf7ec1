"""Objects that a resource of this run holds outlive the end of another resource of the same object."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import InvalidRequestError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.session import AccountSession, NumberKey
from unit import bad_inputs
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.clock import Clock

ATE = {**bad_inputs.ATE, "adopt": False}
ADOPTED = {**ATE, "adopt": True}
NUMBER = ATE["number"]
FORWARD = {"number_type": "ate", "number_id": 101, "type": "group", "group_id": 9, "cli_type": "Y"}
KEY = ("ate", 101)


class SlowClient(FakeClient):
    """An account in which a delete takes its time: `meanwhile` starts while it is under way."""

    meanwhile: Callable[[], object] | None = None
    pool: ThreadPoolExecutor
    begun: Future[object]

    def forward(self, body: dict[str, Any]) -> None:
        if body["type"] == "empty":
            self._take_time()
        super().forward(body)

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        self._take_time()
        super().disconnect(number_type, number_id, number)

    def _take_time(self) -> None:
        if self.meanwhile:
            over = threading.Event()
            self.begun = self.pool.submit(self.meanwhile)
            self.begun.add_done_callback(lambda _: over.set())
            # Long enough for what does not wait for the delete to be over before it.
            over.wait(0.3)


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


@pytest.fixture
def client() -> SlowClient:
    return SlowClient()


@pytest.fixture
def in_state(client: SlowClient) -> dict[str, Any]:
    """The outputs of a number that an earlier run connected and forwarded."""
    run = AccountSession(client)
    outputs = EXTERNAL_NUMBER.create(run, ATE).outputs
    FORWARDING.create(run, FORWARD)
    client.calls.clear()
    return outputs


@pytest.fixture
def next_run(client: SlowClient, in_state: dict[str, Any]) -> AccountSession:
    """The same account as a later process sees it."""
    assert in_state["number_id"] == 101
    account = AccountSession(client)
    account.notes.note_own(*KEY)
    return account


def test_a_number_that_is_declared_as_it_is_survives_a_leftover_delete(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_plusofon")
    EXTERNAL_NUMBER.keep(next_run, in_state)
    EXTERNAL_NUMBER.delete(next_run, "101", in_state)
    assert client.calls == []
    assert f"{NUMBER}: left connected, because another resource of this run holds it" in caplog.text


def test_a_forwarding_that_is_declared_as_it_is_survives_a_leftover_delete(
    client: SlowClient, next_run: AccountSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_plusofon")
    FORWARDING.keep(next_run, FORWARD)
    FORWARDING.delete(next_run, "ate/101", FORWARD)
    assert client.calls == []
    assert "ate/101: left as it is, because another resource of this run holds it" in caplog.text


def test_a_number_that_one_run_kept_may_be_deleted_by_the_next(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any]
) -> None:
    EXTERNAL_NUMBER.keep(next_run, in_state)
    EXTERNAL_NUMBER.delete(AccountSession(client), "101", in_state)
    assert client.numbers == []


def test_keeping_a_number_keeps_neither_another_nor_a_forwarding(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any]
) -> None:
    EXTERNAL_NUMBER.keep(next_run, {**in_state, "number": "79104445568"})
    FORWARDING.keep(next_run, {**FORWARD, "number_id": 102})
    FORWARDING.delete(next_run, "ate/101", FORWARD)
    EXTERNAL_NUMBER.delete(next_run, "101", in_state)
    assert client.methods() == ["list", "forward", "disconnect", "list"]


def test_a_kept_resource_can_still_be_changed(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any]
) -> None:
    # A preview may have found nothing to do in the same process.
    EXTERNAL_NUMBER.keep(next_run, in_state)
    FORWARDING.keep(next_run, FORWARD)
    EXTERNAL_NUMBER.update(next_run, "101", in_state, {**ATE, "host": "two.example.com"})
    FORWARDING.update(next_run, "ate/101", FORWARD, {**FORWARD, "group_id": 7})
    assert client.methods() == ["list", "update", "list", "forward"]


def test_an_updated_number_survives_a_leftover_delete(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any]
) -> None:
    EXTERNAL_NUMBER.update(next_run, "101", in_state, {**ATE, "host": "two.example.com"})
    EXTERNAL_NUMBER.delete(next_run, "101", in_state)
    assert [number.number for number in client.numbers] == [NUMBER]


def test_an_update_that_failed_keeps_nothing(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any]
) -> None:
    client.faults["update"] = [Fault(InvalidRequestError("updating", "bad host"))]
    with pytest.raises(InvalidRequestError):
        EXTERNAL_NUMBER.update(next_run, "101", in_state, {**ATE, "host": "two.example.com"})
    EXTERNAL_NUMBER.delete(next_run, "101", in_state)
    assert client.numbers == []


def test_a_forwarding_that_is_set_while_a_delete_clears_it_is_set_last(
    client: SlowClient, next_run: AccountSession
) -> None:
    client.meanwhile = lambda: FORWARDING.create(next_run, FORWARD)
    with ThreadPoolExecutor(1) as client.pool:
        FORWARDING.delete(next_run, "ate/101", FORWARD)
    client.begun.result()
    assert [body["type"] for _, body in client.named("forward")] == ["empty", "group"]
    assert client.forwardings[KEY] == FORWARD


def test_a_number_that_is_taken_over_while_a_delete_ends_it_is_connected_last(
    client: SlowClient, next_run: AccountSession, in_state: dict[str, Any]
) -> None:
    client.meanwhile = lambda: EXTERNAL_NUMBER.create(next_run, ADOPTED)
    with ThreadPoolExecutor(1) as client.pool:
        EXTERNAL_NUMBER.delete(next_run, "101", in_state)
    client.begun.result()
    assert client.methods() == ["list", "disconnect", "list", "list", "connect", "list"]
    assert [number.number for number in client.numbers] == [NUMBER]


def test_a_delete_that_begins_while_the_forwarding_is_set_does_nothing(
    client: SlowClient, next_run: AccountSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = client.forward

    def slowly(body: dict[str, Any]) -> None:
        client._take_time()
        send(body)

    client.meanwhile = lambda: FORWARDING.delete(next_run, "ate/101", FORWARD)
    monkeypatch.setattr(client, "forward", slowly)
    with ThreadPoolExecutor(1) as client.pool:
        FORWARDING.create(next_run, FORWARD)
    client.begun.result()
    assert client.calls == [("forward", FORWARD)]


def test_different_things_do_not_wait_for_each_other(client: SlowClient, next_run: AccountSession) -> None:
    another = {**FORWARD, "number_id": 102}
    client.meanwhile = lambda: FORWARDING.create(next_run, another)
    with ThreadPoolExecutor(1) as client.pool:
        FORWARDING.delete(next_run, "ate/101", FORWARD)
    assert [body["number_id"] for _, body in client.named("forward")] == [102, 101]


def test_a_failure_leaves_the_turn_to_the_next(next_run: AccountSession) -> None:
    with pytest.raises(InvalidRequestError), next_run.holds.exclusive(NumberKey(NUMBER)):
        raise InvalidRequestError("updating", "bad host")
    with next_run.holds.exclusive(NumberKey(NUMBER)):
        assert not next_run.holds.is_held(NumberKey(NUMBER))
