"""The policy pack on the real engine: each rule stops what breaks it before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import EngineStack, expected_account, held_account
from pulumi_plusofon.policies.rules import RULES
from support.policy_pack import judged, written
from support.policy_page import SECTIONS, TOGETHER, program
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer
    from support.policy_page import Section

IN_PRODUCTION = {"protect-in-production", "registration-waited"}
EVERYWHERE = {section.rule for section in SECTIONS} - IN_PRODUCTION
THIS_IS_PRODUCTION = {rule: {"productionStacks": ["*/t*"]} for rule in IN_PRODUCTION}
# What in each example breaks the rule: resource, and the value and the remediation that the message names.
BREAKS = {
    "forwarding-destination-allowed": {"sales": ("12025550123 is in US", "add US to the rule's")},
    "no-premium-rate-destination": {
        "support": ("449098790123 is a premium-rate", "an ordinary phone number"),
        "evening": ("+449098790123 and is a premium-rate", "an ordinary phone number"),
    },
    "no-forwarding-loop": {
        "day": ("442079460103 -> 442079460104 -> 442079460103", "one of them elsewhere"),
        "late": ("442079460113 -> 442079460113", "one of them elsewhere"),
        "early": ("*98@sip.operator.example may lead back", "the number with its plus"),
    },
    "one-forwarding-per-number": {"front-by-night": ("442079460105 is forwarded", "remove one of the two")},
    "sip-host-allowed": {"fax": ("192.0.2.10 is an IP address", "give the server's public name")},
    "sip-secret-strong": {"desk": ("secret (not shown) is guessed", "set a random one")},
    "protect-in-production": {"hotline": ("stack test is production", "ResourceOptions(protect=True)")},
    "number-has-forwarding": {"spare": ("442079460109 go nowhere", "declare a NumberForwarding")},
    "caller-id-explicit": {"mobile": ("cli_type Y shows", "set cli_type to N")},
    "registration-waited": {"lobby": ("stack test is production", "set it to seconds")},
}
LEVELS = {rule.name: rule.level for rule in RULES}
# Under these settings, examples that break a rule break it only where no setting can be looser.
LOOSER: dict[str, Any] = {
    "all": "advisory",
    "forwarding-destination-allowed": {"allowedCountries": ["US", "GB"]},
    "protect-in-production": {"productionStacks": ["engine-*/live"]},
    "registration-waited": {"productionStacks": ["live"]},
    "caller-id-explicit": {"requireOwnCallerId": False},
}
LOOSENED = EVERYWHERE - set(LOOSER)
# Under these, examples that keep a rule break it where a setting can be tighter.
TIGHTER: dict[str, Any] = {
    "all": "mandatory",
    "forwarding-destination-allowed": {"allowedCountries": ["RU"]},
    "no-premium-rate-destination": {"deniedPrefixes": ["44207946090"]},
    "no-forwarding-loop": {"maxHops": 0},
    "sip-host-allowed": {"allowedHosts": ["*.operator.example"]},
    "sip-secret-strong": {"minLength": 200},
    "protect-in-production": {"productionStacks": ["organization/*/test"], "enforcementLevel": "advisory"},
    "registration-waited": {"productionStacks": ["TEST"]},
}
PHONES = {"sales", "support", "day", "mobile"}
TIGHTENED = {
    *(("forwarding-destination-allowed", name) for name in PHONES),
    *(("no-premium-rate-destination", name) for name in ("sales", "support")),
    ("no-forwarding-loop", "day"),
    ("sip-host-allowed", "fax"),
    *(("sip-secret-strong", name) for name in ("desk", "lobby")),
    ("registration-waited", "desk"),
}


@pytest.fixture
def stack(stack: EngineStack) -> EngineStack:
    """A stack with the SIP password that the page's examples ask for."""
    stack.run("config", "set", "--secret", "sipPassword", "--", stack.secret)
    return stack


def _write(stack: EngineStack, *examples: str) -> None:
    (stack.program / "__main__.py").write_text(program(*examples))


def _of(rules: set[str]) -> list[Section]:
    return [section for section in SECTIONS if section.rule in rules]


@pytest.mark.parametrize(
    ("rules", "settings"),
    [
        (EVERYWHERE, TOGETHER),
        (IN_PRODUCTION, {**TOGETHER, **THIS_IS_PRODUCTION}),
    ],
    ids=["everywhere", "in production"],
)
def test_each_example_of_the_page_is_refused_or_accepted(
    stack: EngineStack, sandbox: SandboxServer, rules: set[str], settings: dict[str, Any]
) -> None:
    _write(stack, *(section.refused for section in _of(rules)))
    up = judged(stack, "up", settings, "--yes", refused=True)
    assert written(stack) == []
    assert not stack.resources()
    expected = {(rule, name) for rule in rules for name in BREAKS[rule]}
    assert up.broken() == expected
    assert up.broken("mandatory") == {(rule, name) for rule, name in expected if LEVELS[rule] == "mandatory"}
    for rule, name in expected:
        messages = [
            finding.message for finding in up.found if (finding.rule, finding.resource) == (rule, name)
        ]
        value, remediation = BREAKS[rule][name]
        assert any(
            f" {name}: " in message and value in message and remediation in message for message in messages
        ), messages
        assert any(f"  {rule}  (" in line and line.endswith(f": {name})") for line in up.text.splitlines())
    assert "9460107-9460107" not in up.text
    assert not up.put_off()

    _write(stack, *(section.accepted for section in _of(rules)))
    up = judged(stack, "up", settings, "--yes", "--skip-preview", refused=False)
    assert not up.found
    assert "Policies:\n    ✅ plusofon@v" in up.text
    assert sandbox.account()


