"""Rules of production alone, and the stacks that are production."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plusofon.schema.values import UNKNOWN
from unit.policy_resources import judge, number, put_off, texts

PROTECT, WAIT = "protect-in-production", "registration-waited"
BY_DEFAULT = {
    "acme/shop/prod": True,
    "acme/shop/production-eu": True,
    "acme/shop/PROD": True,
    "acme/shop/dev": False,
    "acme/shop/prod-eu": True,
    # Production to many people: the rule's page says that the default does not take them.
    "acme/shop/eu-prod": False,
    "acme/shop/live": False,
    "acme/shop/prd": False,
    "acme/shop/pre-prod": False,
    "acme/prod-tools/dev": False,
    "prod/shop/dev": False,
}
GLOBS = [
    ("live", "acme/shop/live", True),
    ("live", "acme/shop/alive", False),
    ("shop/*", "acme/shop/dev", True),
    ("shop/*", "acme/shop2/dev", False),
    ("*/customer-?", "acme/shop/customer-7", True),
    ("*/customer-?", "acme/shop/customer-77", False),
    ("acme/*/prod", "acme/shop/prod", True),
    ("other/*/prod", "acme/shop/prod", False),
    ("Live", "acme/shop/live", True),
]


@pytest.mark.parametrize(("place", "production"), BY_DEFAULT.items())
def test_production_is_what_is_called_so(place: str, production: bool) -> None:  # noqa: FBT001 - a column
    found = texts(judge(PROTECT, number(place=place, number="442079460101")))
    stack = place.rpartition("/")[2]
    expected = (
        f"protect is off, and stack {stack} is production; give it opts=pulumi.ResourceOptions(protect=True)"
    )
    assert found == ([expected] if production else [])


@pytest.mark.parametrize("rule", [PROTECT, WAIT])
@pytest.mark.parametrize(("glob", "place", "production"), GLOBS)
def test_production_is_what_the_globs_say_it_is(
    rule: str,
    glob: str,
    place: str,
    production: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = judge(rule, number(place=place, type="ate"), productionStacks=["none", glob])
    assert bool(found) == production


def test_a_protected_number_is_left_alone() -> None:
    assert judge(PROTECT, number(place="acme/shop/prod", protect=True)) == []


@pytest.mark.parametrize(
    ("properties", "advised"),
    [
        ({"type": "ate"}, True),
        ({"type": "ate", "wait_for_registration": 30}, False),
        ({"type": "sipuri"}, False),
    ],
)
def test_a_login_in_production_is_waited_for(properties: dict[str, Any], advised: bool) -> None:  # noqa: FBT001
    found = texts(judge(WAIT, number(place="acme/shop/prod", **properties)))
    assert len(found) == advised
    assert all(text.startswith("wait_for_registration is not set, and stack prod is") for text in found)


def test_a_wait_that_is_not_known_yet_is_put_off() -> None:
    found = judge(WAIT, number(place="acme/shop/prod", type="ate", wait_for_registration=UNKNOWN))
    assert (texts(found), put_off(found)) == ([], [("office", "wait_for_registration")])
    found = judge(WAIT, number(place="acme/shop/prod", type=UNKNOWN))
    assert (texts(found), put_off(found)) == ([], [("office", "type")])
    assert judge(WAIT, number(place="acme/shop/dev", type=UNKNOWN)) == []
