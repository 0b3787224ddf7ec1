"""The pack's translation, driven by the SDK's own types: resources of both hosts, and what is unknown."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    StackValidationArgs,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from pulumi_plusofon.policies import pack
from pulumi_plusofon.policies.rules import RULES

POLICIES: dict[str, Any] = {rule.name: pack._policy(rule) for rule in RULES}
HOSTS = ("pulumi-python:dynamic/plusofon:", "plusofon:index:")


def _options(*, protect: bool = False) -> PolicyResourceOptions:
    return PolicyResourceOptions(protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


def _urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::shop::{token}::{name}"


def _judged(rule: str, token: str, **props: Any) -> list[tuple[str, str | None]]:
    urn, seen = _urn(token, "office"), unknown_checking_proxy(props)
    args = ResourceValidationArgs(token, seen, urn, "office", _options(), None, {})
    reported: list[tuple[str, str | None]] = []
    POLICIES[rule].validate(args, lambda text, urn=None: reported.append((text, urn)))
    return reported


@pytest.mark.parametrize("host", HOSTS)
def test_a_resource_is_validated_in_every_host(host: str) -> None:
    token = f"{host}ExternalNumber"
    ((text, urn),) = _judged("protect-in-production", token, number="442079460101")
    assert text.startswith("ExternalNumber office: protect is off, and stack prod is production; ")
    assert urn == _urn(token, "office")


@pytest.mark.parametrize("token", ["aws:s3:Bucket", f"{HOSTS[0]}NumberForwarding"])
def test_a_resource_that_a_rule_is_not_about_is_left_alone(token: str) -> None:
    assert _judged("protect-in-production", token, number="442079460101") == []


def test_unknown_values_are_reported_after_known_values() -> None:
    with pytest.raises(UnknownValueError) as expected:
        _judged("sip-secret-strong", f"{HOSTS[0]}ExternalNumber", login=UNKNOWN_STRING_VALUE, secret="short")
    assert expected.value.message == "login of ExternalNumber office is not known yet: checked at update"


@pytest.mark.parametrize("host", HOSTS)
def test_a_stack_knows_whose_forwarding_it_is_by_what_the_program_gave_it(host: str) -> None:
    def resource(kind: str, name: str, **props: Any) -> PolicyResource:
        token = f"{host}{kind}"
        seen = unknown_checking_proxy(props)
        return PolicyResource(token, seen, _urn(token, name), name, _options(), None, None, [], {})

    number = resource("ExternalNumber", "office", number="442079460101")
    forwarding = resource(
        *("NumberForwarding", "again"), number_id=UNKNOWN_STRING_VALUE, destination_number="442079460101"
    )
    forwarding.property_dependencies["number_id"] = [number]
    reported: list[str] = []
    POLICIES["no-forwarding-loop"].validate(
        StackValidationArgs([number, forwarding]), lambda text, _urn: reported.append(text)
    )
    (text,) = reported
    assert text.startswith("NumberForwarding again: a call to 442079460101 comes back to it (")


FORWARDING = {"number_type": "sipuri", "number_id": 101.0, "type": "group"}
NUMBER = {"type": "ate", "number": "442079460101", "host": "sip.operator.example"}


@pytest.mark.parametrize(
    ("token", "props", "kind"),
    [
        ("pulumi-python:dynamic:Resource", FORWARDING, "NumberForwarding"),
        ("pulumi-python:dynamic/office:Hotline", {**FORWARDING, "more": 1.0}, "NumberForwarding"),
        (
            "pulumi-python:dynamic:Resource",
            {**FORWARDING, "number_id": UNKNOWN_STRING_VALUE},
            "NumberForwarding",
        ),
        ("pulumi-python:dynamic:Resource", NUMBER, "ExternalNumber"),
        ("pulumi-python:dynamic:Resource", {**NUMBER, "type": "server"}, None),
        ("pulumi-python:dynamic:Resource", {"type": "ate"}, None),
        ("aws:s3:Bucket", NUMBER, None),
    ],
)
def test_a_resource_is_placed_by_its_token_or_else_by_its_properties(
    token: str, props: dict[str, Any], kind: str | None
) -> None:
    assert pack._kind(token, unknown_checking_proxy(props)) == kind
