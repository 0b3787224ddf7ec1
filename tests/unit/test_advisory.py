"""The settings of policy packs that advise and stop nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_plusofon.command.adopt.advisory import advised, as_advice
from pulumi_plusofon.policies.rules import problems
from pulumi_plusofon.pulumi_cli.runner import StackError


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, {"all": "advisory"}),
        ({"all": "mandatory", "a": "remediate"}, {"all": "advisory", "a": "advisory"}),
        ({"all": "disabled", "a": "mandatory"}, {"all": "disabled", "a": "advisory"}),
        ({"all": {"enforcementLevel": "disabled"}}, {"all": "disabled"}),
        (
            {
                "a": {"enforcementLevel": "mandatory", "x": [1]},
                "b": {"x": 2},
                "c": {"enforcementLevel": "disabled"},
            },
            {
                "all": "advisory",
                "a": {"enforcementLevel": "advisory", "x": [1]},
                "b": {"enforcementLevel": "advisory", "x": 2},
                "c": {"enforcementLevel": "disabled"},
            },
        ),
    ],
)
def test_every_rule_advises_but_those_that_are_off(settings: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert advised(settings) == wanted


def test_the_packs_own_settings_stay_settings_of_the_pack() -> None:
    for file in (Path(__file__).parents[2] / "policy" / "config").glob("*.json"):
        settings = advised(json.loads(file.read_text()))
        given = {name: rule for name, rule in settings.items() if isinstance(rule, dict)}
        own = {
            name: {key: value for key, value in rule.items() if key != "enforcementLevel"}
            for name, rule in given.items()
        }
        assert list(problems(own)) == []


def test_each_pack_has_a_copy_of_its_settings_that_goes_again(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"a": {"enforcementLevel": "mandatory", "x": 1}}')
    with as_advice(["policy", "other"], ["one.json"], tmp_path, {}) as options:
        first, second = (Path(options[at]) for at in (3, 7))
        assert options == [
            *("--policy-pack", "policy", "--policy-pack-config", str(first)),
            *("--policy-pack", "other", "--policy-pack-config", str(second)),
        ]
        assert json.loads(first.read_text())["a"] == {"enforcementLevel": "advisory", "x": 1}
        assert json.loads(second.read_text()) == {"all": "advisory"}
    assert not first.exists()
    assert json.loads((tmp_path / "one.json").read_text())["a"]["enforcementLevel"] == "mandatory"


def test_packs_of_the_environment_advise_unless_options_name_others(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    environment = {
        "PULUMI_OPTION_POLICY_PACK": "policy,other",
        "PULUMI_OPTION_POLICY_PACK_CONFIG": "one.json",
    }
    with as_advice([], [], tmp_path, environment) as options:
        assert options[1::4] == ["policy", "other"]
    (tmp_path / "one.json").write_text('{"a": "mandatory"}')
    with as_advice(["mine"], [], tmp_path, environment) as options:
        assert options[1::4] == ["mine"]
        assert json.loads(Path(options[3]).read_text()) == {"all": "advisory"}
    with as_advice([], [], tmp_path, {}) as options:
        assert options == []


def test_settings_without_a_pack_are_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(StackError, match=r"^two\.json: there is no policy pack"),
        as_advice(["p"], ["one.json", "two.json"], tmp_path, {}),
    ):
        pass


@pytest.mark.parametrize(
    ("text", "said"), [(None, "No such file or directory"), ("[]", "is no JSON object"), ("{", "is no JSON")]
)
def test_settings_that_cannot_be_read_are_refused_by_name(
    tmp_path: Path, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "one.json").write_text(text)
    with pytest.raises(StackError, match=rf"one\.json: {said}"), as_advice(["p"], ["one.json"], tmp_path, {}):
        pass
