"""POST of a forwarding: each type with exactly its own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.forwarding_types import CRMS, TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.testing import SandboxServer
    from support.vendor_api import Api

NUMBER = {"number_type": "sipuri", "number_id": 101}
CLI = {"cli_type": "Y"}
TARGETS: dict[str, dict[str, Any]] = {
    **{code: {row.field: row.value} for code, row in TYPES.items()},
    "empty": {},
}
CRM_TARGET = {"host": "plusofon.bitrix24.ru"}

PLAIN = {
    code: {**NUMBER, "type": code, **target, **({} if code == "empty" else CLI)}
    for code, target in TARGETS.items()
}
BY_CRM = {code: {**NUMBER, "type": code, **CRM_TARGET, **CLI} for code in CRMS}
WITH_DEFAULT = {
    f"{code} by default {default}": {**BY_CRM[code], "type_default": default, **target}
    for code in CRMS
    for default, target in TARGETS.items()
}
WITH_CLI_DEFAULT = {
    f"{name} with cli_type_default {shown}": {**body, "cli_type_default": shown}
    for name, body in (BY_CRM | WITH_DEFAULT).items()
    for shown in "YN"
}
ACCEPTED = PLAIN | BY_CRM | WITH_DEFAULT | WITH_CLI_DEFAULT

ALL_FIELDS: dict[str, Any] = {
    **{name: value for target in TARGETS.values() for name, value in target.items()},
    **CRM_TARGET,
    **CLI,
    "type_default": "empty",
    "cli_type_default": "N",
}
WRONG_VALUES: dict[str, Sequence[Any]] = {
    **{row.field: row.wrong for row in TYPES.values()},
    "number_type": [None, 1, "", "SIP-URI", "SIPURI", ["sipuri"]],
    "number_id": [None, "101", True, 101.0, 0, -1, -(10**30), [101]],
    "type": [None, 1, "", "SIP", "fax", ["sip"], {"sip": 4}],
    "type_default": [None, 1, "", "fax", "bitrix", "amo", ["sip"]],
    "host": [None, 1, "", True],
    "cli_type": [None, "", "y", "YES", True, 1],
    "cli_type_default": [None, "", "n", "NO", False],
}
OPTIONAL = {"type_default", "cli_type_default"}
SAMPLES = {
    **PLAIN,
    "bitrix": {**BY_CRM["bitrix"], "cli_type_default": "N"},
    **{
        f"amo by default {code}": {**WITH_DEFAULT[f"amo by default {code}"], "cli_type_default": "Y"}
        for code in TARGETS
    },
}

SUPERFLUOUS = [
    pytest.param({**body, field: value}, field, id=f"{name} and {field}")
    for name, body in SAMPLES.items()
    for field, value in (ALL_FIELDS | {"id": 101, "secret": "non"}).items()
    # Adding a default's code alone makes another form, whose own field is then what is missing.
    if field not in body and not (name == "bitrix" and field == "type_default")
]
MISSING = [
    pytest.param(
        {other: value for other, value in body.items() if other != field}, field, id=f"{name} without {field}"
    )
    for name, body in SAMPLES.items()
    for field in sorted(body.keys() - OPTIONAL)
]
WRONG = [
    pytest.param({**body, field: value}, field, id=f"{name} with {field} {value!r}")
    for name, body in SAMPLES.items()
    for field in sorted(body)
    for value in WRONG_VALUES[field]
]


@pytest.fixture(autouse=True)
def number(sandbox: SandboxServer) -> None:
    sandbox.seed({"type": "sipuri", "number": "79104445567", "host": "et"})


def forwarding(sandbox: SandboxServer) -> Any:
    return sandbox.account()[0]["forwarding"]


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in ACCEPTED.items()])
def test_accepted(api: Api, sandbox: SandboxServer, body: dict[str, Any]) -> None:
    answer = api.call("POST", "/follow", body)

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    kept = {name: value for name, value in body.items() if name not in NUMBER}
    assert forwarding(sandbox) == (None if body["type"] == "empty" else kept)


@pytest.mark.parametrize(("body", "field"), SUPERFLUOUS + MISSING + WRONG)
def test_refused(api: Api, sandbox: SandboxServer, body: dict[str, Any], field: str) -> None:
    answer = api.call("POST", "/follow", body)

    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert field in [problem.split(":")[0].split(".")[0] for problem in answer.json()["message"].split("; ")]
    assert forwarding(sandbox) is None


@pytest.mark.parametrize("default", [code for code, target in TARGETS.items() if target])
def test_a_default_without_its_own_field_is_refused(api: Api, default: str) -> None:
    answer = api.call("POST", "/follow", {**BY_CRM["retail"], "type_default": default})

    (field,) = TARGETS[default]
    assert answer.status_code == 400
    assert answer.json()["message"] == f"{field}: required for type retail with type_default {default}"


def test_the_vendors_example_with_every_field_at_once_is_refused(api: Api) -> None:
    body = {**NUMBER, "type": "sip", **ALL_FIELDS}

    answer = api.call("POST", "/follow", body)

    assert answer.status_code == 400
    refused = {problem.split(":")[0] for problem in answer.json()["message"].split("; ")}
    assert refused == body.keys() - {"number_type", "number_id", "type", "sip_id", "cli_type"}


def test_a_forwarding_replaces_the_one_before(api: Api, sandbox: SandboxServer) -> None:
    api.call("POST", "/follow", PLAIN["sip"])
    api.call("POST", "/follow", PLAIN["group"])

    assert forwarding(sandbox) == {"type": "group", "group_id": 9, "cli_type": "Y"}


def test_empty_clears_it_also_when_there_is_none(api: Api, sandbox: SandboxServer) -> None:
    api.call("POST", "/follow", PLAIN["sip"])

    for _ in range(2):
        assert api.call("POST", "/follow", PLAIN["empty"]).json() == {"success": True}
        assert forwarding(sandbox) is None


@pytest.mark.parametrize(
    "number",
    [
        pytest.param({"number_id": 102}, id="an id never given"),
        pytest.param({"number_type": "ate"}, id="another type's id"),
        pytest.param({"number_id": 10**30}, id="more than 64 bits"),
    ],
)
@pytest.mark.parametrize("code", PLAIN)
def test_an_unknown_number_is_not_found(api: Api, code: str, number: dict[str, Any]) -> None:
    answer = api.call("POST", "/follow", {**PLAIN[code], **number})

    assert answer.status_code == 404
    assert answer.json()["message"].startswith("number_id:")
