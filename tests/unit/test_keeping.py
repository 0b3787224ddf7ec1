"""What a resource of this run holds outlives the end of another one of the same number or forwarding."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.account import Account
from pulumi_plusofon.api import InvalidRequestError
from pulumi_plusofon.lifecycle import external_number, forwarding
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
    run = Account(client)
    outputs = external_number.create(run, ATE).outputs
    forwarding.create(run, FORWARD)
    client.calls.clear()
    return outputs


@pytest.fixture
def next_run(client: SlowClient, in_state: dict[str, Any]) -> Account:
    """The same account as a later process sees it."""
    assert in_state["number_id"] == 101
    account = Account(client)
    account.notes.note_own(*KEY)
    return account


def test_a_number_that_is_declared_as_it_is_survives_a_leftover_delete(
    client: SlowClient, next_run: Account, in_state: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_plusofon")
    external_number.keep(next_run, in_state)
    external_number.delete(next_run, "101", in_state)
    assert client.calls == []
    assert f"{NUMBER}: left connected, because another resource of this run holds it" in caplog.text


def test_a_forwarding_that_is_declared_as_it_is_survives_a_leftover_delete(
    client: SlowClient, next_run: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="pulumi_plusofon")
    forwarding.keep(next_run, FORWARD)
    forwarding.delete(next_run, "ate/101", FORWARD)
    assert client.calls == []
    assert "ate/101: left as it is, because another resource of this run holds it" in caplog.text


def test_what_one_run_kept_the_next_may_delete(
    client: SlowClient, next_run: Account, in_state: dict[str, Any]
) -> None:
    external_number.keep(next_run, in_state)
    external_number.delete(Account(client), "101", in_state)
    assert client.numbers == []


def test_keeping_a_number_keeps_neither_another_nor_a_forwarding(
    client: SlowClient, next_run: Account, in_state: dict[str, Any]
) -> None:
    external_number.keep(next_run, {**in_state, "number": "79104445568"})
    forwarding.keep(next_run, {**FORWARD, "number_id": 102})
    forwarding.delete(next_run, "ate/101", FORWARD)
    external_number.delete(next_run, "101", in_state)
    assert client.methods() == ["list", "forward", "disconnect"]


def test_what_is_kept_can_still_be_changed(
    client: SlowClient, next_run: Account, in_state: dict[str, Any]
) -> None:
    # A preview may have found nothing to do in the same process.
    external_number.keep(next_run, in_state)
    forwarding.keep(next_run, FORWARD)
    external_number.update(next_run, "101", in_state, {**ATE, "host": "two.example.com"})
    forwarding.update(next_run, "ate/101", FORWARD, {**FORWARD, "group_id": 7})
    assert client.methods() == ["list", "update", "list", "forward"]


def test_an_updated_number_survives_a_leftover_delete(
    client: SlowClient, next_run: Account, in_state: dict[str, Any]
) -> None:
    external_number.update(next_run, "101", in_state, {**ATE, "host": "two.example.com"})
    external_number.delete(next_run, "101", in_state)
    assert [one.number for one in client.numbers] == [NUMBER]


def test_an_update_that_failed_keeps_nothing(
    client: SlowClient, next_run: Account, in_state: dict[str, Any]
) -> None:
    client.faults["update"] = [Fault(InvalidRequestError("updating", "bad host"))]
    with pytest.raises(InvalidRequestError):
        external_number.update(next_run, "101", in_state, {**ATE, "host": "two.example.com"})
    external_number.delete(next_run, "101", in_state)
    assert client.numbers == []


def test_a_forwarding_that_is_set_while_a_delete_clears_it_is_set_last(
    client: SlowClient, next_run: Account
) -> None:
    client.meanwhile = lambda: forwarding.create(next_run, FORWARD)
    with ThreadPoolExecutor(1) as client.pool:
        forwarding.delete(next_run, "ate/101", FORWARD)
    client.begun.result()
    assert [body["type"] for _, body in client.named("forward")] == ["empty", "group"]
    assert client.forwardings[KEY] == FORWARD


def test_a_number_that_is_taken_over_while_a_delete_ends_it_is_connected_last(
    client: SlowClient, next_run: Account, in_state: dict[str, Any]
) -> None:
    client.meanwhile = lambda: external_number.create(next_run, ADOPTED)
    with ThreadPoolExecutor(1) as client.pool:
        external_number.delete(next_run, "101", in_state)
    client.begun.result()
    assert client.methods() == ["list", "disconnect", "connect", "list"]
    assert [one.number for one in client.numbers] == [NUMBER]


def test_a_delete_that_begins_while_the_forwarding_is_set_does_nothing(
    client: SlowClient, next_run: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = client.forward

    def slowly(body: dict[str, Any]) -> None:
        client._take_time()
        send(body)

    client.meanwhile = lambda: forwarding.delete(next_run, "ate/101", FORWARD)
    monkeypatch.setattr(client, "forward", slowly)
    with ThreadPoolExecutor(1) as client.pool:
        forwarding.create(next_run, FORWARD)
    client.begun.result()
    assert client.calls == [("forward", FORWARD)]


def test_different_things_do_not_wait_for_each_other(client: SlowClient, next_run: Account) -> None:
    another = {**FORWARD, "number_id": 102}
    client.meanwhile = lambda: forwarding.create(next_run, another)
    with ThreadPoolExecutor(1) as client.pool:
        forwarding.delete(next_run, "ate/101", FORWARD)
    assert [body["number_id"] for _, body in client.named("forward")] == [102, 101]


def test_a_failure_leaves_the_turn_to_the_next(next_run: Account) -> None:
    with pytest.raises(InvalidRequestError), next_run.alone_with(NUMBER):
        raise InvalidRequestError("updating", "bad host")
    with next_run.alone_with(NUMBER):
        assert not next_run.keeps(NUMBER)
