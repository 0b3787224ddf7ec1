"""Undoing a recording: what leaves the state, and the locks and copies around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.command.adopt.backups import back_up
from pulumi_plusofon.command.adopt.undo import undoing
from pulumi_plusofon.pulumi_cli.runner import StackError, lock_holders
from pulumi_plusofon.schema.kinds import name_in
from unit.fake_pulumi import FakePulumi, exported, forwarding, number

if TYPE_CHECKING:
    from pathlib import Path

STACK = "urn:pulumi:prod::phones::pulumi:pulumi:Stack::phones-prod"


def of(resource: dict[str, Any], *others: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**resource, "dependencies": [other["urn"] for other in others], "parent": STACK, **more}


def random_id(*others: dict[str, Any]) -> dict[str, Any]:
    resource = {"urn": "urn:pulumi:prod::phones::random:index:Id::x", "type": "random:index:Id", "id": "x"}
    return of(resource, *others)


def test_recorded_numbers_leave_after_all_that_depends_on_them() -> None:
    office, sales, mine = (
        number("office", recorded=True),
        of(number("sales", number="447700900102", number_id=102.0, recorded=True), protect=True),
        number("mine", number="447700900103", number_id=103.0),
    )
    recorded = of(forwarding("office-forward", recorded=True), office)
    # Set by a later run of the stack: it cannot stay without its number.
    later = of(forwarding("sales-forward", number_id=102.0), sales)
    stays = of(forwarding("mine-forward", number_id=103.0), mine)
    found = undoing(exported(office, sales, mine, recorded, later, stays, random_id(mine)))
    assert [(resource.resource, resource.number, resource.protected) for resource in found.leaving] == [
        ("sales-forward", "447700900102", False),
        ("office-forward", "447700900101", False),
        ("sales", "447700900102", True),
        ("office", "447700900101", False),
    ]
    assert found.obstacles == ()
    assert list(found.batches()) == [[resource.urn for resource in found.leaving]]


def test_a_forwarding_that_was_recorded_leaves_a_number_that_was_not() -> None:
    mine = number("mine")
    found = undoing(exported(mine, of(forwarding("f", recorded=True), mine)))
    assert [(resource.resource, resource.number) for resource in found.leaving] == [("f", None)]


def test_a_resource_of_others_that_needs_one_is_named() -> None:
    office = number("office", recorded=True)
    assert undoing(exported(office, random_id(office))).obstacles == ("random:index:Id x (of office)",)


def test_what_an_ordinary_run_connected_or_set_stays_and_is_named() -> None:
    office = number("office", recorded=True)
    created = of(number("created", number="447700900102", number_id=102.0), office)
    its_own = of(forwarding("created-forward", number_id=102.0), created, office)
    found = undoing(exported(office, created, its_own))
    assert [resource.resource for resource in found.leaving] == ["office"]
    assert found.obstacles == (
        "pulumi-python:dynamic/plusofon:ExternalNumber created (of office)",
        "pulumi-python:dynamic/plusofon:NumberForwarding created-forward (of office)",
    )


@pytest.mark.parametrize("state", [{}, {"deployment": None}, {"deployment": {"resources": None}}, exported()])
def test_a_state_without_recorded_resources_has_nothing_to_let_go(state: dict[str, Any]) -> None:
    assert undoing(state).leaving == ()


def test_thousands_of_resources_leave_in_commands_that_a_system_takes() -> None:
    many = [number(f"n{at}", number_id=float(at), recorded=True) for at in range(2000)]
    found = undoing(exported(*many))
    batches = list(found.batches())
    assert [urn for batch in batches for urn in batch] == [resource["urn"] for resource in reversed(many)]
    assert max(sum(len(urn) + 1 for urn in batch) for batch in batches) < 100_000


LOCKED = """error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to \
end or delete the lock file with `pulumi cancel`.
  file:///tmp/state/.pulumi/locks/x.json: created by root@build-7 (pid 812) at 2026-11-28T07:00:00Z
"""


def test_a_lock_names_its_holder() -> None:
    assert lock_holders(LOCKED) == ["root@build-7 (pid 812)"]
    assert lock_holders("error: created by root@build-7 (pid 812) is no lock") == []


def test_a_copy_of_the_state_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePulumi(tmp_path)
    monkeypatch.setenv("PATH", f"{fake.bin}:/usr/bin:/bin")
    fake.has("prod", number("office"))
    files = {back_up("prod", tmp_path), back_up("prod", tmp_path)}
    assert len(files) == 2
    for file in files:
        assert re.fullmatch(r"prod-\d{8}-\d{6}-\d{6}\.json", file.name)
        assert file.stat().st_mode & 0o777 == 0o600
        assert "office" in file.read_text()
    assert (tmp_path / ".plusofon" / ".gitignore").read_text() == "*\n"
    with pytest.raises(StackError, match="no stack named 'nope' found"):
        back_up("nope", tmp_path)


def test_a_resources_name_may_have_colons_of_its_own() -> None:
    assert name_in("urn:pulumi:prod::ours::pulumi-python:dynamic/plusofon:ExternalNumber::a::b") == "a::b"
