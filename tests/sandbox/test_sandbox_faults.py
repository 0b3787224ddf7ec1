"""Faults to order: each kind does what it says, to the connection and to the account, and then is over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from support.vendor_api import Api

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

BODIES: dict[str, tuple[str, str, Any]] = {
    "list": ("GET", "", None),
    "status": ("GET", "/status", {"logins": []}),
    "connect": ("PUT", "/sipuri", {"host": "h", "number": 12025550102}),
    "update": ("PATCH", "/sipuri/101", {"host": "another", "number": 12025550101}),
    "forward": (
        "POST",
        "/follow",
        {"number_type": "sipuri", "number_id": 101, "type": "sip", "sip_id": 4, "cli_type": "Y"},
    ),
    "disconnect": ("DELETE", "/sipuri/101", None),
}
WRITES = ["connect", "update", "forward", "disconnect"]


@pytest.fixture
def api(sandbox: SandboxServer) -> Api:
    sandbox.seed({"type": "sipuri", "number": "12025550101", "host": "h"})
    return Api(sandbox.url, sandbox.token)


def call(api: Api, operation: str) -> requests.Response:
    method, path, body = BODIES[operation]
    return api.call(method, path, body)


def last(sandbox: SandboxServer) -> tuple[int | None, str | None, bool]:
    entry = sandbox.requests()[-1]
    return entry["status"], entry["fault"], entry["wrote"]


@pytest.mark.parametrize("operation", BODIES)
@pytest.mark.parametrize(
    ("order", "status", "headers"),
    [
        ({"status": 503}, 503, {}),
        ({"status": 502, "retry_after": "7"}, 502, {"retry-after": "7"}),
        ({"status": 429, "retry_after": "0"}, 429, {"retry-after": "0"}),
        ({"status": 429}, 429, {}),
        ({"status": 500, "message": "no access"}, 500, {}),
    ],
)
def test_status(
    api: Api,
    sandbox: SandboxServer,
    operation: str,
    order: dict[str, Any],
    status: int,
    headers: dict[str, str],
) -> None:
    before = sandbox.account()
    sandbox.fault("status", operation, **order)

    answer = call(api, operation)

    assert answer.status_code == status
    message = order.get("message", "a fault that was ordered")
    assert answer.json() == {"success": False, "message": message}
    assert {name: value for name, value in answer.headers.items() if name == "retry-after"} == headers
    assert sandbox.account() == before
    assert last(sandbox) == (status, "status", False)
    assert call(api, operation).status_code == 200


@pytest.mark.parametrize("operation", BODIES)
def test_close_before(api: Api, sandbox: SandboxServer, operation: str) -> None:
    before = sandbox.account()
    sandbox.fault("close-before", operation)

    with pytest.raises(requests.ConnectionError):
        call(api, operation)

    assert sandbox.account() == before
    assert last(sandbox) == (None, "close-before", False)
    assert call(api, operation).status_code == 200


@pytest.mark.parametrize("operation", BODIES)
def test_close_after(api: Api, sandbox: SandboxServer, operation: str) -> None:
    before = sandbox.account()
    sandbox.fault("close-after", operation)

    with pytest.raises(requests.ConnectionError):
        call(api, operation)

    assert (sandbox.account() != before) is (operation in WRITES)
    assert last(sandbox) == (None, "close-after", operation in WRITES)


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["status", "html", "half-body", "refuse"])
def test_a_write_is_done_or_not_as_ordered(
    api: Api, sandbox: SandboxServer, operation: str, when: str, kind: str
) -> None:
    before = sandbox.account()
    sandbox.fault(kind, operation, when=when, **({"status": 503} if kind == "status" else {}))

    try:
        answer = call(api, operation)
    except requests.exceptions.ChunkedEncodingError:
        assert kind == "half-body"
    else:
        assert answer.text != '{"success": true}'

    assert (sandbox.account() != before) is (when == "after")
    assert sandbox.requests()[-1]["wrote"] is (when == "after")


@pytest.mark.parametrize("operation", BODIES)
def test_slow_is_done_at_once_and_answered_late(api: Api, sandbox: SandboxServer, operation: str) -> None:
    before = sandbox.account()
    sandbox.fault("slow", operation, seconds=0.3)
    method, path, body = BODIES[operation]

    with pytest.raises(requests.Timeout):
        api.call(method, path, body, timeout=0.1)
    assert (sandbox.account() != before) is (operation in WRITES)
    assert last(sandbox) == (200, "slow", operation in WRITES)

    sandbox.fault("slow", "list", seconds=0.3)
    began = time.monotonic()
    assert call(api, "list").status_code == 200
    assert time.monotonic() - began >= 0.3


def test_html(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("html", "list")

    answer = call(api, "list")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert answer.text.startswith("<html>")


def test_half_body(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("half-body", "list")

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        call(api, "list")


def test_refuse(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("refuse", "list", message="no such service")

    answer = call(api, "list")

    assert answer.status_code == 200
    assert answer.json() == {"success": False, "message": "no such service"}


def test_empty_list(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("empty-list", "list")

    assert call(api, "list").json() == {"external_numbers": [], "success": True}
    assert len(call(api, "list").json()["external_numbers"]) == 1


@pytest.mark.parametrize("operation", WRITES)
def test_ignore_answers_success_and_does_nothing(api: Api, sandbox: SandboxServer, operation: str) -> None:
    before = sandbox.account()
    sandbox.fault("ignore", operation)

    answer = call(api, operation)

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert sandbox.account() == before
    assert last(sandbox) == (200, "ignore", False)
    assert call(api, operation).status_code == 200
    assert sandbox.account() != before


def test_short_list(api: Api, sandbox: SandboxServer) -> None:
    sandbox.seed({"type": "sipuri", "number": "12025550102", "host": "h"})
    sandbox.fault("short-list", "list")

    answer = call(api, "list").json()

    assert [entry["number"] for entry in answer["external_numbers"]] == ["12025550101"]
    assert answer["total"] == 2
    assert len(call(api, "list").json()["external_numbers"]) == 2


def test_a_list_that_lags_shows_each_change_later(api: Api, sandbox: SandboxServer) -> None:
    def listed() -> list[tuple[str, str]]:
        return [(entry["number"], entry["source"]) for entry in call(api, "list").json()["external_numbers"]]

    old, new = ("12025550101", "h"), ("12025550102", "h")
    sandbox.settings(list_lag=0.4)
    began = time.monotonic()
    for operation in ("connect", "update"):
        assert call(api, operation).status_code == 200
    assert listed() == [old]
    while listed() == [old]:
        time.sleep(0.02)
    assert time.monotonic() - began >= 0.4
    time.sleep(0.4)
    assert listed() == [("12025550101", "another"), new]
    assert call(api, "disconnect").status_code == 200
    assert len(listed()) == 2
    sandbox.settings(list_lag=0)
    assert listed() == [new]


def test_the_list_of_numbers_can_come_in_pages(api: Api, sandbox: SandboxServer) -> None:
    sandbox.seed(*({"type": "sipuri", "number": f"1202555010{last}", "host": "h"} for last in range(2, 4)))
    assert api.call("GET", "?page=1").status_code == 400
    sandbox.settings(numbers_page_size=2)

    first, second = (api.call("GET", f"?page={page}").json() for page in (1, 2))

    assert [entry["number"][-1] for entry in first["external_numbers"] + second["external_numbers"]] == [
        *"123"
    ]
    assert (first["total"], first["last_page"], second["next_page_url"]) == (3, 2, None)
    assert first["next_page_url"].endswith("/api/v1/number/external?page=2")


def test_a_close_can_keep_silent_first(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("close-before", "list", seconds=0.2)
    began = time.monotonic()

    with pytest.raises(requests.ConnectionError):
        call(api, "list")
    assert time.monotonic() - began >= 0.2


def test_skip_and_times_choose_which_requests(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("status", "list", status=503, skip=2, times=3)

    statuses = [call(api, "list").status_code for _ in range(7)]

    assert statuses == [200, 200, 503, 503, 503, 200, 200]


def test_times_null_is_for_ever(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("status", "list", status=503, times=None)

    assert {call(api, "list").status_code for _ in range(5)} == {503}
    assert sandbox.faults()[0]["done"] == 5
    sandbox.clear_faults()
    assert call(api, "list").status_code == 200


def test_without_an_operation_every_request_counts(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("status", status=503, skip=1)

    statuses = [call(api, operation).status_code for operation in ("list", "connect", "connect")]

    assert statuses == [200, 503, 200]


def test_orders_count_apart_from_each_other(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("status", "list", status=503)
    sandbox.fault("status", "list", status=502)
    sandbox.fault("status", "disconnect", status=500)

    assert [call(api, "list").status_code for _ in range(3)] == [503, 502, 200]
    assert call(api, "disconnect").status_code == 500


@pytest.mark.parametrize(
    ("about", "another"),
    [({"number": "12025550101"}, {"number": "12025550199"}), ({"id": 101}, {"id": 999})],
)
@pytest.mark.parametrize("operation", ["update", "forward", "disconnect"])
def test_a_fault_for_one_number_leaves_the_others_alone(
    api: Api, sandbox: SandboxServer, about: dict[str, Any], another: dict[str, Any], operation: str
) -> None:
    sandbox.fault("status", operation, status=503, **another)
    assert call(api, operation).status_code == 200

    sandbox.reset()
    sandbox.seed({"type": "sipuri", "number": "12025550101", "host": "h"})
    sandbox.fault("status", operation, status=503, **about)
    assert call(api, operation).status_code == 503


def test_a_fault_for_a_number_to_come_meets_its_connect(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("status", status=503, number="12025550102")

    assert [call(api, operation).status_code for operation in ("list", "connect")] == [200, 503]


def test_who_has_no_token_uses_up_no_fault(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("status", "list", status=503)

    assert api.call("GET", headers={"Authorization": None}).status_code == 401
    assert call(api, "list").status_code == 503


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "explode"},
        {"kind": "status"},
        {"kind": "status", "status": 200},
        {"kind": "html", "status": 503},
        {"kind": "html", "retry_after": "1"},
        {"kind": "slow"},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "seconds": 1, "when": "before"},
        {"kind": "close-before", "when": "after"},
        {"kind": "close-after", "when": "before"},
        {"kind": "empty-list"},
        {"kind": "empty-list", "operation": "connect"},
        {"kind": "short-list", "operation": "status"},
        {"kind": "ignore"},
        {"kind": "ignore", "operation": "list"},
        {"kind": "ignore", "operation": "forward", "when": "after"},
        {"kind": "refuse", "operation": "fax"},
        {"kind": "refuse", "times": 0},
        {"kind": "refuse", "skip": -1},
        {"kind": "refuse", "time": 1},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(sandbox: SandboxServer, order: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {sandbox.token}"}

    answer = requests.post(f"{sandbox.url}/_sandbox/faults", json=order, headers=headers, timeout=10)

    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert sandbox.faults() == []


def test_broken_connections_leave_no_trace_in_the_output(api: Api, sandbox: SandboxServer) -> None:
    sandbox.fault("close-before", times=3)
    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            call(api, "list")

    assert sandbox.output == f"plusofon sandbox: {sandbox.url}\n"
