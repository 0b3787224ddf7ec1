"""Every request: headers, paths, methods, and the form of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer
    from support.vendor_api import Api

OPERATIONS = [
    pytest.param("GET", "", id="list"),
    pytest.param("GET", "/status", id="status"),
    pytest.param("PUT", "/ate", id="connect"),
    pytest.param("PATCH", "/ate/101", id="update"),
    pytest.param("POST", "/follow", id="forward"),
    pytest.param("DELETE", "/ate/101", id="disconnect"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="missing"),
        pytest.param("Bearer wrong", id="another token"),
        pytest.param("Bearer ", id="no token"),
        pytest.param("Basic OjE=", id="another scheme"),
        pytest.param("Bearer \u00e9".encode("latin-1"), id="not ASCII"),
    ],
)
def test_a_request_without_the_token_is_refused(
    api: Api, method: str, path: str, value: str | bytes | None
) -> None:
    answer = api.call(method, path, headers={"Authorization": value})

    assert answer.status_code == 401
    assert answer.json() == {"success": False, "message": answer.json()["message"]}


def test_the_bare_token_is_no_authorization(api: Api) -> None:
    token = api.headers["Authorization"].removeprefix("Bearer ")

    assert api.call("GET", headers={"Authorization": token}).status_code == 401


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize(
    ("header", "value"),
    [
        pytest.param("Content-Type", None, id="no Content-Type"),
        pytest.param("Content-Type", "text/plain", id="another Content-Type"),
        pytest.param("Accept", None, id="no Accept"),
        pytest.param("Accept", "*/*", id="Accept anything"),
        pytest.param("Client", None, id="no Client"),
        pytest.param("Client", "", id="empty Client"),
        pytest.param("Client", "plusofon", id="Client no number"),
        pytest.param("Client", "\u00b2".encode("latin-1"), id="Client a superscript"),
    ],
)
def test_every_header_is_required(
    api: Api, method: str, path: str, header: str, value: str | bytes | None
) -> None:
    answer = api.call(method, path, headers={header: value})

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"{header}:")


def test_the_content_type_may_name_its_charset(api: Api) -> None:
    assert api.call("GET", headers={"Content-Type": "application/json; charset=utf-8"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "", "GET"),
        ("HEAD", "", "GET"),
        ("POST", "/status", "GET"),
        ("PUT", "/follow", "POST"),
        ("GET", "/ate", "PUT"),
        ("GET", "/ate/101", "PATCH, DELETE"),
        ("PUT", "/ate/101", "PATCH, DELETE"),
    ],
)
def test_another_method_is_not_allowed(api: Api, method: str, path: str, allowed: str) -> None:
    answer = api.call(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/", "/status/", "/ate/101/", "/ate/101/follow", "s", "/ate/abc"])
def test_another_path_is_not_found(api: Api, path: str) -> None:
    answer = api.call("GET", path)

    assert (answer.status_code, answer.json()["success"]) == (404, False)


@pytest.mark.parametrize("number_type", ["fax", "ATE", "SIP-URI", "follows"])
def test_another_type_is_not_found(api: Api, sandbox: SandboxServer, number_type: str) -> None:
    assert api.call("PUT", f"/{number_type}", {"host": "et", "number": 79104445567}).status_code == 404
    assert sandbox.account() == []


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_query_string_is_refused(api: Api, method: str, path: str) -> None:
    answer = api.call(method, f"{path}?limit=10")

    assert (answer.status_code, answer.json()["success"]) == (400, False)
