"""Previews that looked calm: what their update does to calls is in the report, by the lifecycle itself."""

from __future__ import annotations

import base64
import pickle
import time
from typing import Any

import pytest

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.changes.changes import changes_of
from pulumi_plusofon.command.changes.planned import read_preview
from pulumi_plusofon.hosts import dynamic
from unit.previews import SECOND, SECRET, UNKNOWN, ate, forwarding, number, preview, urn
from unit.rehearsals import OFF, by_id, change, found, sent

TO_A_SECRET = {"type": "number", "group_id": None, "destination_number": SECRET}
PREMIUM = {"type": "number", "group_id": None, "destination_number": "449098790123"}
LISTED = ListedNumber(101, "sipuri", "447700900101", "sip.a.example", None, 42291)


def had(step: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The step with other values in the state before it."""
    for side in ("inputs", "outputs"):
        step["oldState"][side] |= values
    return step


def test_a_forwarding_that_goes_to_another_id_leaves_one_number_and_overwrites_the_other() -> None:
    left, taken = found(by_id("replace", "a", 301, 302)).numbers
    assert (left.before, left.after, left.dangers) == ("group 9", "nowhere", ("calls to it go nowhere",))
    assert (taken.kind, taken.before, taken.after) == ("moved", "not known", "group 9")
    assert "the number sipuri/302 is not in the preview" in taken.notes
    assert (sent(left), sent(taken)) == (["POST forwarding"], ["POST forwarding"])


def test_the_second_forwarding_of_a_number_hides_neither_where_calls_go_nor_its_danger() -> None:
    steps = [
        number("same", "a", 101),
        forwarding("update", "a", 101, PREMIUM),
        by_id("same", "second", 101),
    ]
    planned = read_preview(preview(*steps), lambda _stack: ())
    [only] = changes_of(planned, OFF).numbers
    assert (only.kind, only.after, sent(only)) == (
        "moved",
        "number 449098790123",
        ["POST forwarding, perhaps"],
    )
    assert only.dangers[0] == (
        "the up fails here: second: the forwarding of sipuri/101: declared by NumberForwarding a and by"
        " NumberForwarding second; remove one of the two"
    )
    assert any(danger.startswith("no-premium-rate-destination: ") for danger in only.dangers)


def test_a_renamed_forwarding_with_another_secret_destination_may_go_elsewhere() -> None:
    only = change(
        number("same", "a", 101),
        forwarding("delete", "old", 101, inputs=TO_A_SECRET),
        by_id("create", "new", 101, inputs=TO_A_SECRET),
    )
    assert (only.kind, sent(only)) == ("moved", ["POST forwarding"])
    assert "the preview does not show destination_number: where calls go may change" in only.notes


@pytest.mark.parametrize("step", [number, ate])
def test_a_server_that_is_a_secret_may_be_another_one_after_an_update(step: Any) -> None:
    only = change(had(step("update", "a", 101, {"host": SECRET}), host=SECRET))
    assert (only.kind, sent(only)) == ("registration", ["PATCH number"])
    assert any("host" in note for note in only.notes)


def test_a_number_that_is_retained_without_its_forwarding_loses_that() -> None:
    only = change(number("delete", "a", 101, retainOnDelete=True), forwarding("delete", "a", 101))
    assert (only.kind, only.before, only.after) == ("released", "group 9", "nowhere")
    assert (only.dangers, sent(only)) == (("calls to it go nowhere",), ["POST forwarding"])
    assert only.notes == ("stays connected and not forwarded, and this stack has it no longer",)


def test_a_second_resource_that_adopts_the_same_digits_admits_its_server() -> None:
    first = number("same", "a", 101)
    second = number("create", "b", 101, {"adopt": True, "host": "sip.a.example,evil.example"})
    refused, patched = change(first, second), change(second, first)
    # Which of the two the engine takes first is not said.
    assert (refused.kind, sent(refused)) == ("registration", ["PATCH number, perhaps"])
    assert refused.dangers[0].endswith(
        "declared by ExternalNumber a and by ExternalNumber b; remove one of the two"
    )
    # The other is the second by then, and the PATCH may have been sent before it fails.
    assert (patched.kind, sent(patched)) == ("registration", ["PATCH number, perhaps"])
    assert patched.notes == (
        "calls are expected from other servers: host sip.a.example,evil.example, until now sip.a.example",
    )
    assert patched.dangers[0].startswith("the up fails here: a: 447700900101: declared by ")


def test_a_renamed_number_without_an_alias_fails_the_up_and_nothing_is_sent() -> None:
    only = change(number("create", "new", 101), number("delete", "old", 101))
    assert only.dangers[0].startswith("the up fails here: new: 447700900101 is connected already")
    assert "the up fails before it removes old" in only.notes
    assert (only.kind, only.writes) == ("unchanged", ())


def test_a_renamed_number_that_adopts_is_one_patch() -> None:
    adopts = number("create", "new", 101, {"adopt": True, "host": "sip.a.example,b.example"})
    only = change(adopts, number("delete", "old", 101))
    assert (only.kind, sent(only)) == ("registration", ["PATCH number"])
    assert "now declared as new, until now as old" in only.notes


@pytest.mark.parametrize("name", ["ExternalNumber", "NumberForwarding"])
def test_a_raw_resource_with_a_provider_of_ours_is_ours(name: str) -> None:
    step = forwarding("create", "a", 101) if name == "NumberForwarding" else number("create", "a", 101)
    provider = getattr(dynamic, f"{name}Provider")
    state = step["newState"]
    state["type"] = "pulumi-python:dynamic:Resource"
    state["inputs"]["__provider"] = base64.b64encode(pickle.dumps(provider())).decode()
    step["urn"] = step["urn"].replace(f"plusofon:{name}", "Resource")
    changes = found(step)
    assert changes.others == ()
    assert [only.steps for only in changes.numbers] == [(f"create {name} a",)]


@pytest.mark.parametrize("marks", [("adopted",), ("adopted", "recorded"), ("adopt",)])
def test_the_first_forwarding_of_a_number_that_was_there_overwrites_what_is_not_known(
    marks: tuple[str, ...],
) -> None:
    was_there = number("same", "a", 101)
    was_there["oldState"]["outputs"] |= dict.fromkeys(marks, True)
    only = change(was_there, forwarding("create", "a", 101))
    assert (only.kind, only.before, only.after) == ("moved", "not known", "group 9")
    assert any("what was set there before" in note for note in only.notes)


def test_a_number_that_is_adopted_is_taken_over_and_what_was_set_there_replaced() -> None:
    steps = [
        number("create", "a", 101, {"adopt": True}),
        forwarding("create", "a", 101, {"number_id": UNKNOWN}),
    ]
    perhaps, surely, new = change(*steps), change(*steps, listed=[LISTED]), change(*steps, listed=[])
    assert (perhaps.kind, perhaps.before, perhaps.after) == ("taken_over", "not known", "group 9")
    assert sent(perhaps) == ["PUT number, perhaps", "PATCH number, perhaps", "POST forwarding"]
    assert (surely.kind, surely.before, surely.after) == ("taken_over", "not known", "group 9")
    assert sent(surely) == ["PATCH number", "POST forwarding"]
    assert (new.kind, new.before, sent(new)) == ("connected", None, ["PUT number", "POST forwarding"])


@pytest.mark.parametrize("mode", ["update", "record"])
def test_a_stack_that_adopts_takes_over_without_a_word_in_its_program(mode: str) -> None:
    only = change(number("create", "a", 101), adopt=mode)
    assert (only.kind, only.before) == ("taken_over", "not known")
    assert bool(only.writes) == (mode == "update")


def test_the_accounts_list_shows_a_create_that_fails() -> None:
    only = change(number("create", "a", 101), listed=[LISTED])
    assert only.dangers[0].startswith("the up fails here: a: 447700900101 is connected already (id 101")
    assert only.writes == ()


def test_a_number_that_the_account_no_longer_lists_fails_its_update() -> None:
    only = change(number("update", "a", 101, {"host": "b.example"}), listed=[])
    assert only.dangers[0].startswith("the up fails here: a: 447700900101 is no longer in the account")


def test_a_number_that_moves_to_another_account_is_disconnected_in_the_first() -> None:
    step = number("replace", "a", 101)
    step["newState"]["provider"] = SECOND
    kinds = {only.account: (only.kind, sent(only)) for only in found(step).numbers}
    assert kinds[None] == ("disconnected", ["DELETE number"])
    assert kinds["second"] == ("connected", ["PUT number"])


def test_numbers_that_exchange_their_digits_are_carried_out_as_the_lifecycle_does() -> None:
    first, second = ({"number": f"447700900{digits}", "adopt": True} for digits in (102, 101))
    changes = found(number("replace", "a", 101, first), number("replace", "b", 102, second))
    # Which number is disconnected first, the engine decides.
    in_order, in_the_other = (
        ["DELETE number, perhaps", "PUT number, perhaps", "PATCH number, perhaps"],
        ["PATCH number, perhaps", "DELETE number, perhaps", "PUT number, perhaps"],
    )
    assert [sent(only) for only in changes.numbers] == [in_order, in_the_other]
    assert {only.number for only in changes.numbers} == {"447700900101", "447700900102"}


def test_a_replacement_that_is_created_first_fails_where_the_number_is_the_same() -> None:
    step = number("replace", "a", 101, {"type": "ate", "login": "x", "secret": SECRET, "port": 5060})
    step["oldState"]["delete"] = True
    only = change(step)
    assert only.dangers[0].startswith("the up fails here: a: 447700900101 is connected already")
    assert "the up fails before it removes a" in only.notes


def test_a_step_that_sends_nothing_is_in_the_report_all_the_same() -> None:
    only = change(number("update", "a", 101, {"adopt": True}))
    assert (only.kind, only.writes, only.steps) == ("unchanged", (), ("update ExternalNumber a",))


@pytest.mark.parametrize("op", ["import", "import-replacement"])
def test_a_step_that_cannot_be_rehearsed_makes_the_report_one_that_is_not_whole(op: str) -> None:
    step = number("create", "a", 101)
    step["op"] = op
    changes = found(step)
    assert (changes.is_complete, len(changes.missing)) == (False, 1)
    assert changes.numbers[0].kind == "unclear"


def test_a_type_that_is_not_shown_makes_the_report_one_that_is_not_whole() -> None:
    assert not found(number("create", "a", 101, {"type": UNKNOWN})).is_complete


def test_a_password_that_an_old_state_kept_as_an_object_is_never_shown() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"pw-17"'}
    step = had(ate("update", "a", 101, {"host": "b.example"}), secret=secret)
    only = change(step)
    assert only.notes == ("registers anew: host b.example, until now sip.a.example",)
    assert "pw-17" not in repr(only)


def test_a_rule_is_broken_by_what_does_not_change_as_well() -> None:
    planned = read_preview(
        preview(number("same", "a", 101), forwarding("same", "a", 101, inputs=PREMIUM)), lambda _stack: ()
    )
    [only] = changes_of(planned, OFF).numbers
    assert only.kind == "unchanged"
    assert any(danger.startswith("no-premium-rate-destination: ") for danger in only.dangers)


def test_every_number_of_a_forwarding_is_named_by_the_urn_of_its_resource() -> None:
    step = forwarding("create", "b", 101, {"number_id": UNKNOWN})
    step["newState"]["propertyDependencies"] = {"number_id": [urn("ExternalNumber", "a")]}
    only = change(number("same", "a", 101), step)
    assert (only.number, only.after) == ("447700900101", "group 9")


def test_the_order_of_steps_does_not_hide_how_a_listed_number_was_connected() -> None:
    steps = [number("update", "a", 101, {"host": "b.example"}), forwarding("same", "a", 101)]
    in_order = change(*steps, listed=[LISTED])
    assert in_order.notes == (
        "calls are expected from other servers: host b.example, until now sip.a.example",
    )
    assert change(*reversed(steps), listed=[LISTED]) == in_order


def test_two_thousand_numbers_are_rehearsed_in_five_seconds_of_a_processor() -> None:
    steps = []
    for place in range(2000):
        digits = {"number": str(447700900000 + place)}
        steps.append(had(number("update", f"n{place}", place, digits | {"host": "b.example"}), **digits))
        steps.append(forwarding("update", f"n{place}", place, {"group_id": 10}))
    started = time.process_time()
    changes = found(*steps)
    assert time.process_time() - started < 5
    assert len(changes.numbers) == 2000
    assert {tuple(sent(each)) for each in changes.numbers} == {("PATCH number", "POST forwarding")}
