"""Random pairs of programs: the report of the second's preview against what its update then does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.changes.changes import changes_of
from pulumi_plusofon.command.changes.planned import read_preview
from pulumi_plusofon.policies.settings_file import PolicySettings
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime import clock
from support.changes_truth import MAY_FAIL, failures, require_possible, require_true, require_unsure, said_of
from unit.clock import Clock
from unit.model_stack import ModelStack
from unit.previews import preview
from unit.program_pairs import DIGITS, programs, successors

if TYPE_CHECKING:
    from support.changes_truth import Facts
    from unit.fake_account import FakeClient

OFF = PolicySettings({"all": {"enforcementLevel": "disabled"}})
VERBS = {"connect": "PUT", "update": "PATCH", "disconnect": "DELETE", "forward": "POST"}


def held(client: FakeClient) -> dict[str, Facts]:
    """What an account has, by the digits, with where calls go in words."""
    sent = {call[-1].number: call[-1] for call in client.named("connect", "update")}
    return {
        entry.number: {
            "id": entry.id,
            "source": entry.source,
            "secret": sent[entry.number].secret if entry.number in sent else None,
            "port": sent[entry.number].port if entry.number in sent else None,
            "goes": _goes(client, entry),
        }
        for entry in client.numbers
    }


def _goes(client: FakeClient, entry: ListedNumber) -> str:
    body = client.forwardings.get((entry.type, entry.id or 0))
    return "nowhere" if body is None or body["type"] == "empty" else destination(body)


def sent_by(client: FakeClient, since: int, numbers: dict[tuple[str, int], str]) -> dict[str, Counter[str]]:
    """The writes since then, by the digits that they were for."""
    found: dict[str, Counter[str]] = {}
    for entry in client.numbers:
        numbers[entry.type, entry.id or 0] = entry.number
    for method, *details in client.calls[since:]:
        if method in VERBS:
            number = details[-1] if method == "disconnect" else getattr(details[-1], "number", None)
            if method == "forward":
                number = numbers.get((details[0]["number_type"], details[0]["number_id"]), "?")
            found.setdefault(str(number), Counter())[VERBS[method]] += 1
    return found


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_the_report_of_any_preview_is_what_its_update_then_does(data: st.DataObject) -> None:
    stack = ModelStack()
    with clock.use(Clock()):
        by_hand = data.draw(st.lists(st.sampled_from(DIGITS), unique=True, max_size=1))
        own = stack.accounts["own"]
        for place, digits in enumerate(by_hand):
            own.numbers.append(
                ListedNumber(901 + place, "sipuri", digits, "sip.a.example", "x@ext.plusofon.ru", 42291)
            )
        first = data.draw(programs())
        stack.up(first)
        ids = tuple((entry.type, entry.id or 0) for entry in own.numbers)
        program = data.draw(successors(first, ids))
        asks = data.draw(st.booleans())
        steps = stack.preview(program)
        planned = read_preview(preview(*steps), lambda _stack: stack.entries())
        changes = changes_of(planned, OFF, None, own.list_numbers() if asks else None)
        before = {name: held(client) for name, client in stack.accounts.items()}
        marks = {name: len(client.calls) for name, client in stack.accounts.items()}
        known = {
            name: {(entry.type, entry.id or 0): entry.number for entry in client.numbers}
            for name, client in stack.accounts.items()
        }
        ids_of_ours = {
            kept.outputs.get("number") for kept in stack.state.values() if kept.declared.account == "own"
        }
        error = stack.up(program)
    assert not changes.missing
    fails = failures(changes)
    if fails:
        require_unsure(changes)
    if error is not None:
        # Without the account's list a number that was connected by hand is not known.
        assert fails or failures(changes, MAY_FAIL) or (not asks and set(by_hand) - ids_of_ours), error
    else:
        assert not fails
    event(f"fails: {error is not None}")
    for kind in {row.kind for row in changes.numbers}:
        event(f"kind: {kind}")
    for name, client in stack.accounts.items():
        after, sent = held(client), sent_by(client, marks[name], known[name])
        for digits in {*before[name], *after, *sent}:
            if (name, asks) == ("own", False) and digits in set(by_hand) - ids_of_ours:
                # Without the list a forwarding by its id and a resource by its digits cannot be put together.
                continue
            row = said_of(changes, name, digits)
            if error is not None:
                require_possible(row, sent.get(digits, Counter()))
                continue
            require_true(row, before[name].get(digits), after.get(digits), sent.get(digits, Counter()))
