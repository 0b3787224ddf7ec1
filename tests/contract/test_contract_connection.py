"""PUT, PATCH and DELETE of an external number: the vendor's fields, and nothing but them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer
    from support.vendor_api import Api

BODIES: dict[str, dict[str, Any]] = {
    "ate": {"host": "et", "number": 79104445566, "port": 5060, "login": "aperiam", "secret": "non"},
    "sipuri": {"host": "et", "number": 79104445567},
}
SIP = {"type": "sip", "sip_id": 4, "cli_type": "Y"}
MISSING = object()


def changed(number_type: str, field: str, value: Any) -> dict[str, Any]:
    body = {**BODIES[number_type], field: value}
    return {name: value for name, value in body.items() if value is not MISSING}


TEXT_PROBLEMS: list[tuple[str, Any]] = [
    ("missing", MISSING),
    ("null", None),
    ("integer", 1),
    ("empty", ""),
    ("array", ["et"]),
]
INTEGER_PROBLEMS: list[tuple[str, Any]] = [
    ("missing", MISSING),
    ("null", None),
    ("string", "5060"),
    ("boolean", True),
    ("float", 5060.5),
    ("whole float", 5060.0),
    ("negative", -5060),
    ("zero", 0),
]
NUMBER_PROBLEMS: list[tuple[str, Any]] = [
    ("of 4 digits", 7910),
    ("of 16 digits", 7910444556677889),
    ("as text", "79104445566"),
]
PORT_PROBLEMS: list[tuple[str, Any]] = [("beyond 65535", 65536)]

PROBLEMS: dict[str, dict[str, list[tuple[str, Any]]]] = {
    "ate": {
        "host": TEXT_PROBLEMS,
        "number": INTEGER_PROBLEMS + NUMBER_PROBLEMS,
        "port": INTEGER_PROBLEMS + PORT_PROBLEMS,
        "login": TEXT_PROBLEMS,
        "secret": TEXT_PROBLEMS,
        "id": [("superfluous", 101)],
        "type": [("superfluous", "ate")],
    },
    "sipuri": {
        "host": TEXT_PROBLEMS,
        "number": INTEGER_PROBLEMS + NUMBER_PROBLEMS,
        "port": [("superfluous", 5060)],
        "login": [("superfluous", "aperiam")],
        "secret": [("superfluous", "non")],
    },
}

REFUSED = [
    pytest.param(number_type, field, value, id=f"{number_type} {field} {problem}")
    for number_type, fields in PROBLEMS.items()
    for field, problems in fields.items()
    for problem, value in problems
]

NO_OBJECT = [
    pytest.param(None, id="no body"),
    pytest.param("", id="empty body"),
    pytest.param("{", id="half of JSON"),
    pytest.param("[]", id="array"),
    pytest.param("null", id="null"),
    pytest.param('{"host": "et", "number": NaN}', id="NaN"),
    pytest.param("host=et&number=79104445567", id="form"),
    pytest.param("[" * 100_000, id="endless nesting"),
    pytest.param("[" * 700 + "]" * 700, id="deep nesting"),
    pytest.param('{"host": "\\ud800", "number": 79104445567}', id="half a character"),
]


@pytest.mark.parametrize("number_type", BODIES)
def test_put_connects_and_answers_success_without_an_id(api: Api, number_type: str) -> None:
    answer = api.call("PUT", f"/{number_type}", BODIES[number_type])

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert list(api.ids()) == [str(BODIES[number_type]["number"])]


@pytest.mark.parametrize(("number_type", "field", "value"), REFUSED)
def test_put_refuses(api: Api, sandbox: SandboxServer, number_type: str, field: str, value: Any) -> None:
    answer = api.call("PUT", f"/{number_type}", changed(number_type, field, value))

    assert answer.status_code == 400
    assert answer.json()["success"] is False
    assert answer.json()["message"].startswith(f"{field}:")
    assert sandbox.account() == []


@pytest.mark.parametrize("raw", NO_OBJECT)
def test_put_refuses_a_body_that_is_no_object(api: Api, sandbox: SandboxServer, raw: str | None) -> None:
    answer = api.call("PUT", "/sipuri", raw=raw)

    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert sandbox.account() == []


def test_put_names_every_wrong_field_at_once(api: Api) -> None:
    message = api.call("PUT", "/ate", {"host": 1, "number": "2"}).json()["message"]

    assert [problem.split(":")[0] for problem in message.split("; ")] == [
        "host",
        "number",
        "port",
        "login",
        "secret",
    ]


def test_a_refusal_repeats_no_value(api: Api) -> None:
    body = {**BODIES["ate"], "secret": ["canary-of-a-password"], "port": "canary-of-a-password"}

    assert "canary" not in api.call("PUT", "/ate", body).text


@pytest.mark.parametrize("other", BODIES)
def test_put_refuses_a_number_that_is_connected(api: Api, sandbox: SandboxServer, other: str) -> None:
    api.call("PUT", "/sipuri", BODIES["sipuri"])

    answer = api.call("PUT", f"/{other}", changed(other, "number", BODIES["sipuri"]["number"]))

    assert answer.status_code == 400
    assert "79104445567" in answer.json()["message"]
    assert len(sandbox.account()) == 1


@pytest.mark.parametrize("digits", [5, 15])
def test_put_accepts_numbers_of_5_to_15_digits(api: Api, digits: int) -> None:
    number = int("791044455667788"[:digits])

    assert api.call("PUT", "/sipuri", changed("sipuri", "number", number)).json() == {"success": True}


def test_patch_sets_every_field(api: Api, sandbox: SandboxServer) -> None:
    api.call("PUT", "/ate", BODIES["ate"])
    body = {
        "host": "voluptas",
        "number": 79104445569,
        "port": 6,
        "login": "repudiandae",
        "secret": "repellat",
    }

    answer = api.call("PATCH", "/ate/101", body)

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    (stored,) = sandbox.account()
    expected = {"id": 101, "host": "voluptas", "number": "79104445569", "port": 6, "login": "repudiandae"}
    assert stored.items() >= expected.items()
    assert sandbox.secret_matches("79104445569", "repellat")
    assert not sandbox.secret_matches("79104445569", "non")


@pytest.mark.parametrize(("number_type", "field", "value"), REFUSED)
def test_patch_refuses(api: Api, sandbox: SandboxServer, number_type: str, field: str, value: Any) -> None:
    api.call("PUT", f"/{number_type}", BODIES[number_type])
    before = sandbox.account()

    answer = api.call("PATCH", f"/{number_type}/101", changed(number_type, field, value))

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(f"{field}:")
    assert sandbox.account() == before


def test_patch_refuses_the_number_of_another(api: Api, sandbox: SandboxServer) -> None:
    api.call("PUT", "/ate", BODIES["ate"])
    api.call("PUT", "/sipuri", BODIES["sipuri"])
    before = sandbox.account()

    answer = api.call("PATCH", "/ate/101", changed("ate", "number", BODIES["sipuri"]["number"]))

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("number:")
    assert sandbox.account() == before


def test_delete_disconnects_and_takes_the_forwarding_along(api: Api, sandbox: SandboxServer) -> None:
    sandbox.seed({"type": "sipuri", "number": "79104445567", "host": "et", "forwarding": SIP})

    answer = api.call("DELETE", "/sipuri/101")

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert sandbox.account() == []
    api.call("PUT", "/sipuri", BODIES["sipuri"])
    (again,) = sandbox.account()
    assert (again["id"], again["forwarding"]) == (102, None)


def test_delete_takes_no_body(api: Api, sandbox: SandboxServer) -> None:
    api.call("PUT", "/sipuri", BODIES["sipuri"])

    assert api.call("DELETE", "/sipuri/101", {}).status_code == 400
    assert len(sandbox.account()) == 1


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/ate/101", id="another type's id"),
        pytest.param("/sipuri/102", id="an id never given"),
        pytest.param("/sipuri/0", id="zero"),
        pytest.param("/sipuri/-101", id="negative"),
        pytest.param("/sipuri/99999999999999999999", id="more than 64 bits"),
        pytest.param("/sipuri/79104445567", id="the number for the id"),
        pytest.param("/sipuri/number:79104445567", id="text for the id"),
        pytest.param("/%D0%90%D0%A2%D0%A1/101", id="the listed type"),
    ],
)
def test_an_absent_number_is_not_found(api: Api, sandbox: SandboxServer, method: str, path: str) -> None:
    api.call("PUT", "/sipuri", BODIES["sipuri"])
    body = BODIES["ate" if "ate" in path else "sipuri"] if method == "PATCH" else None

    answer = api.call(method, path, body)

    assert answer.status_code == 404
    assert answer.json()["success"] is False
    assert len(sandbox.account()) == 1


def test_ids_are_never_given_twice(api: Api) -> None:
    for _ in range(3):
        api.call("PUT", "/sipuri", BODIES["sipuri"])
        (given,) = api.ids().values()
        api.call("DELETE", f"/sipuri/{given}")
    api.call("PUT", "/sipuri", BODIES["sipuri"])

    assert api.ids() == {"79104445567": 104}


def test_the_vendors_example_of_a_put_has_the_right_fields_but_no_phone_number(api: Api) -> None:
    answer = api.call(
        "PUT", "/ate", {"host": "et", "number": 18, "port": 1, "login": "aperiam", "secret": "non"}
    )

    assert answer.status_code == 400
    assert [problem.split(":")[0] for problem in answer.json()["message"].split("; ")] == ["number"]
