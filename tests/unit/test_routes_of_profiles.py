"""`plusofon routes --check` asks the rules of every profile of a stack's data, not only of today's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from unit.fake_pulumi import FakePulumi, listed
from unit.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.wire import Wire

GROUPS = Answer(body={"data": [{"id": 9, "name": "Support"}], "success": True})
DAY = {"type": "group", "group": "Support", "cli_type": "Y"}
ABROAD = {"type": "number", "destination_number": "+44 20 7946 0123", "cli_type": "N"}
HOME = {"type": "number", "destination_number": "+1 202-555-0123", "cli_type": "N"}
RULES = {"protect-in-production": "disabled", "forwarding-destination-allowed": {"allowedCountries": ["US"]}}


def office(**forwards: Any) -> dict[str, Any]:
    return {
        "name": "office",
        "type": "ate",
        "number": "+44 7700 900101",
        "host": "sip.a.example",
        "login": "900101",
        "secret": {"env": "A_VARIABLE_OF_ANOTHER_MACHINE"},
        "forward": DAY,
        "forwards": forwards,
    }


@pytest.fixture
def project(stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: phones\n")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    monkeypatch.chdir(tmp_path)
    stacks.has("prod")
    return tmp_path


@pytest.fixture
def check(plusofon: Callable[..., Result], project: Path, wire: Wire) -> Callable[..., Result]:
    """The command on a stack with these values in its configuration."""

    def run(*words: str, token: bool = True, **config: Any) -> Result:
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
        values = {f"phones:{key}": {"value": text, "secret": False} for key, text in texts.items()}
        (project / "prod.config.json").write_text(json.dumps(values))
        if token:
            # An empty list is asked for twice.
            wire.script(listed(), listed(), GROUPS)
        return plusofon("routes", "--stack", "prod", "--policy-pack-config", "rules.json", "--check", *words)

    return run


def test_a_profile_that_a_policy_refuses_is_a_problem_before_it_is_chosen(
    check: Callable[..., Result],
) -> None:
    result = check(numbers=[office(night=HOME, incident=ABROAD)], profile="night")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == (
        "0 numbers, none with problems. Profiles: night, incident (now night), 1 refused by a policy."
    )
    [line] = result.stderr.splitlines()
    refused = "forwarding-destination-allowed: destination_number 442079460123 is in GB"
    assert line.startswith(f"profile incident: NumberForwarding office: {refused}")


def test_profiles_that_the_rules_let_pass_are_status_0_and_say_where_calls_would_go(
    check: Callable[..., Result],
) -> None:
    result = check("--json", numbers=[office(night=HOME)])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["profiles"] == [
        {
            "name": None,
            "is_current": True,
            "forwards_to": {"office": "group 9"},
            "problems": [],
            "no_target": [],
        },
        {
            "name": "night",
            "is_current": False,
            "forwards_to": {"office": "number 12025550123"},
            "problems": [],
            "no_target": [],
        },
    ]


def test_a_loop_of_two_numbers_in_one_profile_is_found(check: Callable[..., Result]) -> None:
    ours = "+44 7700 90010"
    numbers = [
        {
            "name": f"n{digit}",
            "type": "sipuri",
            "number": f"{ours}{digit}",
            "host": "sip.a.example",
            "forwards": {
                "night": {"type": "number", "destination_number": f"{ours}{other}", "cli_type": "N"}
            },
        }
        for digit, other in ((1, 2), (2, 1))
    ]
    result = check(numbers=numbers)
    assert result.exit_code == 1
    assert any("no-forwarding-loop" in line for line in result.stderr.splitlines())


def test_profiles_of_a_file_are_read_too(check: Callable[..., Result], project: Path) -> None:
    (project / "numbers.yaml").write_text(json.dumps([office(incident=ABROAD)]))
    result = check(file="numbers.yaml")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            [office(night={"type": "group", "group": "Nihgt", "cli_type": "Y"})],
            'prod: numbers[0].forwards.night.group: the account has no group "Nihgt"; it has Support',
        ),
        (
            [office(night={"type": "number"})],
            "prod: numbers[0].forwards.night.destination_number: is required",
        ),
    ],
)
def test_a_mistake_in_a_profile_is_a_problem_and_never_passed_over(
    check: Callable[..., Result], numbers: list[Any], said: str
) -> None:
    result = check(numbers=numbers)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"profiles could not be read: {said}")


def test_names_without_a_token_are_a_problem_and_never_passed_over(
    check: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    result = check(token=False, numbers=[office(night=HOME)])
    assert result.exit_code == 1
    assert "numbers[0].forward.group: names are looked up in the account: set its token" in result.stderr


@pytest.mark.parametrize(
    "config", [{}, {"numbers": [{"name": "a"}]}, {"numbers": "no JSON"}, {"numbers": {}}]
)
def test_a_stack_without_profiles_has_none(check: Callable[..., Result], config: dict[str, Any]) -> None:
    result = check("--json", **config)
    assert (result.exit_code, json.loads(result.stdout)["profiles"]) == (0, [])
