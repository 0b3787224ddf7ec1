"""One number's row of the report: what the steps of a rehearsal have done to it.

Compares an account before with the account after, and names the resources. Carries out nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import name_in

from .account import NOT_FORWARDED
from .model import Change, Request
from .planned import is_number, is_on
from .words import leads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .account import Forwarded
    from .model import ChangeKind
    from .outcome import Done, Rehearsed
    from .words import Words

_FAIL: Final = "calls to it fail from then on"
_NOWHERE: Final = "calls to it go nowhere"
_GAP: Final = "it takes no calls from its disconnection until it is connected and forwarded again"
_MEANWHILE: Final = "calls to it go nowhere until it is forwarded again"
_ASSUMED: Final = "connected, if the account does not have it; else what is set there is replaced"
_REMOVED_LATER: Final = "the up fails before it removes"


@dataclass(frozen=True)
class Row:
    """A change, the URNs of the resources that it is about, and of those that are there afterwards.

    `key` is the account and the digits, `names` are those of the resources whose steps write.
    """

    change: Change
    urns: frozenset[str]
    after: frozenset[str]
    key: tuple[str | None, str]
    names: frozenset[str]


def rows_of(rehearsed: Rehearsed, words: Words) -> Iterator[Row]:
    """A row for each number that the steps are about."""
    numbers = dict.fromkeys(key for done in rehearsed.done for key in sorted(done.numbers, key=str))
    for place, number in numbers:
        yield _Numbers(rehearsed, words, place, number).row()


class _Numbers:
    """A number in one account, before and after."""

    def __init__(self, rehearsed: Rehearsed, words: Words, place: str | None, number: str) -> None:
        self._rehearsed = rehearsed
        self._words = words
        self._place = place
        self._number = number
        self._done = [done for done in rehearsed.done if (place, number) in done.numbers]
        self._writes = [
            write for done in self._done for at, write in done.writes if (at, write.number) == (place, number)
        ]
        self._before = rehearsed.before[place].of(number)
        self._after = rehearsed.after[place].of(number)

    def row(self) -> Row:
        is_known = not self._words.hidden.is_hidden(self._number)
        after, before = self._owners(after=True), self._owners(after=False)
        owner = (after or before or self._done)[0]
        kind = self._kind
        change = Change(
            kind,
            plain(self._number) if is_known else None,
            plain(owner.step.name),
            plain(name_in(self._place)) if self._place else None,
            self._goes(self._led) if self._before and not self._is_assumed else self._assumed,
            self._goes(self._leads) if self._after else None,
            replaced_by=self._successor if kind == "replaced" and self._after is None else None,
            notes=tuple(dict.fromkeys(self._notes(kind))),
            dangers=tuple(dict.fromkeys(self._dangers(kind))),
            writes=tuple(self._requests()),
            steps=tuple(
                f"{done.step.op} {plain(done.step.kind or '')} {plain(done.step.name)}"
                for done in self._done
                if done.step.op != "same"
            ),
        )
        urns = frozenset(done.step.urn for done in self._done)
        stays = (done.step.urn for done in self._done if self._is_here(done, after=True))
        names = frozenset(done.step.name for done in self._done if done.step.op != "same")
        return Row(change, urns, frozenset(stays), (self._place, self._number), names)

    @property
    def _is_assumed(self) -> bool:
        return bool(self._before and self._before.is_assumed)

    @property
    def _assumed(self) -> str | None:
        return self._goes(None) if self._is_assumed else None

    def _goes(self, forwarded: Forwarded) -> str:
        return self._words.goes(forwarded, self._place)

    @cached_property
    def _led(self) -> Forwarded:
        return self._rehearsed.before[self._place].leads(self._before) if self._before else NOT_FORWARDED

    @cached_property
    def _leads(self) -> Forwarded:
        return self._rehearsed.after[self._place].leads(self._after) if self._after else NOT_FORWARDED

    @property
    def _is_moved(self) -> bool:
        return leads(self._led) != leads(self._leads)

    @property
    def _is_reconnected(self) -> bool:
        return any(write.method == "DELETE" for write in self._writes)

    @cached_property
    def _kind(self) -> ChangeKind:  # noqa: PLR0911 - a table of cases, in the order in which they count
        if any(done.unclear for done in self._done):
            return "unclear"
        if self._before is None:
            return "connected" if self._after else "unchanged"
        if self._after is None:
            return "replaced" if self._successor else "disconnected"
        if self._is_reconnected:
            return "replaced"
        had, has = self._owners(after=False), self._owners(after=True)
        if self._is_assumed or (has and not had and not any(done.failure for done in has)):
            return "taken_over"
        if had and not has and not any(done.waits for done in had):
            return "released"
        if self._is_moved or list(self._words.conceals(self._led, self._leads)):
            return "moved"
        if list(self._words.caller_ids(self._led, self._leads)):
            return "caller_id"
        return "registration" if self._registers else "unchanged"

    @property
    def _registers(self) -> list[str]:
        """What changes in the number's connection, where something is sent for it."""
        if not any(write.method == "PATCH" for write in self._writes):
            return []
        if self._before is None or self._after is None:
            return []
        is_sure = all(done.is_sure for done in self._done if is_number(done.step))
        return list(self._words.connection(self._before, self._after, is_sure=is_sure))

    def _notes(self, kind: ChangeKind) -> Iterator[str]:
        yield from (done.unclear for done in self._done if done.unclear)
        if kind == "connected" and (replaced := self._replaced):
            yield f"in place of {replaced}, and takes no calls until it is forwarded"
        if kind == "released":
            how = "forwarded" if leads(self._leads) else "not forwarded"
            yield f"stays connected and {how}, and this stack has it no longer"
        if self._is_assumed:
            yield _ASSUMED
        yield from self._renamed()
        if kind not in ("released", "disconnected"):
            yield from self._of_forwarding(kind)
        if kind == "connected" and self._after and self._after.entry.type == "ate":
            yield f"registers at {self._words.hidden.shown(self._after.connection.get('host'))}"
        yield from self._registers
        if kind == "unchanged" and any(write.method == "POST" for write in self._writes):
            yield "its forwarding is set again as it is"
        yield from (text for done in self._done for text in done.notes)
        yield from (f"{_REMOVED_LATER} {plain(done.step.name)}" for done in self._done if done.waits)
        yield from self._unknown(kind)

    def _of_forwarding(self, kind: ChangeKind) -> Iterator[str]:
        if self._before and self._after:
            yield from self._words.conceals(self._led, self._leads)
        if self._after:
            before = NOT_FORWARDED if kind == "connected" else self._led
            yield from self._words.caller_ids(before, self._leads)

    def _unknown(self, kind: ChangeKind) -> Iterator[str]:
        if not self._before and not self._after and kind == "unchanged":
            yield "the account does not have it"
        if not any(is_number(done.step) for done in self._done):
            held = self._after or self._before
            called = f"{held.entry.type}/{self._words.hidden.shown(held.entry.id)}" if held else "it names"
            yield f"the number {called} is not in the preview"

    def _dangers(self, kind: ChangeKind) -> Iterator[str]:
        for done in self._done:
            if done.failure:
                yield f"the up fails here: {plain(done.step.name)}: {done.failure}"
        if self._before and self._after is None and not self._is_assumed:
            yield _FAIL
        elif kind == "replaced":
            yield _GAP
        elif self._before and self._is_moved and leads(self._leads) == []:
            yield _NOWHERE
        elif self._before and leads(self._led) != [] and self._is_cleared_meanwhile:
            yield _MEANWHILE
        if self._after:
            yield from self._words.missing_targets(self._leads, self._place)

    @property
    def _is_cleared_meanwhile(self) -> bool:
        return bool(self._leads) and any(write.leads == NOT_FORWARDED for write in self._writes)

    def _renamed(self) -> Iterator[str]:
        old, new = self._owners(after=False), self._owners(after=True)
        names = {done.step.urn for done in new}
        if old and new and not names & {done.step.urn for done in old}:
            yield f"now declared as {plain(new[0].step.name)}, until now as {plain(old[0].step.name)}"

    def _requests(self) -> Iterator[Request]:
        for done in self._done:
            for place, write in done.writes:
                if (place, write.number) != (self._place, self._number):
                    continue
                if self._is_assumed and write.method == "PATCH":
                    yield Request("PUT", "number", is_sure=False)
                    yield Request("PATCH", "number", is_sure=False)
                else:
                    yield Request(write.method, write.of, done.is_sure)

    def _owners(self, *, after: bool, numbers: bool = True) -> list[Done]:
        """The steps of the resources that are this number's, or its forwarding's, on a side."""
        found = [
            done
            for done in self._done
            if is_number(done.step) == numbers and self._is_here(done, after=after)
        ]
        return sorted(found, key=lambda done: done.step.op == "same")

    def _is_here(self, done: Done, *, after: bool) -> bool:
        return is_on(done.step, after=after) and (
            not is_number(done.step) or self._number in (done.digits_after if after else done.digits_before)
        )

    @cached_property
    def _successor(self) -> str | None:
        """The number that this number's resource has from then on."""
        urns = {done.step.urn for done in self._owners(after=False)}
        return self._other(urns, after=True)

    @property
    def _replaced(self) -> str | None:
        urns = {done.step.urn for done in self._owners(after=True)}
        return self._other(urns, after=False)

    def _other(self, urns: set[str], *, after: bool) -> str | None:
        for done in self._rehearsed.done:
            if done.step.urn in urns and is_on(done.step, after=after):
                for digits in done.digits_after if after else done.digits_before:
                    if digits != self._number:
                        return self._words.hidden.shown(digits)
        return None
