"""Further accounts of one sandbox: each with its own token, numbers, settings, faults and log."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_plusofon.testing import SandboxAccount, SandboxError, SandboxServer
from support.vendor_api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIPURI = {"type": "sipuri", "number": "12025550101", "host": "sip.example.com"}


@pytest.fixture
def further(sandbox: SandboxServer) -> Iterator[SandboxAccount]:
    account = SandboxAccount.opened(sandbox)
    yield account
    account.end()


def listed(account: Any) -> list[Any]:
    numbers: list[Any] = Api(account.url, account.token).call("GET").json()["external_numbers"]
    return numbers


def test_accounts_share_no_number(sandbox: SandboxServer, further: SandboxAccount) -> None:
    sandbox.seed(SIPURI)
    further.seed({**SIPURI, "number": "12025550102"}, {**SIPURI, "number": "12025550103"})
    assert [entry["number"] for entry in listed(sandbox)] == ["12025550101"]
    assert [entry["number"] for entry in listed(further)] == ["12025550102", "12025550103"]


def test_accounts_share_no_log(sandbox: SandboxServer, further: SandboxAccount) -> None:
    listed(further)
    assert sandbox.requests() == []
    assert [request["operation"] for request in further.requests()] == ["list"]


def test_accounts_share_no_fault(sandbox: SandboxServer, further: SandboxAccount) -> None:
    further.fault("status", "list", status=503)
    assert Api(sandbox.url, sandbox.token).call("GET").status_code == 200
    assert Api(further.url, further.token).call("GET").status_code == 503


def test_a_reset_is_of_one_account(sandbox: SandboxServer, further: SandboxAccount) -> None:
    sandbox.seed(SIPURI)
    further.seed(SIPURI)
    further.reset()
    assert (len(sandbox.account()), further.account()) == (1, [])


def test_accounts_have_customer_ids_and_settings_of_their_own(sandbox: SandboxServer) -> None:
    usual, named = SandboxAccount.opened(sandbox), SandboxAccount.opened(sandbox, customer_id=7, no_ids=True)
    first = sandbox.settings()
    assert usual.customer_id not in (first["customer_id"], 7)
    assert usual.settings() == {**first, "customer_id": usual.customer_id}
    assert named.settings() == {**first, "customer_id": 7, "no_ids": True}
    usual.end()
    named.end()


def test_the_token_of_an_account_that_ended_is_refused(sandbox: SandboxServer) -> None:
    account = SandboxAccount.opened(sandbox)
    account.end()
    assert Api(account.url, account.token).call("GET").status_code == 401
    with pytest.raises(SandboxError, match="401"):
        account.account()


def test_the_token_of_an_account_is_in_no_log(sandbox: SandboxServer, further: SandboxAccount) -> None:
    Api(further.url, further.token).call("PUT", f"/{further.token}", {"login": further.token})
    assert further.token not in str([*further.requests(), *sandbox.requests()])


def test_the_first_account_ends_with_its_process_alone(sandbox: SandboxServer) -> None:
    with pytest.raises(SandboxError, match=r"400.*the first account ends with its process"):
        sandbox.control("DELETE", "accounts")
    assert sandbox.account() == []


@pytest.mark.parametrize("settings", [{"customer_id": "x"}, {"nothing": 1}, []])
def test_settings_that_make_no_sense_open_no_account(sandbox: SandboxServer, settings: Any) -> None:
    with pytest.raises(SandboxError, match="400"):
        sandbox.control("POST", "accounts", settings)


def test_a_process_ends_at_once_while_an_account_pauses(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        account = SandboxAccount.opened(server)
        account.fault("slow", seconds=600)

        def ask() -> None:
            try:
                Api(account.url, account.token).call("GET")
            except requests.ConnectionError as error:
                ends.append(error)

        ends: list[Exception] = []
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        while not account.requests():
            time.sleep(0.01)
        assert server.stop() == 0
        asking.join(10)
        assert not asking.is_alive()


def test_an_account_that_ends_lets_its_pauses_go(sandbox: SandboxServer) -> None:
    account = SandboxAccount.opened(sandbox)
    account.fault("slow", seconds=600)
    asking = threading.Thread(target=Api(account.url, account.token).call, args=("GET",), daemon=True)
    asking.start()
    while not account.requests():
        time.sleep(0.01)
    account.end()
    asking.join(10)
    assert not asking.is_alive()
