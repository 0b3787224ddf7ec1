"""Several creates at once, and lists that are stale because somebody else wrote meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import Connection, InvalidRequestError, NotFoundError, RefusedError
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, Created
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.session import (
    AccountSession,
    AlreadyConnectedError,
    AmbiguousNumberError,
    DeclaredTwiceError,
    GoneError,
)
from unit.fake_account import FakeClient, Fault, entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.api import ListedNumber
    from unit.clock import Clock

NUMBERS = [f"7910444556{last}" for last in range(6, 10)]
NUMBER = NUMBERS[0]
FORWARD = {"number_type": "ate", "number_id": 101, "type": "group", "group_id": 9, "cli_type": "Y"}


def wanted(number: str = NUMBER, **more: Any) -> dict[str, Any]:
    login = {"host": "sip.example.com", "login": "111", "secret": "pa55-word"}
    checked = EXTERNAL_NUMBER.check({"type": "ate", "number": number, **login, **more})
    assert not checked.problems
    return checked.inputs


def others(number: str, number_id: int = 101) -> ListedNumber:
    """A number as somebody else connected it."""
    return entry(number_id, Connection("ate", number, "theirs.example", 5060, "999", "theirs"))


class SharedClient(FakeClient):
    """An account that somebody else writes to: `meanwhile[method]` happens once, just before that call."""

    def __init__(self, *numbers: ListedNumber) -> None:
        super().__init__(*numbers)
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.together: threading.Barrier | None = None

    def connect(self, connection: Connection) -> None:
        if self.together:
            self.together.wait(30)
        self._let("connect")
        super().connect(connection)

    def update(self, number_id: int, connection: Connection) -> None:
        self._let("update")
        super().update(number_id, connection)

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        self._let("disconnect")
        super().disconnect(number_type, number_id, number)

    def _let(self, method: str) -> None:
        self.meanwhile.pop(method, lambda: None)()


@pytest.fixture
def client() -> SharedClient:
    return SharedClient()


@pytest.fixture
def account(client: SharedClient) -> AccountSession:
    return AccountSession(client)


@pytest.fixture
def created(account: AccountSession, client: SharedClient) -> Created:
    """A number of ours, and an account that forgot what we asked of it."""
    made = EXTERNAL_NUMBER.create(account, wanted())
    client.calls.clear()
    return made


def race(account: AccountSession, *all_inputs: dict[str, Any]) -> list[Created | PlusofonError]:
    """Create all of them at once; how each ended."""
    start = threading.Barrier(len(all_inputs))

    def create(inputs: dict[str, Any]) -> Created | PlusofonError:
        start.wait(30)
        try:
            return EXTERNAL_NUMBER.create(account, inputs)
        except PlusofonError as error:
            return error

    with ThreadPoolExecutor(len(all_inputs)) as pool:
        return list(pool.map(create, all_inputs))


def test_four_creates_at_once_share_one_list_before_and_one_after(
    account: AccountSession, client: SharedClient
) -> None:
    client.together = threading.Barrier(4)
    ends = race(account, *(wanted(number) for number in NUMBERS))
    assert sorted(end.outputs["number"] for end in ends if isinstance(end, Created)) == NUMBERS
    assert sorted(number.number for number in client.numbers) == NUMBERS
    assert {end.id for end in ends if isinstance(end, Created)} == {
        str(number.id) for number in client.numbers
    }
    assert client.methods().count("connect") == 4
    # The slot that is late by more than the gathering window may want one of its own.
    assert client.methods().count("list") <= 3


def test_of_four_creates_of_one_number_one_sends_and_three_are_reported(
    account: AccountSession, client: SharedClient
) -> None:
    ends = race(account, *[wanted(adopt=True)] * 4)
    assert sum(isinstance(end, DeclaredTwiceError) for end in ends) == 3
    assert sum(isinstance(end, Created) for end in ends) == 1
    assert client.methods().count("connect") == 1
    assert len(client.numbers) == 1


@pytest.mark.parametrize("done", [False, True])
def test_a_create_that_fails_beside_three_others_takes_none_of_them_along(
    account: AccountSession,
    client: SharedClient,
    done: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    client.together = threading.Barrier(4)
    client.faults["connect"] = [Fault(InvalidRequestError("connecting", "no", http_status=400), done=done)]
    ends = race(account, *(wanted(number) for number in NUMBERS))
    assert sum(isinstance(end, Created) for end in ends) == 3
    assert sum(isinstance(end, InvalidRequestError) for end in ends) == 1
    assert len(client.numbers) == 3 + done


def test_four_creates_that_wait_for_a_list_that_fails_are_all_reported(
    account: AccountSession, client: SharedClient
) -> None:
    client.faults["list"] = [Fault(NotFoundError("listing", "no such page", http_status=404))] * 4
    ends = race(account, *(wanted(number) for number in NUMBERS))
    assert all(isinstance(end, NotFoundError) for end in ends)
    assert "connect" not in client.methods()


# Somebody else wrote between our list and our write


def test_a_number_that_appeared_is_the_vendors_to_refuse_and_stays_theirs(
    account: AccountSession, client: SharedClient
) -> None:
    client.meanwhile["connect"] = lambda: client.numbers.append(others(NUMBER))
    refusal = InvalidRequestError(f"connecting {NUMBER}", "number: is already connected", http_status=400)
    client.faults["connect"] = [Fault(refusal)]
    with pytest.raises(InvalidRequestError, match=f"{NUMBER}.*already connected"):
        EXTERNAL_NUMBER.create(account, wanted())
    assert client.numbers == [others(NUMBER)]
    assert client.methods() == ["list", "list", "connect"]


def test_a_number_connected_by_others_meanwhile_is_reported_with_both_ids_and_stays(
    account: AccountSession, client: SharedClient
) -> None:
    client.meanwhile["connect"] = lambda: client.numbers.append(others(NUMBER, 77))
    with pytest.raises(AmbiguousNumberError, match=rf"{NUMBER}.*2 times.*ate/77.*ate/101"):
        EXTERNAL_NUMBER.create(account, wanted())
    assert {number.id for number in client.numbers} == {77, 101}


def test_a_number_that_appeared_before_a_new_run_is_refused_unless_adopted(client: SharedClient) -> None:
    client.numbers = [others(NUMBER)]
    with pytest.raises(AlreadyConnectedError, match="nothing was sent"):
        EXTERNAL_NUMBER.create(AccountSession(client), wanted())
    assert client.methods() == ["list"]
    assert EXTERNAL_NUMBER.create(AccountSession(client), wanted(adopt=True)).id == "101"


def test_a_number_that_disappeared_is_no_failure_of_its_delete(
    client: SharedClient, created: Created
) -> None:
    client.meanwhile["disconnect"] = client.numbers.clear
    EXTERNAL_NUMBER.delete(AccountSession(client), created.id, created.outputs)
    # A 404 alone proves nothing; an empty list is believed when it comes twice.
    assert client.methods() == ["list", "disconnect", "list", "list"]
    assert client.numbers == []


def test_a_number_that_disappeared_fails_its_update_in_words(client: SharedClient, created: Created) -> None:
    client.meanwhile["update"] = client.numbers.clear
    with pytest.raises(RefusedError, match="no such id"):
        EXTERNAL_NUMBER.update(
            AccountSession(client), created.id, created.outputs, wanted(host="two.example.com")
        )


def test_a_number_that_disappears_after_its_put_is_reported_by_its_number(
    account: AccountSession,
    client: SharedClient,
    clock: Clock,  # noqa: ARG001 - its looks are not waited for
) -> None:
    client.late = 99
    with pytest.raises(PlusofonError, match=f"connecting {NUMBER}: the API answered success, and after 30 s"):
        EXTERNAL_NUMBER.create(account, wanted())


def test_an_id_that_is_another_numbers_now_is_neither_deleted_nor_changed(
    client: SharedClient, created: Created
) -> None:
    client.numbers = [others(NUMBERS[1])]
    EXTERNAL_NUMBER.delete(AccountSession(client), created.id, created.outputs)
    with pytest.raises(GoneError, match=f"{NUMBER} is no longer in the account under id 101"):
        EXTERNAL_NUMBER.update(
            AccountSession(client), created.id, created.outputs, wanted(host="two.example.com")
        )
    assert EXTERNAL_NUMBER.read(AccountSession(client), created.id, created.outputs) is None
    assert client.numbers == [others(NUMBERS[1])]
    assert set(client.methods()) == {"list"}


def test_a_number_that_has_another_id_now_is_not_deleted_before_a_refresh_has_seen_it(
    client: SharedClient, created: Created
) -> None:
    client.numbers = [replace(client.numbers[0], id=555)]
    EXTERNAL_NUMBER.delete(AccountSession(client), created.id, created.outputs)
    assert [number.id for number in client.numbers] == [555]
    read = EXTERNAL_NUMBER.read(AccountSession(client), created.id, created.outputs)
    assert read
    assert read.id == "555"
