"""Forwardings by profile: one setting says which of them count, and all of them are validated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon import InputError
from pulumi_plusofon.stack import declare_configured, declare_numbers
from unit.bad_inputs import ATE, SIPURI
from unit.mock_engine import run
from unit.stack_config import configured

if TYPE_CHECKING:
    from pathlib import Path

DAY = {"type": "group", "group_id": 9, "cli_type": "Y"}
NIGHT = {"type": "group", "group_id": 12, "cli_type": "Y"}
EMPTY = {"type": "empty"}
NUMBERS: list[dict[str, Any]] = [
    {**SIPURI, "name": "a", "forward": DAY, "forwards": {"night": NIGHT, "incident": EMPTY}},
    {**ATE, "name": "b", "forward": DAY, "forwards": {"night": NIGHT}},
]
TEXT = "must be a text: put it in quotes"


def forwarded(profile: str | None, numbers: list[dict[str, Any]] = NUMBERS) -> dict[str, Any]:
    """The target of each forwarding that is registered, by its resource's name."""
    found = run(lambda: declare_numbers(numbers, profile=profile))
    return {
        resource.name: resource.inputs.get("group_id")
        for resource in found
        if "number_type" in resource.inputs
    }


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (None, {"a": 9, "b": 9}),
        ("night", {"a": 12, "b": 12}),
        ("incident", {"a": None, "b": 9}),
    ],
)
def test_a_number_without_the_profile_keeps_its_forward(
    profile: str | None, expected: dict[str, Any]
) -> None:
    assert forwarded(profile) == expected


def test_a_number_may_be_forwarded_in_a_profile_alone() -> None:
    numbers = [{**SIPURI, "name": "a", "forwards": {"night": NIGHT}}]
    assert forwarded(None, numbers) == {}
    assert forwarded("night", numbers) == {"a": 12}


@pytest.mark.parametrize("profile", ["Night", "evening", ""])
def test_a_profile_that_no_number_has_is_refused(profile: str) -> None:
    with pytest.raises(InputError) as refused:
        declare_numbers(NUMBERS, profile=profile)
    assert str(refused.value) == (
        f'profile: no number has a forwarding for "{profile}"; the profiles are night, incident'
    )


def test_a_profile_without_any_forwards_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"^profile: no number has a forwarding for .*no number has `forwards`$"
    ):
        declare_numbers([SIPURI], profile="night")


@pytest.mark.parametrize(
    ("forwards", "expected"),
    [
        ([NIGHT], "numbers[0].forwards: must be a mapping of forwardings by profile: {night: {type: ...}}"),
        ("night", "numbers[0].forwards: must be a mapping of forwardings by profile: {night: {type: ...}}"),
        ({True: NIGHT}, f"numbers[0].forwards.True: the name of a profile {TEXT}"),
        ({7: NIGHT}, f"numbers[0].forwards.7: the name of a profile {TEXT}"),
        ({"": NIGHT}, f"numbers[0].forwards.: the name of a profile {TEXT}"),
        (
            {"night": None},
            "numbers[0].forwards.night: must be a mapping such as {type: group, group_id: 9, cli_type: Y}",
        ),
        ({"night": {**NIGHT, "hots": 1}}, "numbers[0].forwards.night.hots: is no field of a forwarding"),
        (
            {"night": {"type": "group", "cli_type": "Y"}},
            "numbers[0].forwards.night.group_id: is required for type group",
        ),
    ],
)
def test_a_forwarding_that_does_not_count_today_is_validated_too(forwards: Any, expected: str) -> None:
    with pytest.raises(InputError) as refused:
        declare_numbers([{**SIPURI, "forwards": forwards}])
    assert str(refused.value) == expected


def test_the_configuration_says_which_profile_counts(tmp_path: Path) -> None:
    with configured(numbers=NUMBERS, profile="night"):
        found = run(lambda: declare_configured(tmp_path))
    assert [resource.inputs["group_id"] for resource in found if "group_id" in resource.inputs] == [12, 12]
    with configured(numbers=NUMBERS, profil="night"), pytest.raises(InputError, match="project:profil"):
        run(lambda: declare_configured(tmp_path))
