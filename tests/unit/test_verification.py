"""Success is looked for in the list: what was sent is found there, waited for, or reported as not there."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ListedNumber, NotFoundError, ServerError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER
from pulumi_plusofon.session import AccountSession, NotListedError, UnverifiedError
from unit import bad_inputs
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from pulumi_plusofon.api import Connection
    from unit.clock import Clock

ATE = {**bad_inputs.ATE, "adopt": False}
SIPURI = {**bad_inputs.SIPURI, "adopt": False}
IGNORED = Fault()
OTHER = ListedNumber(900, "ate", "79104445599", "x@y.example")


class Vendor(FakeClient):
    """An account whose list lags: what a write changes is shown after `lag` seconds of the clock."""

    def __init__(self, *numbers: ListedNumber, clock: Clock, lag: float = 0) -> None:
        super().__init__(*numbers)
        self.clock = clock
        self.lag = lag
        self._before: list[tuple[float, list[ListedNumber]]] = []

    def _do(self, method: str, deed: Any, *details: Any) -> None:
        if method != "list":
            self._before.append((self.clock.now + self.lag, list(self.numbers)))
        super()._do(method, deed, *details)

    def _listed(self) -> tuple[ListedNumber, ...]:
        late = [numbers for shown_at, numbers in self._before if shown_at > self.clock.now]
        return tuple(late[0]) if late else super()._listed()


@pytest.fixture
def client(clock: Clock) -> Vendor:
    return Vendor(OTHER, clock=clock)


@pytest.fixture
def account(client: Vendor) -> AccountSession:
    return AccountSession(client)


def created(client: Vendor, inputs: dict[str, Any]) -> dict[str, Any]:
    """The outputs of a number that an earlier run connected."""
    outputs = EXTERNAL_NUMBER.create(AccountSession(client), inputs).outputs
    client.clock.sleep(100)
    client.calls.clear()
    return outputs


@pytest.mark.parametrize("inputs", [ATE, SIPURI], ids=["ate", "sipuri"])
def test_a_delete_that_did_nothing_is_an_error_and_the_number_stays_in_the_state(
    account: AccountSession, client: Vendor, inputs: dict[str, Any], clock: Clock
) -> None:
    state = created(client, inputs)
    began = clock.now
    client.faults["disconnect"] = [IGNORED]
    with pytest.raises(UnverifiedError) as caught:
        EXTERNAL_NUMBER.delete(account, "101", state)
    assert str(caught.value) == (
        f"disconnecting {inputs['number']}: the API answered success, and after 30 s the account still lists"
        " it (id 101); it stays in Pulumi's state: run it again, and if it stays so ask the vendor"
    )
    assert clock.now - began == pytest.approx(client.settings.timeout, abs=1)
    EXTERNAL_NUMBER.delete(AccountSession(client), "101", state)
    assert client.numbers == [OTHER]


def test_a_list_that_is_empty_after_the_last_delete_is_believed(clock: Clock) -> None:
    client = Vendor(clock=clock)
    state = created(client, ATE)
    EXTERNAL_NUMBER.delete(AccountSession(client), "101", state)
    assert client.methods() == ["list", "disconnect", "list"]


@pytest.mark.parametrize(
    ("inputs", "change", "shown"),
    [
        (SIPURI, {"host": "b.example.com"}, "host: the account has sip.example.com"),
        (SIPURI, {"host": "sip.example.com,b.example.com"}, "host: the account has sip.example.com"),
        (ATE, {"host": "b.example.com"}, "host: the account has sip.example.com"),
        (ATE, {"login": "999"}, "login: the account has 21201588169353"),
    ],
)
def test_a_patch_that_did_nothing_is_an_error(
    account: AccountSession, client: Vendor, inputs: dict[str, Any], change: dict[str, str], shown: str
) -> None:
    state = created(client, inputs)
    client.faults["update"] = [IGNORED]
    with pytest.raises(UnverifiedError) as caught:
        EXTERNAL_NUMBER.update(account, "101", state, {**inputs, **change})
    text = str(caught.value)
    answered = f"updating {inputs['number']}: the API answered success, and after 30 s the account lists it"
    assert text.startswith(f"{answered} otherwise: {shown}, and the program declares")
    assert "Pulumi's state keeps what it had" in text
    assert EXTERNAL_NUMBER.update(AccountSession(client), "101", state, {**inputs, **change})["source"]


def test_a_patch_that_changed_another_number_is_an_error(
    account: AccountSession, client: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = created(client, SIPURI)

    def of_another(_number_id: int, connection: Connection) -> None:
        client.numbers[0] = ListedNumber(900, "ate", OTHER.number, connection.host)

    monkeypatch.setattr(client, "_change", of_another)
    with pytest.raises(UnverifiedError, match=r"lists it otherwise: host: the account has sip\.example\.com"):
        EXTERNAL_NUMBER.update(account, "101", state, {**SIPURI, "host": "b.example.com"})


@pytest.mark.parametrize("source", ["21201588169353@sip.plusofon.ru", "trunk-7@voip.example.com", None])
def test_a_source_that_never_showed_what_was_sent_decides_nothing(
    account: AccountSession, client: Vendor, source: str | None
) -> None:
    client.numbers = [ListedNumber(101, "ate", ATE["number"], source, None, 42291)]
    state = {**ATE, "number_id": 101, "source": source}
    client._change = lambda *_: None  # type: ignore[method-assign]
    updated = EXTERNAL_NUMBER.update(account, "101", state, {**ATE, "host": "b.example.com"})
    assert updated["source"] == source


@pytest.mark.parametrize(
    ("source", "is_error"),
    [
        ("999@old.example.com", True),
        ("999@sip.plusofon.ru", False),
        (None, False),
    ],
)
def test_taking_over_is_an_error_where_the_list_shows_the_operator_of_before(
    account: AccountSession,
    client: Vendor,
    source: str | None,
    is_error: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    client.numbers = [ListedNumber(101, "ate", ATE["number"], source, None, 42291)]
    client.faults["update"] = [IGNORED]
    inputs = {**ATE, "adopt": True}
    if is_error:
        with pytest.raises(UnverifiedError, match=r"login: the account has 999.*host: the account has old"):
            EXTERNAL_NUMBER.create(account, inputs)
    else:
        assert EXTERNAL_NUMBER.create(account, inputs).id == "101"


def test_a_number_that_was_connected_with_other_servers_is_an_error(
    account: AccountSession, client: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = ListedNumber(101, "sipuri", SIPURI["number"], "sip.example.com,foreign.example", None, 42291)
    monkeypatch.setattr(client, "_add", lambda _: client.numbers.append(foreign))
    with pytest.raises(NotListedError, match=r"host: the account has sip\.example\.com,foreign\.example"):
        EXTERNAL_NUMBER.create(account, SIPURI)


def test_a_list_that_lags_is_waited_for_after_each_write(client: Vendor, clock: Clock) -> None:
    client.lag = 8
    began = clock.now
    made = EXTERNAL_NUMBER.create(AccountSession(client), SIPURI)
    assert 8 <= clock.now - began < 14
    began = clock.now
    changed = {**SIPURI, "host": "b.example.com"}
    updated = EXTERNAL_NUMBER.update(AccountSession(client), made.id, made.outputs, changed)
    assert updated["source"] == "b.example.com"
    assert 8 <= clock.now - began < 14
    EXTERNAL_NUMBER.delete(AccountSession(client), made.id, updated)
    assert client.numbers == [OTHER]
    assert len(client.named("connect", "update", "disconnect")) == 3


def test_a_delete_that_was_done_before_its_answer_is_waited_for_in_a_list_that_lags(client: Vendor) -> None:
    state = created(client, ATE)
    client.lag = 8
    refusal = NotFoundError("disconnecting", "no such id", http_status=404)
    client.faults["disconnect"] = [Fault(refusal, done=True)]
    EXTERNAL_NUMBER.delete(AccountSession(client), "101", state)
    assert client.numbers == [OTHER]


def test_a_list_that_fails_after_a_delete_is_reported_with_what_was_answered(
    account: AccountSession, client: Vendor
) -> None:
    state = created(client, ATE)
    client.faults["list"] = [Fault(done=True), Fault(ServerError("listing the external numbers", "down"))]
    with pytest.raises(UnverifiedError) as caught:
        EXTERNAL_NUMBER.delete(account, "101", state)
    assert str(caught.value).startswith(
        f"disconnecting {ATE['number']}: the API answered success, and the account could not be listed"
        " (listing the external numbers: down); it stays in Pulumi's state"
    )
    EXTERNAL_NUMBER.delete(AccountSession(client), "101", state)


def test_an_interrupt_ends_the_wait_for_a_list(account: AccountSession, client: Vendor, clock: Clock) -> None:
    state = created(client, ATE)
    began = clock.now
    clock.interrupts = True
    client.faults["disconnect"] = [IGNORED]
    with pytest.raises(UnverifiedError, match="until it was interrupted the account still lists it"):
        EXTERNAL_NUMBER.delete(account, "101", state)
    assert clock.now - began < 2


class Served(FakeClient):
    """An account whose requests take a moment of real time."""

    latency = 0.01

    def _do(self, method: str, deed: Any, *details: Any) -> None:
        time.sleep(self.latency)
        super()._do(method, deed, *details)


def _fill(client: FakeClient, count: int) -> list[dict[str, Any]]:
    client.numbers = [
        ListedNumber(1000 + place, "ate", f"447700{place:06}", "a@b.example", None, 42291)
        for place in range(count)
    ]
    return [
        {**ATE, "number": number.number, "number_id": number.id, "customer_id": 42291}
        for number in client.numbers
    ]


@pytest.mark.parametrize(("count", "latency"), [(64, 0.01), (24, 0.7)])
def test_deletes_of_an_engine_with_eight_slots_share_one_look_for_eight(count: int, latency: float) -> None:
    client = Served()
    states = _fill(client, count)
    client.latency = latency
    account = AccountSession(client)
    saving = threading.Lock()

    def step(state: dict[str, Any]) -> None:
        # The engine writes its state before and after each step, one step after the other.
        with saving:
            time.sleep(0.004)
        EXTERNAL_NUMBER.delete(account, str(state["number_id"]), state)
        with saving:
            time.sleep(0.004)

    with ThreadPoolExecutor(8) as engine:
        list(engine.map(step, states))
    assert client.numbers == []
    assert len(client.named("disconnect")) == count
    assert len(client.named("list")) <= count / 8 + 2


def test_deletes_that_come_one_after_the_other_wait_for_no_others(clock: Clock) -> None:
    client = Vendor(OTHER, clock=clock)
    states = _fill(client, 5)
    account = AccountSession(client)
    began = clock.now
    for state in states:
        EXTERNAL_NUMBER.delete(account, str(state["number_id"]), state)
    assert clock.now - began < 0.2
    assert len(client.named("list")) == 1 + 5


def test_writes_that_wait_for_a_list_that_lags_share_their_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Served()
    states = _fill(client, 40)
    held = list(client.numbers)
    lagging = threading.Event()
    timer = threading.Timer(2.5, lagging.set)
    listed = client._listed
    monkeypatch.setattr(client, "_listed", lambda: listed() if lagging.is_set() else tuple(held))
    account = AccountSession(client)
    timer.start()
    with ThreadPoolExecutor(40) as engine:
        list(
            engine.map(lambda state: EXTERNAL_NUMBER.delete(account, str(state["number_id"]), state), states)
        )
    timer.join()
    # Before, at 0, 0.5, 1.25, 2.4 and 4.1 s, and a few more where they did not come at the same moment.
    assert len(client.named("list")) <= 10
    assert client.numbers == []
