"""GET of the external numbers: the vendor's item, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer
    from support.vendor_api import Api

ATE = {
    "host": "sip.plusofon.ru",
    "number": 79104445566,
    "port": 5060,
    "login": "21201588169353",
    "secret": "non",
}
SIPURI = {"host": "sip.plusofon.ru,sip.plusofon.ru1,sip.plusofon.ru2", "number": 79104445567}

ATE_ITEM = {"number": str, "source": str, "customer_id": int, "type": str, "status": bool}
SIPURI_ITEM = {"number": str, "source": str, "host": str, "customer_id": int, "type": str}


@pytest.mark.read_only
def test_the_list_is_an_array_of_numbers_and_success(api: Api) -> None:
    answer = api.call("GET")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["success"] is True
    for item in answer.json()["external_numbers"]:
        expected = {"\u0410\u0422\u0421": ATE_ITEM, "SIP-URI": SIPURI_ITEM}[item["type"]]
        assert {name: type(value) for name, value in item.items() if name != "id"} == expected


def test_an_empty_account_lists_nothing(api: Api) -> None:
    assert api.call("GET").json() == {"external_numbers": [], "success": True}


def test_the_list_is_the_vendors_example_and_ids(api: Api, sandbox: SandboxServer) -> None:
    sandbox.settings(registers_after=60)
    api.call("PUT", "/ate", ATE)
    api.call("PUT", "/sipuri", SIPURI)

    assert api.call("GET").json() == {
        "external_numbers": [
            {
                "id": 101,
                "number": "79104445566",
                "source": "21201588169353@sip.plusofon.ru",
                "customer_id": 42291,
                "type": "\u0410\u0422\u0421",
                "status": False,
            },
            {
                "id": 102,
                "number": "79104445567",
                "source": "sip.plusofon.ru,sip.plusofon.ru1,sip.plusofon.ru2",
                "host": "4229179104445567@ext.plusofon.ru",
                "customer_id": 42291,
                "type": "SIP-URI",
            },
        ],
        "success": True,
    }


def test_without_ids_the_list_is_the_vendors_example_to_the_letter(api: Api, sandbox: SandboxServer) -> None:
    sandbox.settings(no_ids=True)
    api.call("PUT", "/ate", ATE)
    api.call("PUT", "/sipuri", SIPURI)

    assert [sorted(item) for item in api.call("GET").json()["external_numbers"]] == [
        sorted(ATE_ITEM),
        sorted(SIPURI_ITEM),
    ]


def test_a_registered_number_says_so(api: Api) -> None:
    api.call("PUT", "/ate", ATE)

    assert api.call("GET").json()["external_numbers"][0]["status"] is True


def test_the_list_takes_no_body(api: Api) -> None:
    assert api.call("GET", body={"logins": []}).status_code == 400
