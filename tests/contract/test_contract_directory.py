"""GET of SIP accounts, groups, scenarios and call queues, and what the API says of the account itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

TARGETS: dict[str, list[dict[str, Any]]] = {
    "sip": [{"id": 4, "name": "Reception", "number": 100, "login": "100a"}],
    "group": [{"id": 9, "name": "Support", "number": 200}],
    "scenario": [{"id": 18, "name": "Menu"}, {"id": 19, "name": "Night", "number": "447700900110"}],
    "call_queue": [{"id": 14, "name": "Waiting"}],
}
PATHS = {"sip": "sip", "group": "groups", "scenario": "scenario", "call_queue": "call-queues"}


def get(server: SandboxServer, path: str, method: str = "GET") -> requests.Response:
    headers = {
        "Authorization": f"Bearer {server.token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Client": "10553",
    }
    return requests.request(method, f"{server.url}/api/v1/{path}", headers=headers, timeout=10)


@pytest.fixture
def account(sandbox: SandboxServer) -> SandboxServer:
    sandbox.seed_targets(**TARGETS)
    return sandbox


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("sip", [{"id": 4, "name": "Reception", "number": 100, "login": "100a"}]),
        ("group", [{"id": 9, "name": "Support", "number": 200, "timeout": 30, "sequence_rule": "all"}]),
        (
            "scenario",
            [
                {"id": 18, "name": "Menu", "type": "menu", "number": None},
                {"id": 19, "name": "Night", "type": "number", "number": "447700900110"},
            ],
        ),
        ("call_queue", [{"id": 14, "name": "Waiting", "login": 0, "logout": 0}]),
    ],
)
def test_a_list_shows_the_documented_fields(
    account: SandboxServer, kind: str, shown: list[dict[str, Any]]
) -> None:
    answer = get(account, PATHS[kind]).json()
    assert answer["data"] == shown
    assert ("last_page" in answer) == (kind in ("scenario", "call_queue"))
    assert "success" not in answer


def test_pages_are_laravels(account: SandboxServer) -> None:
    account.settings(page_size=1)
    first = get(account, "scenario").json()
    assert {key: value for key, value in first.items() if key != "data"} == {
        "current_page": 1,
        "last_page": 2,
        "next_page_url": f"{account.url}/api/v1/scenario?page=2",
        "per_page": 1,
        "total": 2,
    }
    second = get(account, "scenario?page=2").json()
    assert [one["id"] for one in (*first["data"], *second["data"])] == [18, 19]
    assert second["next_page_url"] is None
    assert get(account, "scenario?page=3").json()["data"] == []
    assert get(account, "groups").json()["last_page"] == 1


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=1&q=2", "q=2", "page="])
def test_a_query_that_is_no_page_is_refused(account: SandboxServer, query: str) -> None:
    assert get(account, f"scenario?{query}").status_code == 400


def test_a_single_sip_account_is_no_operation(account: SandboxServer) -> None:
    """The vendor answers the SIP password in clear there, so no client may ask."""
    assert get(account, "sip/4").status_code == 404


@pytest.mark.parametrize("path", [*PATHS.values(), "authuser", "payment/balance", "direction"])
def test_what_is_only_read_takes_no_other_method(sandbox: SandboxServer, path: str) -> None:
    assert get(sandbox, path, "POST").status_code == 405


def test_the_account_speaks_of_itself(sandbox: SandboxServer) -> None:
    sandbox.settings(balance=-3.5)
    assert get(sandbox, "authuser").json()["user"]["role"]["client_id"] == 42291
    assert get(sandbox, "payment/balance").json()["balance"] == -3.5
    directions = get(sandbox, "direction").json()["directions"]
    assert directions["44"]["english_name"] == "United Kingdom"
