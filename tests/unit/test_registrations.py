"""All that wait for a registration share one poll, whose requests do not grow with them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import RegistrationStatus, ServerError
from pulumi_plusofon.lifecycle import registration
from pulumi_plusofon.session import AccountSession
from pulumi_plusofon.session.registrations import Registrations
from unit.fake_account import FakeClient, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable


class Server:
    """Answers for each login once `registered` is set; counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.registered = threading.Event()

    def __call__(self, logins: Iterable[str]) -> tuple[RegistrationStatus, ...]:
        logins = list(logins)
        self.asked.append(len(logins))
        time.sleep(0.01)
        word = "OK" if self.registered.is_set() else "PENDING"
        return tuple(RegistrationStatus(login, word) for login in logins)


def test_two_hundred_that_wait_cost_no_more_requests_than_one() -> None:
    account = AccountSession(FakeClient())
    account.registrations = Registrations(server := Server())
    threading.Timer(2.5, server.registered.set).start()
    with ThreadPoolExecutor(200) as pool:
        waits = [
            pool.submit(registration.wait, account, f"4477009{place:05}", f"user{place}", 30)
            for place in range(200)
        ]
        assert [wait.result() for wait in waits] == [None] * 200
    # At 0, 0.5, 1.25, 2.4 and 4.1 s, and the last round for those that came within the one before.
    assert len(server.asked) <= 7
    assert max(server.asked) == 200


def test_a_wait_that_times_out_says_what_the_operator_may_have_to_do() -> None:
    account = AccountSession(FakeClient())
    account.registrations = Registrations(Server())
    said = registration.wait(account, "447700900101", "user1", 0.6)
    assert said == (
        "447700900101: its login is not registered after 0.6 s (status: PENDING); the operator may have to"
        " admit the vendor's addresses, 185.54.48.0/22, from which it registers"
    )


def test_a_failure_ends_the_waits_that_it_was_for_and_no_later_one() -> None:
    client = FakeClient()
    client.faults["status"] = [Fault(ServerError("reading the registration status", "down", http_status=503))]
    account = AccountSession(client)
    said = registration.wait(account, "447700900101", "user1", 5)
    assert said == "447700900101: reading the registration status: HTTP 503: down"
    assert registration.wait(account, "447700900101", "user1", 5) is None


def test_a_wait_ends_though_another_is_still_asking() -> None:
    registrations = Registrations(server := Server())
    with registrations.waiting("one"), registrations.waiting("two"), ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(registrations.next, login, 1) for login in ("one", "two")]
        for answer in answers:
            found = answer.result()
            assert found
            assert found.status == "PENDING"
    assert server.asked[0] == 2


def test_an_error_that_is_not_the_apis_leaves_nothing_waiting() -> None:
    def broken(_: Iterable[str]) -> tuple[RegistrationStatus, ...]:
        raise KeyError

    registrations = Registrations(broken)
    with registrations.waiting("one"), pytest.raises(KeyError):
        registrations.next("one", 1)
    with registrations.waiting("one"), pytest.raises(KeyError):
        registrations.next("one", 1)
