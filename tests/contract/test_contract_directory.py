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


def test_scenarios_and_queues_come_fifteen_a_page_and_the_others_whole(sandbox: SandboxServer) -> None:
    sixteen = [{"id": id_, "name": "Same"} for id_ in range(1, 17)]
    sandbox.seed_targets(sip=sixteen, group=sixteen, scenario=sixteen, call_queue=sixteen)

    assert {kind: len(get(sandbox, path).json()["data"]) for kind, path in PATHS.items()} == {
        "sip": 16,
        "group": 16,
        "scenario": 15,
        "call_queue": 15,
    }
    assert get(sandbox, "scenario").json()["per_page"] == 15


def test_an_extension_with_a_zero_in_front_stays_text(sandbox: SandboxServer) -> None:
    sandbox.seed_targets(sip=[{"id": 4, "name": "", "number": "0100"}, {"id": 5, "name": "b", "number": 0}])

    assert [entry["number"] for entry in get(sandbox, "sip").json()["data"]] == ["0100", 0]


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
    assert [entry["id"] for entry in (*first["data"], *second["data"])] == [18, 19]
    assert second["next_page_url"] is None
    assert get(account, "scenario?page=3").json()["data"] == []
    assert get(account, "groups").json()["last_page"] == 1


@pytest.mark.parametrize("path", PATHS.values())
@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=1&q=2", "q=2", "page=", f"page={'9' * 5000}"],
    ids=lambda text: text[:12],
)
def test_a_query_that_is_no_page_is_refused(account: SandboxServer, path: str, query: str) -> None:
    assert get(account, f"{path}?{query}").status_code == 400


@pytest.mark.parametrize("path", ["authuser", "payment/balance", "direction", "customer-info"])
def test_a_list_without_pages_takes_no_query(sandbox: SandboxServer, path: str) -> None:
    assert get(sandbox, f"{path}?page=1").status_code == 400


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("sip", "sip"),
        ("groups", "groups"),
        ("scenarios", "scenario"),
        ("call_queues", "call-queues"),
        ("user", "authuser"),
        ("balance", "payment/balance"),
        ("directions", "direction"),
    ],
)
def test_each_read_is_logged_and_can_be_broken_by_its_name(
    sandbox: SandboxServer, operation: str, path: str
) -> None:
    sandbox.fault("status", operation, status=503)

    assert [get(sandbox, path).status_code for _ in range(2)] == [503, 200]
    assert [(request["operation"], request["wrote"]) for request in sandbox.requests()] == [
        (operation, False)
    ] * 2


def test_a_single_sip_account_is_no_operation(account: SandboxServer) -> None:
    """The vendor answers the SIP password in clear there, so no client may ask."""
    assert get(account, "sip/4").status_code == 404


@pytest.mark.parametrize("path", [*PATHS.values(), "authuser", "payment/balance", "direction"])
def test_a_read_only_endpoint_takes_no_other_method(sandbox: SandboxServer, path: str) -> None:
    assert get(sandbox, path, "POST").status_code == 405


def test_the_account_speaks_of_itself(sandbox: SandboxServer) -> None:
    sandbox.settings(balance=-3.5)
    assert get(sandbox, "authuser").json()["user"]["role"]["client_id"] == 42291
    assert get(sandbox, "payment/balance").json()["balance"] == -3.5
    directions = get(sandbox, "direction").json()["directions"]
    assert directions["44"]["english_name"] == "United Kingdom"
