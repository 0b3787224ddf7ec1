"""The table of rules: names, levels and settings that people's files hold on to, and the page on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.policies import pack
from pulumi_plusofon.policies.rules import RULES, problems
from pulumi_plusofon.policies.settings_file import read_settings
from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.schema.kinds import kind_of
from support.policy_page import FILES, SECTIONS
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROMISED: dict[str, tuple[str, dict[str, Any]]] = {
    "forwarding-destination-allowed": ("mandatory", {"allowedCountries": ["RU"]}),
    "no-premium-rate-destination": ("mandatory", {"deniedPrefixes": [], "allowedPrefixes": []}),
    "no-forwarding-loop": ("mandatory", {"maxHops": 3}),
    "one-forwarding-per-number": ("mandatory", {}),
    "sip-host-allowed": ("mandatory", {"allowedHosts": ["*"]}),
    "sip-secret-strong": ("mandatory", {"minLength": 12}),
    "protect-in-production": ("mandatory", {"productionStacks": ["prod*", "*/prod*"]}),
    "number-has-forwarding": ("advisory", {}),
    "caller-id-explicit": ("advisory", {"requireOwnCallerId": False}),
    "registration-waited": ("advisory", {"productionStacks": ["prod*", "*/prod*"]}),
}
PRODUCTION = ("protect-in-production", "registration-waited")
NONSENSE: list[tuple[str, dict[str, Any], str]] = [
    ("forwarding-destination-allowed", {"allowedCountries": "RU"}, "allowedCountries: "),
    ("forwarding-destination-allowed", {"allowedCountries": ["ru"]}, "allowedCountries.0: "),
    ("forwarding-destination-allowed", {"allowedCountries": ["RUS"]}, "allowedCountries.0: "),
    ("forwarding-destination-allowed", {"allowedCountries": [7]}, "allowedCountries.0: "),
    (
        "forwarding-destination-allowed",
        {"allowedCountries": ["RU", "XX"]},
        "allowedCountries.1: XX is no country with phone numbers",
    ),
    (
        "forwarding-destination-allowed",
        {"allowed_countries": ["RU"]},
        "allowed_countries: the rule has no such",
    ),
    ("no-premium-rate-destination", {"deniedPrefixes": ["+44"]}, "deniedPrefixes.0: "),
    ("no-premium-rate-destination", {"deniedPrefixes": [""]}, "deniedPrefixes.0: "),
    ("no-premium-rate-destination", {"allowedPrefixes": ["+1605"]}, "allowedPrefixes.0: "),
    ("no-premium-rate-destination", {"deniedPrefixes": [4470]}, "deniedPrefixes.0: "),
    ("no-forwarding-loop", {"maxHops": -1}, "maxHops: "),
    ("no-forwarding-loop", {"maxHops": 11}, "maxHops: "),
    ("no-forwarding-loop", {"maxHops": 2.5}, "maxHops: "),
    ("no-forwarding-loop", {"maxHops": "3"}, "maxHops: "),
    ("no-forwarding-loop", {"maxHops": True}, "maxHops: "),
    ("no-forwarding-loop", {"maxHops": None}, "maxHops: "),
    ("one-forwarding-per-number", {"maxHops": 3}, "maxHops: the rule has no such setting"),
    ("sip-host-allowed", {"allowedHosts": []}, "allowedHosts: "),
    ("sip-host-allowed", {"allowedHosts": ["sip:*"]}, "allowedHosts.0: "),
    ("sip-host-allowed", {"allowedHosts": ["[a-z].example"]}, "allowedHosts.0: "),
    ("sip-secret-strong", {"minLength": 7}, "minLength: "),
    ("sip-secret-strong", {"minLength": 256}, "minLength: "),
    ("sip-secret-strong", {"minLenght": 12}, "minLenght: the rule has no such setting"),
    *((rule, {"productionStacks": []}, "productionStacks: ") for rule in PRODUCTION),
    *((rule, {"productionStacks": ["a/b/c/d"]}, "productionStacks.0: ") for rule in PRODUCTION),
    *((rule, {"productionStacks": ["/prod"]}, "productionStacks.0: ") for rule in PRODUCTION),
    ("number-has-forwarding", {"always": True}, "always: the rule has no such setting"),
    ("caller-id-explicit", {"requireOwnCallerId": "yes"}, "requireOwnCallerId: "),
    ("caller-id-explicit", {"requireOwnCallerId": 1}, "requireOwnCallerId: "),
    ("all", {"maxHops": 1}, "takes an enforcementLevel alone, and not maxHops"),
    ("no-loops", {}, "there is no such rule; the rules are forwarding-destination-allowed, no-premium-"),
]
TOKENS = {
    "pulumi-python:dynamic/plusofon:ExternalNumber": "ExternalNumber",
    "pulumi-python:dynamic/plusofon:NumberForwarding": "NumberForwarding",
    "plusofon:index:ExternalNumber": "ExternalNumber",
    "plusofon:index:NumberForwarding": "NumberForwarding",
    "plusofon:ExternalNumber": "ExternalNumber",
    "pulumi-python:dynamic/notplusofon:ExternalNumber": None,
    "plusofon:index:ExternalNumbers": None,
    "plusofon:other:ExternalNumber": None,
    "pulumi:providers:plusofon": None,
    "pulumi:pulumi:Stack": None,
}


def _settings(rule: str) -> dict[str, Any]:
    (config,) = (row.config for row in RULES if row.name == rule)
    return {name: schema["default"] for name, schema in config.schema_of_settings().items()}


def test_names_levels_and_settings_are_the_promised_ones() -> None:
    assert {rule.name: (rule.level, _settings(rule.name)) for rule in RULES} == PROMISED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_says_what_it_is_for_and_what_to_do(rule: Any) -> None:
    assert rule.severity in {"low", "medium", "high", "critical"}
    for text in (rule.description, rule.remediation):
        assert text.endswith(".")
        assert "\n" not in text
    assert all(schema["description"] for schema in rule.config.schema_of_settings().values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_has_a_name_for_people_tags_and_the_address_of_its_paragraph(rule: Any) -> None:
    policy = pack._policy(rule)
    assert (policy.display_name, policy.tags, policy.url) == (rule.display_name, list(rule.tags), rule.url)
    assert rule.display_name[0].isupper()
    assert rule.tags == tuple(dict.fromkeys(rule.tags)) != ()
    file, _, place = rule.url.partition("#")
    assert f"\n### `{place}`\n" in (ROOT / file).read_text()


def test_defaults_and_the_engines_floats_are_good_settings() -> None:
    assert list(problems({name: settings for name, (_, settings) in PROMISED.items()})) == []
    assert list(problems({"no-forwarding-loop": {"maxHops": 3.0}, "all": {}})) == []


@pytest.mark.parametrize(("rule", "settings", "expected"), NONSENSE)
def test_nonsense_is_reported_by_rule_and_setting(rule: str, settings: dict[str, Any], expected: str) -> None:
    (problem,) = problems({rule: settings})
    assert problem.startswith(f"{rule}: {expected}")
    assert "\n" not in problem


def test_all_nonsense_is_reported_at_once() -> None:
    assert len(list(problems({rule: settings for rule, settings, _ in NONSENSE}))) == len(
        {rule for rule, _, _ in NONSENSE}
    )


@pytest.mark.parametrize(("token", "kind"), TOKENS.items())
def test_resources_are_recognized_by_their_type_in_every_host(token: str, kind: str | None) -> None:
    assert kind_of(token) == kind


def test_the_page_has_each_rule_with_an_example_of_its_settings() -> None:
    assert [section.rule for section in SECTIONS] == [rule.name for rule in RULES]
    for section in SECTIONS:
        assert set(section.settings) == ({section.rule} if _settings(section.rule) else set())


def test_every_file_of_settings_is_good(tmp_path: Path) -> None:
    files = sorted((ROOT / "policy" / "config").glob("*.json"))
    assert files
    for at, text in enumerate(FILES):
        (tmp_path / f"{at}.json").write_text(text)
        files.append(tmp_path / f"{at}.json")
    assert [len(read_settings(file).exceptions) for file in files[-2:]] == [0, 1]
    assert all(read_settings(file).rules for file in files)


def test_a_resource_is_reported_by_its_kind_and_name_and_never_by_its_properties() -> None:
    assert (
        str(Resource("ExternalNumber", "office", "urn", {"secret": "x"}, "org/shop/dev"))
        == "ExternalNumber office"
    )