@pytest.mark.rest
def test_the_settings_of_every_rule_are_honoured(stack: EngineStack) -> None:
    _write(stack, *(section.refused for section in SECTIONS))
    looser = judged(stack, "preview", LOOSER, refused=False)
    assert looser.broken("advisory") == {(rule, name) for rule in LOOSENED for name in BREAKS[rule]}
    assert looser.broken("mandatory") == set()

    _write(stack, *(section.accepted for section in SECTIONS))
    tighter = judged(stack, "preview", TIGHTER, refused=True)
    assert tighter.broken("mandatory") == TIGHTENED
    numbers = {name for section in SECTIONS for name in section.numbers()}
    assert tighter.broken("advisory") == {
        ("protect-in-production", name) for name in numbers - {"hotline", "lobby"}
    }


@pytest.mark.rest
def test_a_rule_is_disabled_and_raised_by_its_name(stack: EngineStack) -> None:
    _write(stack, *(section.refused for section in _of(EVERYWHERE)))
    assert not judged(stack, "preview", {"all": "disabled"}, refused=False).found
    levels = {"all": "disabled", "number-has-forwarding": "mandatory", "no-forwarding-loop": "advisory"}
    some = judged(stack, "preview", levels, refused=True)
    assert some.broken("mandatory") == {("number-has-forwarding", "spare")}
    assert some.broken("advisory") == {("no-forwarding-loop", name) for name in ("day", "late", "early")}


# Files of settings, and what is reported of each.
NONSENSE: list[tuple[dict[str, Any], list[str]]] = [
    (
        {
            "forwarding-destination-allowed": {"allowedCountries": "RU"},
            "no-premium-rate-destination": {"deniedPrefixes": ["+44"]},
            "no-forwarding-loop": {"maxHops": 2.5},
            "sip-host-allowed": {"allowedHosts": []},
            "sip-secret-strong": {"minLength": 4},
            "protect-in-production": {"productionStacks": ["a/b/c/d"]},
            "caller-id-explicit": {"requireOwnCallerId": "yes"},
            "registration-waited": {"productionStacks": [1]},
        },
        [
            "forwarding-destination-allowed: allowedCountries: ",
            "no-premium-rate-destination: deniedPrefixes.0: ",
            "no-forwarding-loop: maxHops: ",
            "sip-host-allowed: allowedHosts: ",
            "sip-secret-strong: minLength: ",
            "protect-in-production: productionStacks.0: ",
            "caller-id-explicit: requireOwnCallerId: ",
            "registration-waited: productionStacks.0: ",
        ],
    ),
    # What the engine's own check lets pass, because no schema can say it or none is asked.
    (
        {
            "all": {"enforcementLevel": "mandatory", "maxHops": 1},
            "forwarding-destination-allowed": {"allowedCountries": ["RU", "XX"]},
            "sip-secret-strong": {"minLenght": 16},
            "number-has-forwarding": {"always": True},
            "no-loops": "mandatory",
        },
        [
            "all: takes an enforcementLevel alone, and not maxHops",
            "forwarding-destination-allowed: allowedCountries.1: XX is no country with phone numbers",
            "sip-secret-strong: minLenght: the rule has no such setting",
            "number-has-forwarding: always: the rule has no such setting",
            "no-loops: there is no such rule; the rules are forwarding-destination-allowed, ",
        ],
    ),
    ({"no-loops": {"maxHops": 2}}, ['configuring policy pack "plusofon"', 'invalid enforcement level ""']),
]


@pytest.mark.rest
def test_nonsense_in_the_settings_ends_the_run(stack: EngineStack, sandbox: SandboxServer) -> None:
    _write(stack, SECTIONS[0].accepted)
    for settings, wanted in NONSENSE:
        said = judged(stack, "up", settings, "--yes", refused=True).text
        assert [line for line in wanted if line not in said] == [], said
        assert shows_no_traceback(said)
    assert sandbox.requests() == []


CAPITALS: dict[str, Any] = {
    "type": "ate",
    "number": "442079460101",
    "host": "SIP.Operator.Example",
    "login": "9460101",
    "forwards": {
        "office": {"type": "sip_uri", "destination_uri": "Fax@PBX.Example.com", "cli_type": "N"},
    },
}


def test_capital_letters_in_a_host_are_mended_where_that_is_asked_for(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    spec = {"office": {**CAPITALS, "secret": stack.secret}}
    stack.declare(spec)
    asked = {
        "sip-host-allowed": {"enforcementLevel": "remediate", "allowedHosts": ["*.operator.example", "pbx.*"]}
    }
    assert not judged(stack, "up", asked, "--yes", "--skip-preview", refused=False).broken()
    mended = {**spec["office"], "host": "sip.operator.example"}
    mended["forwards"] = {
        "office": {**CAPITALS["forwards"]["office"], "destination_uri": "Fax@pbx.example.com"}
    }
    assert held_account(sandbox) == expected_account({"office": mended})
    assert sandbox.secret_matches("442079460101", stack.secret)
    assert "ciphertext" in stack.resources()["ExternalNumber office"]["inputs"]["secret"]
    assert "3 unchanged" in judged(stack, "preview", asked, refused=False).text
