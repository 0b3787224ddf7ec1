"""GET of the registrations, with its body on a GET."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer
    from support.vendor_api import Api


@pytest.fixture
def logins(api: Api) -> list[str]:
    for login, number in (("111", 79104445566), ("222", 79104445568)):
        body = {"host": "sip.plusofon.ru", "number": number, "port": 5060, "login": login, "secret": "non"}
        assert api.call("PUT", "/ate", body).status_code == 200
    assert api.call("PUT", "/sipuri", {"host": "h", "number": 79104445567}).status_code == 200
    return ["111", "222"]


def statuses(api: Api, logins: list[str]) -> list[dict[str, Any]]:
    answer = api.call("GET", "/status", {"logins": logins})
    assert answer.status_code == 200
    assert answer.json()["success"] is True
    found: list[dict[str, Any]] = answer.json()["status"]
    return found


@pytest.mark.read_only
def test_a_registration_is_login_status_and_date(api: Api) -> None:
    for item in statuses(api, []):
        assert sorted(item) == ["date", "login", "status"]
        assert all(isinstance(value, str) for value in item.values())
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", item["date"])


def test_no_login_asked_for_means_all_of_them(api: Api, logins: list[str]) -> None:
    assert [item["login"] for item in statuses(api, [])] == logins


def test_only_known_logins_among_those_asked_for_are_answered(api: Api, logins: list[str]) -> None:
    assert [item["login"] for item in statuses(api, [logins[1], "nobody"])] == [logins[1]]


def test_registered_is_ok(api: Api, logins: list[str]) -> None:
    assert [item["status"] for item in statuses(api, logins)] == ["OK", "OK"]


def test_not_yet_registered_is_not_ok(api: Api, sandbox: SandboxServer) -> None:
    sandbox.settings(registers_after=60)
    body = {"host": "h", "number": 79104445566, "port": 5060, "login": "111", "secret": "non"}
    api.call("PUT", "/ate", body)

    assert [item["status"] for item in statuses(api, [])] == ["PENDING"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(None, "body", id="no body"),
        pytest.param({}, "logins", id="logins missing"),
        pytest.param({"logins": "111"}, "logins", id="logins a string"),
        pytest.param({"logins": [111]}, "logins.0", id="a login an integer"),
        pytest.param({"logins": None}, "logins", id="logins null"),
        pytest.param({"logins": [], "type": "ate"}, "type", id="superfluous field"),
        pytest.param([], "body", id="an array"),
    ],
)
def test_any_other_body_is_refused(api: Api, body: Any, field: str) -> None:
    answer = api.call("GET", "/status", body)

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"{field}:")


def test_the_body_in_the_query_string_as_curl_g_sends_it_is_refused(api: Api) -> None:
    assert api.call("GET", '/status?{"logins":[]}').status_code == 400
