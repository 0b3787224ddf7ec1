"""Deletes that a failed run left, though another resource of the program holds the object by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crash_recovery import Recovery
from support.office import FORWARD, GROUP, OFFICE, agree, declare, fail_before_the_deletions
from support.tiers import first_of

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

RENAMED_NUMBER = {"name": "bureau", "more": "adopt=True,"}
RENAMED_FORWARDING = {"forward": "onward"}
BUREAU = "ExternalNumber bureau"
ONWARD = "NumberForwarding onward"


@pytest.mark.parametrize(
    ("declared", "replaced", "left"),
    first_of(
        [
            (RENAMED_NUMBER, None, {BUREAU, FORWARD}),
            (RENAMED_FORWARDING, None, {OFFICE, ONWARD}),
            ({"more": "adopt=True,", "opts": "delete_before_replace=False"}, OFFICE, {OFFICE, FORWARD}),
            ({}, FORWARD, {OFFICE, FORWARD}),
        ]
    ),
    ids=["number renamed", "forwarding renamed", "number replaced", "forwarding replaced"],
)
def test_deletes_left_by_a_failed_run_spare_what_it_has_set_up(
    office: EngineStack, declared: dict[str, str], replaced: str | None, left: set[str]
) -> None:
    options = ("--replace", office.urn(replaced)) if replaced else ()
    fail_before_the_deletions(office, *options, **declared)
    declare(office, **declared)
    office.up()
    assert set(agree(office)) == left


@pytest.mark.rest
@pytest.mark.parametrize(
    ("command", "option", "named", "declared", "left"),
    first_of(
        [
            ("up", "--target", OFFICE, RENAMED_NUMBER, {BUREAU, FORWARD}),
            ("destroy", "--target", OFFICE, RENAMED_NUMBER, {BUREAU, FORWARD}),
            ("up", "--exclude", ONWARD, RENAMED_FORWARDING, {OFFICE, ONWARD}),
        ]
    ),
    ids=["up --target", "destroy --target", "up --exclude"],
)
def test_a_run_that_leaves_the_new_name_out_takes_down_what_it_holds_until_the_recovery(
    office: EngineStack,
    sandbox: SandboxServer,
    command: str,
    option: str,
    named: str,
    declared: dict[str, str],
    left: set[str],
) -> None:
    # The engine shows the provider nothing of the new name, and the account has no name of its own.
    fail_before_the_deletions(office, **declared)
    declare(office, **declared)
    office.run(command, "--yes", "--skip-preview", "--stack", "test", option, office.urn(named))
    assert set(office.resources()) == left
    assert [entry["forwarding"] for entry in sandbox.account()] == ([] if named == OFFICE else [None])
    forwarding = next(name for name in left if name.startswith("NumberForwarding"))
    recovery = Recovery(office, {}, URN=office.urn(forwarding))
    recovery.follow("A run that left a new name out", "--skip-preview")
    assert set(agree(office)) == left
    assert [entry["forwarding"] for entry in sandbox.account()] == [GROUP]
