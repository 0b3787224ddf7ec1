"""CallerChanges for callers in a preview, by the steps that the engine prints: the stack is production."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.changes.changes import changes_of
from pulumi_plusofon.command.changes.planned import read_preview
from pulumi_plusofon.command.changes.targets import Targets
from pulumi_plusofon.policies.settings_file import PolicySettings
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.session import Directory, ReferenceCheck
from unit.previews import SECOND, SECRET, UNKNOWN, ate, forwarding, number, preview, urn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.command.changes.model import CallerChanges, Change

COUNTRIES = PolicySettings({"forwarding-destination-allowed": {"allowedCountries": ["GB"]}})


def found(*steps: dict[str, Any], state: Sequence[dict[str, Any]] | None = (), **more: Any) -> CallerChanges:
    planned = read_preview(preview(*steps, **more), lambda _stack: state)
    return changes_of(planned, PolicySettings({"protect-in-production": {"enforcementLevel": "disabled"}}))


def change(*steps: dict[str, Any]) -> Change:
    [result] = found(*steps).numbers
    return result


TO_A_NUMBER = {"type": "number", "group_id": None}
EMPTY = {"type": "empty", "group_id": None, "cli_type": None}
HIDES = "the preview does not show destination_number: where calls go may change"
GAP = "it takes no calls from its disconnection until it is connected and forwarded again"
NOWHERE = "calls to it go nowhere"
CALLER = "caller id: the caller's number"
OLD = forwarding("same", "a", 101)
KEPT = number("same", "a", 101)
# What the steps of one number are; then the kind, where calls go before and after, notes, dangers.
_Case = tuple[list[dict[str, Any]], str, str | None, str | None, tuple[str, ...], tuple[str, ...]]
CASES: dict[str, _Case] = {
    "untouched": ([KEPT, OLD], "unchanged", "group 9", "group 9", (), ()),
    "not forwarded": ([KEPT], "unchanged", "nowhere", "nowhere", (), ()),
    "moved": (
        [KEPT, forwarding("update", "a", 101, {"group_id": 12})],
        *("moved", "group 9", "group 12", (), ()),
    ),
    "caller id": (
        [KEPT, forwarding("update", "a", 101, {"cli_type": "N"})],
        *("caller_id", "group 9", "group 9"),
        *(("caller id: the forwarding number, until now the caller's number",), ()),
    ),
    "forwarding taken away": (
        [KEPT, forwarding("delete", "a", 101)],
        *("moved", "group 9", "nowhere", (), (NOWHERE,)),
    ),
    "emptied": (
        [KEPT, forwarding("update", "a", 101, EMPTY)],
        *("moved", "group 9", "nowhere", (), (NOWHERE,)),
    ),
    "set again": (
        [KEPT, forwarding("update", "a", 101, {"set_again": "2026-11-28"})],
        *("unchanged", "group 9", "group 9", ("its forwarding is set again as it is",), ()),
    ),
    "new": (
        [number("create", "a", 101), forwarding("create", "a", 101, {"number_id": UNKNOWN})],
        *("connected", None, "group 9", (CALLER,), ()),
    ),
    "disconnected": (
        [number("delete", "a", 101), forwarding("delete", "a", 101)],
        *("disconnected", "group 9", None, (), ("calls to it fail from then on",)),
    ),
    "retained": (
        [
            number("delete", "a", 101, retainOnDelete=True),
            forwarding("delete", "a", 101, retainOnDelete=True),
        ],
        *("released", "group 9", "group 9"),
        *(("stays connected and forwarded, and this stack has it no longer",), ()),
    ),
    "replaced": (
        [
            number("replace", "a", 101, {"type": "ate"}),
            forwarding("replace", "a", 101, {"number_id": UNKNOWN, "number_type": "ate"}),
        ],
        *("replaced", "group 9", "group 9", (), (GAP,)),
    ),
    "host": (
        [ate("update", "a", 101, {"host": "b.example"})],
        *("registration", "nowhere", "nowhere"),
        *(("registers anew: host b.example, until now sip.a.example",), ()),
    ),
    "password alone": (
        [ate("update", "a", 101)],
        *("registration", "nowhere", "nowhere", ("registers anew: its password changes (not shown)",), ()),
    ),
    "password, perhaps": (
        [ate("update", "a", 101, {"adopt": True})],
        *("registration", "nowhere", "nowhere"),
        *(("registers anew if its password changes, which a preview hides",), ()),
    ),
    "servers": (
        [number("update", "a", 101, {"host": "b.example"})],
        *("registration", "nowhere", "nowhere"),
        *(("calls are expected from other servers: host b.example, until now sip.a.example",), ()),
    ),
    "adopt alone": (
        [number("update", "a", 101, {"adopt": True})],
        *("unchanged", "nowhere", "nowhere", (), ()),
    ),
    "target known later": (
        [KEPT, forwarding("update", "a", 101, TO_A_NUMBER | {"destination_number": UNKNOWN})],
        *("moved", "group 9", "number known in the update", (HIDES,), ()),
    ),
    "target that is a secret": (
        [KEPT, forwarding("update", "a", 101, inputs=TO_A_NUMBER | {"destination_number": SECRET})],
        *("moved", "number [secret]", "number [secret]", (HIDES,), ()),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_step_of_a_number_has_its_change(case: str) -> None:
    steps, kind, before, after, notes, dangers = CASES[case]
    result = change(*steps)
    assert (result.kind, result.before, result.after, result.notes, result.dangers) == (
        kind,
        before,
        after,
        notes,
        dangers,
    )
    assert (result.number, result.resource, result.account, result.replaced_by) == (
        "447700900101",
        "a",
        None,
        None,
    )


def test_a_number_that_is_known_later_has_no_digits_yet() -> None:
    result = change(number("create", "a", 101, {"number": UNKNOWN}))
    assert (result.kind, result.number, result.after) == ("connected", None, "nowhere")


def test_the_same_digits_in_two_accounts_are_two_numbers() -> None:
    beside = [number("delete", "b", 101, provider=SECOND), forwarding("delete", "b", 101, provider=SECOND)]
    shown = {number.account: number.kind for number in found(KEPT, OLD, *beside).numbers}
    assert shown == {None: "unchanged", "second": "disconnected"}


def test_a_forwarding_of_a_number_that_no_resource_has_is_named_by_its_id() -> None:
    result = change(forwarding("update", "a", 101, {"group_id": 12}))
    assert (result.kind, result.number, result.before, result.after) == ("moved", None, "group 9", "group 12")
    assert result.notes == ("the number sipuri/101 is not in the preview",)


def test_a_number_that_is_replaced_by_another_is_two_changes() -> None:
    result, other = found(
        number("replace", "a", 101, {"number": "447700900102"}),
        forwarding("replace", "a", 101, {"number_id": UNKNOWN}),
    ).numbers
    assert (result.kind, result.number, result.replaced_by, result.after) == (
        "replaced",
        "447700900101",
        "447700900102",
        None,
    )
    assert result.dangers == ("calls to it fail from then on",)
    assert (other.kind, other.number, other.before, other.after) == (
        "connected",
        "447700900102",
        None,
        "group 9",
    )
    assert other.notes[0] == "in place of 447700900101, and takes no calls until it is forwarded"


def test_two_steps_of_one_replacement_are_one_change() -> None:
    alone = found(number("replace", "a", 101, {"type": "ate"}))
    whole = found(
        number("delete-replaced", "a", 101),
        number("replace", "a", 101, {"type": "ate"}),
        number("create-replacement", "a", 101, {"type": "ate"}),
    )
    [change], [same] = whole.numbers, alone.numbers
    assert replace(change, steps=()) == replace(same, steps=())
    assert change.steps == ("delete-replaced ExternalNumber a", "create-replacement ExternalNumber a")


def test_a_number_under_another_name_stays_and_its_new_name_is_noted() -> None:
    result = change(
        number("delete", "old", 101),
        forwarding("delete", "old", 101),
        number("create", "new", 101),
        forwarding("create", "new", 101, {"number_id": UNKNOWN}),
    )
    assert (result.kind, result.resource, result.before, result.after) == (
        "unchanged",
        "new",
        "group 9",
        "group 9",
    )
    assert result.notes[0] == "now declared as new, until now as old"
    [danger] = result.dangers
    assert danger.startswith("the up fails here: new: 447700900101 is connected already (id 101")
    assert result.writes == ()


def test_a_forwarding_keeps_its_number_when_only_its_id_names_it() -> None:
    step = forwarding("update", "a", 101, {"group_id": 12})
    for side in ("oldState", "newState"):
        step[side]["propertyDependencies"] = {}
    result = change(number("same", "b", 101), step)
    assert (result.kind, result.resource, result.after) == ("moved", "b", "group 12")


def test_a_leftover_of_a_failed_replacement_is_a_number_that_is_replaced() -> None:
    kinds = {
        number.number: number.kind
        for number in found(number("delete", "a", 109), number("same", "a", 101)).numbers
    }
    assert kinds == {"447700900109": "replaced", "447700900101": "unchanged"}


def test_a_difference_found_by_a_refresh_is_before_and_no_change_by_itself() -> None:
    result = change(number("refresh", "a", 101, {"host": "x.example"}), number("same", "a", 101))
    assert result.kind == "unchanged"


def test_dangers_come_first_then_the_larger_changes() -> None:
    kinds = [
        (bool(number.dangers), number.kind)
        for number in found(
            number("create", "d", 104),
            number("same", "c", 103),
            forwarding("update", "c", 103, {"group_id": 12}),
            number("delete", "b", 102),
            number("same", "a", 101),
        ).numbers
    ]
    assert kinds == [(True, "disconnected"), (False, "moved"), (False, "connected"), (False, "unchanged")]


def test_a_rule_that_the_update_would_break_is_a_danger_of_the_number() -> None:
    steps = [
        number("same", "a", 101, protect=True),
        forwarding(
            "update", "a", 101, {"type": "number", "destination_number": "12025550123", "group_id": None}
        ),
        number("same", "b", 102),
    ]
    planned = read_preview(preview(*steps), lambda _stack: ())
    moved, unprotected = changes_of(planned, COUNTRIES).numbers
    [danger] = moved.dangers
    assert danger.startswith("forwarding-destination-allowed: destination_number 12025550123 is in US")
    [danger] = unprotected.dangers
    assert danger.startswith("protect-in-production: protect is off")
    allowed = PolicySettings({"forwarding-destination-allowed": {"allowedCountries": ["US"]}})
    assert not changes_of(planned, allowed).numbers[1].dangers


def test_production_of_any_organization_is_production_where_a_preview_names_none() -> None:
    planned = read_preview(preview(number("same", "b", 102)), lambda _stack: ())
    named = PolicySettings({"protect-in-production": {"productionStacks": ["acme/phones/prod"]}})
    other = PolicySettings({"protect-in-production": {"productionStacks": ["acme/other/prod"]}})
    assert changes_of(planned, named).numbers[0].dangers
    assert not changes_of(planned, other).numbers[0].dangers


def test_names_stand_beside_ids() -> None:
    steps = [number("same", "a", 101), forwarding("update", "a", 101, {"group_id": 12})]
    planned = read_preview(preview(*steps), lambda _stack: ())
    [result] = changes_of(planned, PolicySettings(), Targets({"group": {12: "Night"}})).numbers
    assert (result.before, result.after) == ("group 9", "group Night (12)")


def test_resources_that_a_preview_leaves_out_come_from_the_state() -> None:
    hidden = number("same", "a", 101)
    entry = {**hidden["oldState"], "urn": hidden["urn"]}
    changes = found(
        forwarding("update", "a", 101, {"group_id": 12}),
        state=[entry],
        changeSummary={"same": 2, "update": 1},
    )
    assert [(number.number, number.kind) for number in changes.numbers] == [("447700900101", "moved")]
    assert changes.is_whole


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_a_failed_run_left_to_be_deleted_is_in_the_report(*, is_shown: bool) -> None:
    # The engine deletes it in the next run, and its JSON has no step for it.
    number_left = number("same", "a", 109)["oldState"]
    forwarding_left = forwarding("same", "a", 109)["oldState"]
    left = [
        {**number_left, "urn": urn("ExternalNumber", "a"), "delete": True},
        {**forwarding_left, "urn": urn("NumberForwarding", "a"), "delete": True},
    ]
    steps = [number("same", "a", 101), forwarding("same", "a", 101)]
    if is_shown:
        steps += [
            {"op": "delete-replaced", "urn": entry["urn"], "oldState": entry} for entry in reversed(left)
        ]
    changes = found(*steps, state=left)
    gone = [change for change in changes.numbers if change.number == "447700900109"]
    assert [(change.kind, change.before) for change in gone] == [("replaced", "group 9")]
    assert any("calls to it fail from then on" in danger for danger in gone[0].dangers)


def test_a_forwarding_whose_numbers_id_is_a_secret_is_that_of_the_number() -> None:
    hidden = {"number_id": "[secret]"}
    step = forwarding("update", "a", 101, {"group_id": 12}, inputs=hidden)
    for side in ("oldState", "newState"):
        step[side].pop("propertyDependencies", None)
    [change] = found(number("same", "a", 101), step).numbers
    assert (change.kind, change.before, change.after) == ("moved", "group 9", "group 12")


def test_a_new_forwarding_of_a_number_that_is_not_shown_makes_the_report_incomplete() -> None:
    step = forwarding("create", "b", 101, inputs={"number_id": "[secret]"})
    step["newState"].pop("propertyDependencies", None)
    changes = found(number("same", "a", 101), step)
    assert not changes.is_complete
    assert any("does not show its number_id" in line for line in changes.missing)


def test_a_forwarding_that_ends_with_its_number_is_not_cleared_by_itself() -> None:
    # Its number stays connected, and so does what is set on it.
    gone = forwarding("delete", "a", 101, deletedWith=urn("ExternalNumber", "a"))
    [change] = found(gone, number("delete", "a", 101, retainOnDelete=True)).numbers
    assert (change.after, change.writes) == ("group 9", ())


def test_a_list_without_ids_is_read_with_those_of_the_state() -> None:
    steps = [number("same", "a", 101), forwarding("update", "a", 101, {"group_id": 12})]
    planned = read_preview(preview(*steps), lambda _stack: ())
    listed = [ListedNumber(None, "sipuri", "447700900101", "sip.a.example", None, 42291)]
    [change] = changes_of(planned, PolicySettings(), None, listed).numbers
    assert (change.kind, change.before, change.after) == ("moved", "group 9", "group 12")
    assert [write.is_sure for write in change.writes] == [True]


def test_ids_that_a_preview_hides_are_reported_as_not_checked() -> None:
    steps = [number("same", "a", 101), forwarding("update", "a", 101, inputs={"group_id": "[secret]"})]
    planned = read_preview(preview(*steps), lambda _stack: ())
    check = ReferenceCheck(Directory(lambda _kind: ()))
    changes = changes_of(planned, PolicySettings(), Targets({}, check))
    assert changes.not_checked == ("group_id: not checked where the preview hides the id",)


def test_resources_that_a_preview_leaves_out_are_reported_without_a_state() -> None:
    changes = found(number("update", "a", 101, {"host": "b.example"}), state=None, changeSummary={"same": 2})
    [result] = changes.numbers
    assert (result.before, result.after, changes.is_whole) == ("not shown", "not shown", False)


def test_steps_of_others_are_named_and_components_are_not() -> None:
    others = [
        {
            "op": "create",
            "urn": "urn:pulumi:prod::phones::random:index:Id::x",
            "newState": {"type": "random:index:Id"},
        },
        {
            "op": "create",
            "urn": "urn:pulumi:prod::phones::my:c:Component::x",
            "newState": {"type": "my:c:Component", "custom": False},
        },
    ]
    assert found(*others).others == ("create random:index:Id x",)


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "text",
        {},
        {"steps": None},
        {"steps": [{}]},
        {"steps": [{"op": "same"}]},
        {"steps": ["x"]},
        {"steps": [{"op": "same", "urn": 3, "newState": {"type": "x"}}]},
        {"steps": [], "diagnostics": [3]},
        {"steps": []},
        {"steps": [], "version": 4},
        {"steps": {}, "changeSummary": {}},
        {"steps": [{"op": ["same"], "urn": "urn:pulumi:a::b::c::d"}]},
        {"steps": [{"op": "same", "urn": "d"}]},
        {"steps": [{"op": "same", "urn": "urn:pulumi:a::b::c::d", "newState": {"type": ["x"]}}]},
        {"steps": [number("create", "a", 101, {"number": ["447700900101"]})]},
        {"steps": [number("create", "a", 101, provider=["x"])]},
    ],
)
def test_other_input_than_a_preview_is_refused_in_one_line(content: Any) -> None:
    with pytest.raises(StackError, match=r"^this is no output of `pulumi preview --json`$"):
        read_preview(content, lambda _stack: ())


def test_a_step_of_a_newer_engine_is_refused_and_not_passed_over() -> None:
    with pytest.raises(StackError, match="has a step teleport, which this version does not know"):
        read_preview(preview(number("teleport", "a", 101)), lambda _stack: ())
