"""Each documented operation as it goes over the wire, and what is made of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import Connection, ListedNumber, RefusedError, RegistrationStatus, facts
from unit.wire import TOKEN, Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.api import Client
    from unit.wire import Wire

ATE = Connection("ate", "79104445566", "sip.example.com", 5060, "21201588169353", "pa55-word")
SIPURI = Connection("sipuri", "79104445567", "sip.example.com")
ATE_BODY = {
    "host": "sip.example.com",
    "number": 79104445566,
    "port": 5060,
    "login": "21201588169353",
    "secret": "pa55-word",
}
SIPURI_BODY = {"host": "sip.example.com", "number": 79104445567}
FOLLOW = {"number_type": "ate", "number_id": 17, "type": "sip", "sip_id": 4, "cli_type": "Y"}
ROOT = "/api/v1/number/external"
LIST = {"external_numbers": [], "success": True}
STATUSES = {"status": [], "success": True}

OPERATIONS: list[Any] = [
    pytest.param(lambda c: c.list_numbers(), LIST, "GET", ROOT, None, id="list"),
    pytest.param(
        lambda c: c.registration_statuses(["111", "222"]),
        STATUSES,
        "GET",
        f"{ROOT}/status",
        {"logins": ["111", "222"]},
        id="status",
    ),
    pytest.param(facts.customer, {"id": 42291}, "GET", "/api/v1/customer-info", None, id="customer"),
    pytest.param(facts.user, {"user": {}}, "GET", "/api/v1/authuser", None, id="user"),
    pytest.param(facts.balance, {"balance": 0}, "GET", "/api/v1/payment/balance", None, id="balance"),
    pytest.param(facts.directions, {"directions": []}, "GET", "/api/v1/direction", None, id="directions"),
    pytest.param(lambda c: c.connect(ATE), None, "PUT", f"{ROOT}/ate", ATE_BODY, id="connect-ate"),
    pytest.param(
        lambda c: c.connect(SIPURI), None, "PUT", f"{ROOT}/sipuri", SIPURI_BODY, id="connect-sipuri"
    ),
    pytest.param(lambda c: c.update(101, ATE), None, "PATCH", f"{ROOT}/ate/101", ATE_BODY, id="update-ate"),
    pytest.param(
        lambda c: c.update(102, SIPURI), None, "PATCH", f"{ROOT}/sipuri/102", SIPURI_BODY, id="update-sipuri"
    ),
    pytest.param(
        lambda c: c.disconnect("ate", 101, "79104445566"),
        None,
        "DELETE",
        f"{ROOT}/ate/101",
        None,
        id="disconnect",
    ),
    pytest.param(lambda c: c.forward(FOLLOW), None, "POST", f"{ROOT}/follow", FOLLOW, id="forward"),
]


@pytest.mark.parametrize(("call", "answer", "method", "path", "body"), OPERATIONS)
def test_an_operation_is_one_request_as_documented(
    client: Client,
    wire: Wire,
    call: Callable[[Client], Any],
    answer: Any,
    method: str,
    path: str,
    body: Any,
) -> None:
    wire.script(Answer(body=answer or {"success": True}))
    call(client)
    [asked] = wire.asked
    assert (asked.method, asked.path, asked.json) == (method, path, body)


@pytest.mark.parametrize(("call", "answer", "method", "path", "body"), OPERATIONS)
def test_every_request_carries_the_four_documented_headers(
    client: Client,
    wire: Wire,
    call: Callable[[Client], Any],
    answer: Any,
    method: str,
    path: str,  # noqa: ARG001 - the table is shared
    body: Any,  # noqa: ARG001
) -> None:
    wire.script(Answer(body=answer or {"success": True}))
    call(client)
    [asked] = wire.asked
    assert asked.method == method
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["Client"] == "10553"
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_status_of_no_logins_is_asked_with_an_empty_list(client: Client, wire: Wire) -> None:
    wire.script(Answer(body=STATUSES))
    client.registration_statuses([])
    assert wire.asked[0].json == {"logins": []}


def test_the_vendors_own_list_is_understood(client: Client, wire: Wire) -> None:
    first = {
        "number": "79104445566",
        "source": "21201588169353@sip.plusofon.ru",
        "customer_id": 42291,
        "type": "АТС",
        "status": False,
    }
    second = {
        "number": "79104445567",
        "source": "sip.plusofon.ru,sip.plusofon.ru1,sip.plusofon.ru2",
        "host": "4229179104445567@ext.plusofon.ru",
        "customer_id": 42291,
        "type": "SIP-URI",
    }
    wire.script(Answer(body={"external_numbers": [first, second], "success": True}))
    assert client.list_numbers() == (
        ListedNumber(
            id=None,
            type="ate",
            number="79104445566",
            source="21201588169353@sip.plusofon.ru",
            customer_id=42291,
            registered=False,
        ),
        ListedNumber(
            id=None,
            type="sipuri",
            number="79104445567",
            source="sip.plusofon.ru,sip.plusofon.ru1,sip.plusofon.ru2",
            inbound_uri="4229179104445567@ext.plusofon.ru",
            customer_id=42291,
        ),
    )


def test_the_vendors_own_statuses_are_understood(client: Client, wire: Wire) -> None:
    item = {"login": "111", "status": "OK", "date": "2021-02-10 00:00:00"}
    wire.script(Answer(body={"status": [item], "success": True}))
    [status] = client.registration_statuses(["111"])
    assert status == RegistrationStatus("111", "OK", "2021-02-10 00:00:00")
    assert status.registered


def test_a_write_may_also_be_answered_with_201(client: Client, wire: Wire) -> None:
    wire.script(Answer(201))
    client.connect(SIPURI)
    assert wire.methods() == ["PUT"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_its_target_never_asked(client: Client, wire: Wire, status: int) -> None:
    wire.script(Answer(status, b"", {"Location": f"{wire.url}/elsewhere"}))
    with pytest.raises(RefusedError) as caught:
        client.list_numbers()
    assert caught.value.http_status == status
    assert [asked.path for asked in wire.asked] == [ROOT]


def test_a_path_in_the_base_url_stays_before_the_apis_own(wire: Wire, connect: Callable[..., Client]) -> None:
    wire.script(Answer(body=LIST))
    connect(f"{wire.url}/gateway").list_numbers()
    assert wire.asked[0].path == f"/gateway{ROOT}"


def test_requests_share_one_connection(client: Client, wire: Wire) -> None:
    wire.script(Answer(body=LIST))
    for _ in range(3):
        client.list_numbers()
    assert len({asked.port for asked in wire.asked}) == 1
