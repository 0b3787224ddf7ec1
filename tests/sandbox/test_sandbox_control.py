"""The control plane: what a test sees of the account, and how it changes it and the sandbox's ways."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_plusofon.sandbox.state.settings import RequestRate
from support.vendor_api import Api

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

SIP = {"type": "sip", "sip_id": 4, "cli_type": "Y"}
ATE = {
    "type": "ate",
    "number": "12025550100",
    "host": "sip.example.com",
    "port": 5060,
    "login": "111",
    "secret": "canary-secret",
}
SIPURI = {"type": "sipuri", "number": "12025550101", "host": "sip.example.com"}
SHOWN = {"id": 101, **{name: value for name, value in ATE.items() if name != "secret"}}


@pytest.fixture
def api(sandbox: SandboxServer) -> Api:
    return Api(sandbox.url, sandbox.token)


def control(
    sandbox: SandboxServer, method: str, path: str, body: Any = None, token: str | None = None
) -> requests.Response:
    headers = {"Authorization": f"Bearer {sandbox.token if token is None else token}"}
    return requests.request(method, f"{sandbox.url}/_sandbox/{path}", json=body, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "accounts"),
        ("DELETE", "accounts"),
        ("GET", "account"),
        ("GET", "page"),
        ("GET", "routes.svg"),
        ("POST", "secret-matches"),
        ("POST", "seed"),
        ("POST", "reset"),
        ("POST", "settings"),
        ("GET", "faults"),
        ("POST", "faults"),
        ("DELETE", "faults"),
        ("GET", "requests"),
        ("DELETE", "requests"),
        ("PATCH", "numbers/101"),
        ("DELETE", "numbers/101"),
        ("PATCH", "targets/group/9"),
        ("DELETE", "targets/group/9"),
        ("GET", "nothing"),
    ],
)
def test_it_asks_for_the_token(sandbox: SandboxServer, method: str, path: str) -> None:
    sandbox.seed(ATE)

    assert control(sandbox, method, path, {}, token="wrong").status_code == 401
    assert len(sandbox.account()) == 1


def test_an_absent_path_is_not_found(sandbox: SandboxServer) -> None:
    for method, path in (("GET", "nothing"), ("DELETE", "account"), ("PATCH", "numbers/101")):
        answer = control(sandbox, method, path)
        assert (answer.status_code, answer.json()["success"]) == (404, False)


def test_the_account_shows_numbers_and_forwardings_but_no_secret(sandbox: SandboxServer) -> None:
    ids = sandbox.seed({**ATE, "forwarding": SIP}, SIPURI)

    assert ids == [101, 102]
    assert sandbox.account() == [
        {**SHOWN, "registered": True, "forwarding": SIP},
        {"id": 102, **SIPURI, "port": None, "login": None, "registered": False, "forwarding": None},
    ]


def test_a_secret_can_only_be_compared(sandbox: SandboxServer) -> None:
    sandbox.seed(ATE, SIPURI)

    assert sandbox.secret_matches("12025550100", "canary-secret")
    assert not sandbox.secret_matches("12025550100", "canary-secrets")
    assert not sandbox.secret_matches("12025550101", "canary-secret")
    assert not sandbox.secret_matches("12025550199", "canary-secret")


def test_a_number_may_have_its_plus(api: Api, sandbox: SandboxServer) -> None:
    [number_id] = sandbox.seed({**ATE, "number": "+12025550100"})
    assert sandbox.secret_matches("+12025550100", "canary-secret")
    sandbox.edit(number_id, number="+12025550101")
    assert [number["number"] for number in sandbox.account()] == ["12025550101"]
    sandbox.fault("status", "disconnect", number="+12025550101", status=500)
    assert api.call("DELETE", f"/ate/{number_id}").status_code == 500
    assert (
        control(sandbox, "POST", "seed", {"numbers": [{**SIPURI, "number": "++12025550102"}]}).status_code
        == 400
    )


@pytest.mark.parametrize(
    "number",
    [
        pytest.param({**ATE, "port": None}, id="ate without port"),
        pytest.param({**SIPURI, "login": "111"}, id="sipuri with login"),
        pytest.param({**SIPURI, "type": "fax"}, id="unknown type"),
        pytest.param({**SIPURI, "number": "1202"}, id="too short"),
        pytest.param({**SIPURI, "number": "012025550101"}, id="a zero in front"),
        pytest.param({**SIPURI, "number": "12025550100"}, id="a number twice"),
        pytest.param({**SIPURI, "forwarding": {"type": "sip"}}, id="half a forwarding"),
        pytest.param({**SIPURI, "id": 0}, id="no id"),
    ],
)
def test_a_seed_is_sown_whole_or_not_at_all(sandbox: SandboxServer, number: dict[str, Any]) -> None:
    answer = control(sandbox, "POST", "seed", {"numbers": [ATE, number]})

    assert answer.status_code == 400
    assert sandbox.account() == []


def test_a_seeded_number_need_not_be_registered(sandbox: SandboxServer) -> None:
    sandbox.seed({**ATE, "registered": False})

    assert sandbox.account()[0]["registered"] is False


def test_an_edit_changes_what_it_names_and_nothing_else(api: Api, sandbox: SandboxServer) -> None:
    sandbox.seed({**ATE, "forwarding": SIP})

    sandbox.edit(101, host="another.example.com", login="222")
    assert sandbox.account() == [
        {**SHOWN, "host": "another.example.com", "login": "222", "registered": True, "forwarding": SIP}
    ]
    assert sandbox.secret_matches("12025550100", "canary-secret")
    assert api.call("GET").json()["external_numbers"][0]["source"] == "222@another.example.com"

    sandbox.edit(101, registered=False, forwarding=None, secret="new")
    assert sandbox.account()[0]["registered"] is False
    assert sandbox.account()[0]["forwarding"] is None
    assert sandbox.secret_matches("12025550100", "new")

    sandbox.edit(101, registered=True, forwarding={"type": "group", "group_id": 9, "cli_type": "N"})
    assert sandbox.account()[0]["registered"] is True
    assert sandbox.account()[0]["forwarding"] == {"type": "group", "group_id": 9, "cli_type": "N"}


@pytest.mark.parametrize(
    ("number_id", "changes", "status"),
    [
        (101, {"port": "5060"}, 400),
        (101, {"number": "12025550101"}, 400),
        (101, {"host": "h", "forwarding": {"type": "sip"}}, 400),
        (102, {"login": "111"}, 400),
        (103, {"host": "h"}, 404),
    ],
)
def test_an_edit_that_cannot_be_changes_nothing(
    sandbox: SandboxServer, number_id: int, changes: dict[str, Any], status: int
) -> None:
    sandbox.seed(ATE, SIPURI)
    before = sandbox.account()

    assert control(sandbox, "PATCH", f"numbers/{number_id}", changes).status_code == status
    assert sandbox.account() == before


def test_a_removed_number_is_gone_with_its_forwarding(api: Api, sandbox: SandboxServer) -> None:
    sandbox.seed({**ATE, "forwarding": SIP}, SIPURI)

    sandbox.remove(101)

    assert api.ids() == {"12025550101": 102}


@pytest.mark.parametrize(
    "path", ["/_sandbox/numbers", "/_sandbox/targets/group", "/api/v1/number/external/ate"]
)
def test_an_id_of_thousands_of_digits_is_not_found(sandbox: SandboxServer, path: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    url = f"{sandbox.url}{path}/{'9' * 5000}"
    assert requests.delete(url, headers=headers, timeout=10).status_code in (400, 404)


def test_a_body_without_the_token_is_neither_read_nor_logged(api: Api, sandbox: SandboxServer) -> None:
    answer = api.call("PUT", "/ate", {"host": "x" * 1_000_000}, headers={"Authorization": None})
    assert answer.status_code == 401
    [logged] = sandbox.requests()
    assert (logged["status"], logged["body"]) == (401, None)


GONE = "id: no ate number with the id 101"
SPEAKS: dict[str, Any] = {
    "list_lag": 0,
    "page_size": None,
    "numbers_page_size": None,
    "balance": 1000.0,
    "status_as_integer": False,
    "labels": {},
    "no_customer_ids": False,
    "refusals": "message",
    "media_type": "application/json",
}


def test_reset_makes_a_new_account(api: Api, sandbox: SandboxServer) -> None:
    start = sandbox.settings()
    sandbox.seed(ATE, SIPURI)
    sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
    sandbox.seed_entries({"type": "fax"})
    sandbox.control("POST", "seed", {"customer_id": 77})
    sandbox.fault("status", status=503, times=None)
    sandbox.settings(latency=0.01, no_ids=True, registers_after=60, requests_per_second=1)
    api.call("GET")

    sandbox.reset()

    assert (sandbox.account(), sandbox.faults(), sandbox.requests()) == ([], [], [])
    assert sandbox.control("GET", "account") == {
        "numbers": [],
        "targets": {"sip": [], "group": [], "scenario": [], "call_queue": []},
        "entries": [],
    }
    assert sandbox.settings() == start
    assert sandbox.seed(SIPURI) == [101]


def test_settings_can_be_changed_one_by_one(sandbox: SandboxServer) -> None:
    assert sandbox.settings() == {
        "latency": 0,
        "registers_after": 0,
        "customer_id": 42291,
        "no_ids": False,
        "requests_per_second": None,
        **SPEAKS,
    }
    sandbox.settings(latency=0.5)
    assert sandbox.settings(no_ids=True) == {
        "latency": 0.5,
        "registers_after": 0,
        "customer_id": 42291,
        "no_ids": True,
        "requests_per_second": None,
        **SPEAKS,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"latency": -1},
        {"latency": "1"},
        {"registers_after": True},
        {"no_ids": 1},
        {"requests_per_second": 0},
        {"requests_per_second": 1.5},
        {"speed": 1},
        [],
    ],
)
def test_settings_that_make_no_sense_are_refused(sandbox: SandboxServer, changes: Any) -> None:
    before = sandbox.settings()

    assert control(sandbox, "POST", "settings", changes).status_code == 400
    assert sandbox.settings() == before


def test_latency_is_added_to_each_answer_and_shared_by_none(api: Api, sandbox: SandboxServer) -> None:
    sandbox.settings(latency=0.3)
    began = time.monotonic()
    threads = [threading.Thread(target=api.call, args=("GET",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 0.3 <= time.monotonic() - began < 8 * 0.3


def test_beyond_the_rate_the_answer_is_429(api: Api, sandbox: SandboxServer) -> None:
    sandbox.settings(requests_per_second=1)

    first, *others = [api.call("GET") for _ in range(10)]

    assert first.status_code == 200
    refused = [answer for answer in others if answer.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json()["success"] is False


def test_the_rate_holds_for_every_second_and_refusals_do_not_count() -> None:
    rate = RequestRate()

    times = [0, 0.25, 0.5, 0.75, 0.875, 1, 1.125, 1.25, 1.375, 1.5, 5, 5, 5, 5]
    admitted = [moment for moment in times if rate.admits(moment, per_second=3)]

    assert admitted == [0, 0.25, 0.5, 1, 1.25, 1.5, 5, 5, 5]


def test_an_ate_number_registers_after_the_set_time_and_again_after_each_change(
    api: Api, sandbox: SandboxServer
) -> None:
    body = {"host": "h", "number": 12025550100, "port": 5060, "login": "111", "secret": "s"}

    def statuses() -> tuple[str, bool]:
        (item,) = api.call("GET", "/status", {"logins": ["111"]}).json()["status"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", item["date"])
        return item["status"], api.call("GET").json()["external_numbers"][0]["status"]

    sandbox.settings(registers_after=1)
    for method, path in (("PUT", "/ate"), ("PATCH", "/ate/101")):
        api.call(method, path, body)
        assert statuses() == ("PENDING", False)
        deadline = time.monotonic() + 10
        while statuses() != ("OK", True):
            assert time.monotonic() < deadline


def test_the_log_tells_each_request_in_order(api: Api, sandbox: SandboxServer) -> None:
    began = time.time()
    body = {name: value for name, value in ATE.items() if name != "type"} | {"number": 12025550100}
    api.call("PUT", "/ate", body)
    api.call("PUT", "/ate", body)
    api.call("GET")
    api.call("GET", "/nothing", headers={"Authorization": None})

    log = sandbox.requests()

    assert [entry["seq"] for entry in log] == [1, 2, 3, 4]
    assert began <= log[0]["time"] <= log[-1]["time"] <= time.time()
    assert log[0] == {
        "seq": 1,
        "time": log[0]["time"],
        "method": "PUT",
        "path": "/api/v1/number/external/ate",
        "operation": "connect",
        "body": {**body, "secret": "[redacted]"},
        "status": 200,
        "fault": None,
        "wrote": True,
    }
    assert [(entry["operation"], entry["status"], entry["wrote"]) for entry in log[1:]] == [
        ("connect", 400, False),
        ("list", 200, False),
        (None, 401, False),
    ]
    sandbox.clear_requests()
    assert sandbox.requests() == []


def test_the_control_plane_is_not_logged(sandbox: SandboxServer) -> None:
    sandbox.seed(ATE)
    sandbox.account()

    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("form", "status", "content"),
    [
        ("message", 404, {"success": False, "message": GONE}),
        ("list", 404, {"success": False, "message": [GONE]}),
        ("error", 404, {"error": GONE}),
        ("code", 200, {"message": GONE, "code": 404}),
        ("errors", 422, {"message": "The given data was invalid.", "errors": {"id": [GONE[4:]]}}),
    ],
)
def test_a_refusal_comes_in_each_form_that_the_vendor_has(
    api: Api, sandbox: SandboxServer, form: str, status: int, content: dict[str, Any]
) -> None:
    sandbox.settings(refusals=form)
    answer = api.call("DELETE", "/ate/101")
    assert (answer.status_code, answer.json()) == (status, content)


def test_the_list_speaks_as_its_settings_say(api: Api, sandbox: SandboxServer) -> None:
    sandbox.seed(ATE, {**SIPURI, "host": "a.example,b.example"})
    sandbox.settings(
        status_as_integer=True, labels={"ate": "PBX"}, no_customer_ids=True, media_type="text/html"
    )
    answer = api.call("GET")
    ate, sipuri = answer.json()["external_numbers"]
    assert answer.headers["content-type"] == "text/html"
    assert (ate["type"], ate["status"], sipuri["type"]) == ("PBX", 1, "SIP-URI")
    assert sipuri["source"] == "a.example,b.example"
    assert "customer_id" not in ate
