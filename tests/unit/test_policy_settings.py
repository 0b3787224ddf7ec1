"""The file of `--policy-pack-config`: each form that the engine takes, and exceptions with an end."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

import pytest

from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.policies.settings_file import PolicySettings, SettingsError, read_settings
from pulumi_plusofon.policies.strict_settings import _ended
from pulumi_plusofon.routes.model import Resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.fake_pulumi import FakePulumi

RULE: Final = "forwarding-destination-allowed"
OTHER: Final = "no-premium-rate-destination"
BRITISH: Final = {"allowedCountries": ["GB"]}
URN: Final = "urn:pulumi:prod::shop::pulumi-python:dynamic/plusofon:NumberForwarding::office"
TODAY: Final = datetime.now(timezone.utc).date()
YESTERDAY: Final = TODAY - timedelta(days=1)


def exception(reason: Any = "for the fair", policies: Any = (RULE,), targets: Any = (URN,)) -> dict[str, Any]:
    match = {"policies": list(policies), "targets": list(targets)}
    return {"EXC-1": {"reason": reason, "match": [match]}}


def versioned(exceptions: Any = None, **more: Any) -> dict[str, Any]:
    return {"version": 2, "policies": {RULE: BRITISH}, "exceptions": exceptions, **more}


def read(tmp_path: Path, content: Any) -> PolicySettings:
    file = tmp_path / "rules.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_settings(file)


# `resource/analyzer/config.go` of the engine's 3.274.1.
TAKEN: list[tuple[Any, dict[str, Any]]] = [
    ("", {}),
    (" \n", {}),
    ({}, {}),
    ({RULE: BRITISH}, {RULE: BRITISH}),
    ({RULE: "advisory"}, {RULE: {"enforcementLevel": "advisory"}}),
    (
        {RULE: {**BRITISH, "enforcementLevel": "disabled"}},
        {RULE: {**BRITISH, "enforcementLevel": "disabled"}},
    ),
    ({"environments": ["team/rules"], RULE: BRITISH}, {RULE: BRITISH}),
    ({"all": "disabled"}, {"all": {"enforcementLevel": "disabled"}}),
    (versioned(), {RULE: BRITISH}),
    (versioned({}), {RULE: BRITISH}),
    (versioned(environments=["team/rules"]), {RULE: BRITISH}),
    (versioned(environments=None), {RULE: BRITISH}),
    ({"version": 2}, {}),
    ({"version": 2.0, "policies": None}, {}),
    ('{"version": 2e0, "policies": {"all": "advisory"}}', {"all": {"enforcementLevel": "advisory"}}),
    ({"version": 2, "Policies": {RULE: BRITISH}}, {RULE: BRITISH}),
    (versioned(exception()), {RULE: BRITISH}),
]


@pytest.mark.parametrize(("content", "rules"), TAKEN)
def test_every_form_that_the_engine_takes_is_read(
    tmp_path: Path, content: Any, rules: dict[str, Any]
) -> None:
    assert read(tmp_path, content).rules == rules


REFUSED: list[tuple[Any, str]] = [
    ("[", "is no JSON"),
    ("[" * 200_000, "is no JSON"),
    ('{"no-forwarding-loop": {"maxHops": NaN}}', "is no JSON"),
    ([], "must be an object with the settings of each rule by its name"),
    ({"environments": "team/rules"}, "environments: must be a list of texts"),
    ({"environments": None}, "environments: must be a list of texts"),
    ({"version": "2", "policies": {}}, "version: enforcementLevel: must be one of advisory, mandatory, "),
    ({"version": True, "policies": {}}, "version: must be an object of settings, or a level"),
    ({"version": 1}, "version: must be 2"),
    ({"version": 3}, "version: must be 2"),
    (
        versioned(policys={}),
        "policys: there is no such key; there are version, environments, policies, exceptions",
    ),
    ({"version": 2, RULE: BRITISH}, f"{RULE}: there is no such key"),
    (versioned(environments="team/rules"), "environments: must be a list of texts"),
    ({"version": 2, "policies": []} | {"policies": [1]}, "policies: must be an object"),
    ({"version": 2, "policies": {"no-such-rule": {}}}, "no-such-rule: there is no such rule"),
    ({RULE: {"enforcementLevel": None}}, f"{RULE}: enforcementLevel: must be one of"),
    (versioned([exception()]), "exceptions: must be an object with the exceptions by their ids"),
    (versioned({"EXC 1": {}}), "exceptions: EXC 1: the id must be letters, digits, '-', '.' and '_'"),
    (versioned({"EXC-1": "for the fair"}), "exceptions: EXC-1: must be an object"),
    (versioned(exception(reason=" ")), "exceptions: EXC-1: reason: must be a text"),
    (versioned({"EXC-1": {"reason": "x"}}), "exceptions: EXC-1: match: must be a list of objects"),
    (versioned({"EXC-1": {"reason": "x", "match": [3]}}), "exceptions: EXC-1: match[0]: must be an object"),
    (
        versioned({"EXC-1": {"reason": "x", "Until": "2027-01-31"}}),
        "exceptions: EXC-1: until: there is no such key",
    ),
    (versioned(exception(policies=[])), "exceptions: EXC-1: match[0]: policies: must be a list of texts"),
    (versioned(exception(policies=["all"])), "exceptions: EXC-1: match[0]: policies: must name rules"),
    (versioned(exception(targets=["office"])), "exceptions: EXC-1: match[0]: targets: office is no URN"),
    *(
        (
            versioned(exception(reason=f"for the fair, until {day}.")),
            f"exceptions: EXC-1: reason: until {day}: write",
        )
        for day in ("31.01.2027", "2027-02-30", "2027-1-31", "20270131", "2027")
    ),
]


@pytest.mark.parametrize(("content", "line"), REFUSED)
def test_what_the_engine_refuses_or_passes_over_is_a_line_with_the_files_name(
    tmp_path: Path, content: Any, line: str
) -> None:
    with pytest.raises(SettingsError) as error:
        read(tmp_path, content)
    assert str(error.value).startswith(f"rules.json: {line}")


ENDS: list[tuple[str, date | None]] = [
    ("for the fair", None),
    ("until the operator answers", None),
    ("until 2027-01-31", date(2027, 1, 31)),
    ("For the fair (Until: 2027-01-31), asked by Ann", date(2027, 1, 31)),
    ("until 2027-01-31, at the latest until 2027-03-01", date(2027, 1, 31)),
]


@pytest.mark.parametrize(("reason", "until"), ENDS)
def test_an_exception_ends_with_the_day_that_its_reason_names(
    tmp_path: Path, reason: str, until: date | None
) -> None:
    [given] = read(tmp_path, versioned(exception(reason))).exceptions
    assert given.until == until


def american(urn: str = URN) -> Resource:
    to = {"type": "number", "destination_number": "12025550123", "cli_type": "N"}
    return Resource("NumberForwarding", "office", urn, {"number_type": "sipuri", **to}, "org/shop/prod")


@pytest.mark.parametrize(
    ("exceptions", "is_mandatory"),
    [
        (None, True),
        (exception(), False),
        (exception(f"until {TODAY}"), False),
        (exception(f"until {YESTERDAY}"), True),
        (exception(policies=[OTHER]), True),
        (exception(targets=[f"{URN}-2"]), True),
        ({**exception(f"until {YESTERDAY}"), "EXC-2": exception()["EXC-1"]}, False),
    ],
)
def test_a_rule_that_an_exception_covers_refuses_nothing_until_the_exception_ends(
    tmp_path: Path, exceptions: Any, *, is_mandatory: bool
) -> None:
    [found] = broken([american()], read(tmp_path, versioned(exceptions)))
    assert (found.rule, found.is_mandatory) == (RULE, is_mandatory)
    assert ("(policy exception EXC-" in found.text) is not is_mandatory


OVER: Final = f"policy exception EXC-1 ended on {YESTERDAY}: remove it, or give it another date"


def test_an_exception_that_has_ended_is_reported_by_changes_and_routes(
    plusofon: Callable[..., Result], stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    stacks.has("prod")
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(versioned(exception(f"until {YESTERDAY}"))))
    routes = plusofon("routes", "--stack", "prod", "--policy-pack-config", str(file))
    assert OVER in routes.stderr
    preview: dict[str, Any] = {"config": {}, "steps": [], "changeSummary": {}}
    changes = plusofon("changes", "--json", "--policy-pack-config", str(file), piped=json.dumps(preview))
    assert OVER in json.loads(changes.stdout)["warnings"]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ({RULE: BRITISH}, []),
        (versioned(exception(f"until {TODAY}")), []),
        (versioned(exception(f"until {YESTERDAY}")), [OVER]),
        (versioned(exception(f"until {YESTERDAY}", policies=["rule-of-another-pack"])), []),
        ({"version": 2, "policies": {"rule-of-another-pack": {}}, "others": 1}, []),
    ],
)
def test_the_pack_reports_an_exception_of_its_rules_that_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Any, lines: list[str]
) -> None:
    file = tmp_path / "rules, of all.json"
    file.write_text(json.dumps(content))
    monkeypatch.setenv("PULUMI_OPTION_POLICY_PACK_CONFIG", f'others.json,"{file}"')
    assert list(_ended()) == lines


def test_the_pack_reports_a_file_that_it_cannot_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(versioned(exception("until 31.01.2027"))))
    monkeypatch.setenv("PULUMI_OPTION_POLICY_PACK_CONFIG", str(file))
    [line] = _ended()
    assert line.startswith("rules.json: exceptions: EXC-1: reason: until 31.01.2027: write the last day as")
