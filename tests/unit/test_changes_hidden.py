"""Previews that hide a part of their update, and updates whose order the engine decides."""

from __future__ import annotations

from pulumi_plusofon.command.changes.changes import changes_of
from pulumi_plusofon.command.changes.planned import read_preview
from unit.previews import SECRET, forwarding, number, preview, urn
from unit.rehearsals import OFF, by_id, change, found, sent


def test_a_forwarding_that_goes_with_a_replaced_number_is_in_the_report() -> None:
    # The engine shows no step for it: it is deleted before its number, and the program has it no longer.
    kept = forwarding("same", "a", 101)["oldState"] | {"urn": urn("NumberForwarding", "a")}
    step = number("replace", "a", 101, {"number": "447700900102"})
    planned = read_preview(preview(step), lambda _stack: [kept])
    old, new = changes_of(planned, OFF).numbers
    assert (old.kind, old.before, sent(old)) == ("replaced", "group 9", ["POST forwarding", "DELETE number"])
    assert (new.kind, new.after, sent(new)) == ("connected", "nowhere", ["PUT number"])


def test_a_forwarding_of_a_number_that_is_replaced_under_another_name_is_in_the_report() -> None:
    kept = forwarding("same", "c", 101)["oldState"] | {"urn": urn("NumberForwarding", "c")}
    step = number("replace", "a", 101, {"number": "447700900102"})
    step["oldState"]["urn"] = urn("ExternalNumber", "c")
    planned = read_preview(preview(step), lambda _stack: [kept])
    old, _ = changes_of(planned, OFF).numbers
    assert sent(old) == ["POST forwarding", "DELETE number"]


def test_a_forwarding_that_only_waits_for_a_replaced_number_stays() -> None:
    stays = forwarding("same", "b", 103, number="b")["oldState"] | {"urn": urn("NumberForwarding", "b")}
    stays["dependencies"] = [urn("ExternalNumber", "a"), urn("ExternalNumber", "b")]
    replaced = number("replace", "a", 101, {"number": "447700900102"})
    content = preview(replaced, number("same", "b", 103))
    content["changeSummary"]["same"] += 1
    changes = changes_of(read_preview(content, lambda _stack: [stays]), OFF)
    [row] = [row for row in changes.numbers if row.number == "447700900103"]
    assert (row.kind, row.after, row.writes) == ("unchanged", "group 9", ())


def test_without_the_state_the_forwarding_of_a_replaced_number_is_missing() -> None:
    step = number("replace", "a", 101, {"number": "447700900102"})
    changes = changes_of(read_preview(preview(step), lambda _stack: None), OFF)
    old, _ = changes.numbers
    assert (old.before, changes.is_complete) == ("not known", False)
    assert changes.missing == (
        "a: the preview hides whether it has a forwarding that the program no longer declares",
    )


def test_a_resource_that_an_alias_renames_is_not_read_from_the_state_again() -> None:
    step = number("update", "a", 101, {"host": "sip.b.example"})
    step["oldState"]["urn"] = urn("ExternalNumber", "c")
    content = preview(step)
    content["changeSummary"]["same"] += 1
    planned = read_preview(content, lambda _stack: [step["oldState"]])
    [only] = changes_of(planned, OFF).numbers
    assert (only.kind, only.dangers, sent(only)) == ("registration", (), ["PATCH number"])


def test_a_number_whose_host_the_state_hides_may_be_taken_over() -> None:
    gone = number("delete", "old", 101, inputs={"host": SECRET})
    gone["oldState"]["outputs"]["source"] = SECRET
    new = number("create", "a", 101, {"adopt": True})
    only = change(new, gone)
    assert not any(danger.startswith("the up fails here") for danger in only.dangers)
    assert any(note.startswith("the up may fail here") for note in only.notes)
    assert "PATCH number, perhaps" in sent(only)


def test_a_number_that_a_forwarding_is_set_on_by_its_id_has_one_row() -> None:
    step = by_id("same", "by-id", 101)
    for side in ("oldState", "newState"):
        step[side].setdefault("outputs", {})["set_on"] = "447700900101"
    only = change(step, number("create", "a", 101, {"adopt": True}))
    assert (only.before, sent(only)) == ("group 9", ["PATCH number"])


def test_what_depends_on_the_engines_order_is_never_said_for_certain() -> None:
    gives = number("replace", "a", 101, {"number": "447700900102"})
    takes = number("create", "b", 101, {"adopt": True, "host": "sip.a.example,sip.b.example"})
    by_number = {only.number: only for only in found(takes, gives).numbers}
    contested = by_number["447700900101"]
    assert {text.removesuffix(", perhaps") for text in sent(contested)} >= {"PATCH number", "DELETE number"}
    assert all(text.endswith("perhaps") for text in sent(contested))
    assert sent(by_number["447700900102"]) == ["PUT number"]


def test_a_forwarding_by_its_id_may_go_before_its_number_or_after_it() -> None:
    gone = [forwarding("delete", "a", 101), number("delete", "a", 101), by_id("delete", "by-id", 101)]
    only = change(*gone)
    assert sent(only) == ["POST forwarding", "POST forwarding, perhaps", "DELETE number"]


def test_an_update_that_fails_sends_nothing_for_certain() -> None:
    changes = found(
        number("create", "a", 101),
        number("create", "b", 101),
        number("update", "c", 103, {"host": "sip.b.example"}),
    )
    assert any("the up fails here" in danger for only in changes.numbers for danger in only.dangers)
    assert not any(write.is_sure for only in changes.numbers for write in only.writes)
