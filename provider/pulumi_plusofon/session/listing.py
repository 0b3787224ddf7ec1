"""The account's list, fetched once for all threads that wait for it.

Reading the list is the only way to learn an id, and it is the same answer for every number, so all
threads of this process share it. There is one fetch at a time. A thread that needs an answer from after its
own write joins the next one. Keeps what was listed, less what was deleted since; writes nothing to the
account, and never turns a failed fetch into an empty list.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime import clock

from .errors import UnreadableEntryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi_plusofon.api import ListedNumber

# Long enough for writes that were answered together to meet, short beside any request.
_GATHERING: Final = 0.02
# A write in flight will want a listing too, so it is waited for, but not for ever.
_LONGEST_GATHERING: Final = 2.0
_LOOK: Final = "look at it in the vendor's web page, or ask for a newer version of this package"


class Listing:
    """The external numbers of one complete, valid list.

    `has_ids` says whether every number that can be ours came with its id; `is_empty` whether the list had
    nothing in it when it came, whatever was deleted since.
    """

    def __init__(self, numbers: Iterable[ListedNumber]) -> None:
        self._by_number: dict[str, list[ListedNumber]] = defaultdict(list)
        self._by_id: dict[tuple[str, int], ListedNumber] = {}
        self._unread: list[ListedNumber] = []
        self.has_ids = True
        self.is_empty = True
        for number in numbers:
            self.is_empty = False
            self._by_number[number.number].append(number)
            if not number.managed:
                self._unread.append(number)
            elif number.id is not None:
                self._by_id[number.type, number.id] = number
            else:
                self.has_ids = False

    def entries(self) -> list[ListedNumber]:
        """Every entry, those of one number side by side."""
        return [entry for entries in self._by_number.values() for entry in entries]

    def with_number(self, number: str, number_type: str | None = None) -> list[ListedNumber]:
        """Every entry of `number`, of this type and understood if one is given: none, one, or too many."""
        entries = self._by_number.get(number, ())
        return [
            entry for entry in entries if number_type is None or (entry.managed and number_type == entry.type)
        ]

    def with_id(self, number_type: str, number_id: int) -> ListedNumber | None:
        """The entry of this type that has this id."""
        return self._by_id.get((number_type, number_id))

    def require_absent(self, number_type: str, number_id: int | None, number: str | None) -> None:
        """Refuse to take what was not found for gone where an entry that cannot be read may be it.

        `number` is None where the id alone is known.
        """
        for entry in self._unread:
            if _may_be(entry, number_id, number):
                ours = f"{number_type}/{number_id}" if number_id else number_type
                raise UnreadableEntryError(
                    f"{number or ours}: the state has it as {ours}, and {listed(entry)}; nothing was done,"
                    f" and it is not taken for gone: {_LOOK}"
                )

    def require_readable(self, number_type: str, number_id: int) -> None:
        """Refuse an id that stands at an entry which cannot be read."""
        for entry in self._unread:
            if entry.id == number_id:
                raise UnreadableEntryError(
                    f"{number_type}/{number_id}: {listed(entry)}; nothing was sent: {_LOOK}"
                )

    def discard(self, number_type: str, number: str) -> None:
        """Take `number` of this type out: it has been deleted since."""
        for entry in self.with_number(number, number_type):
            self._by_number[number].remove(entry)
            if entry.id is not None:
                self._by_id.pop((entry.type, entry.id), None)


def require_managed(entry: ListedNumber) -> ListedNumber:
    """The entry, if it is understood; refuses one that is not."""
    if not entry.managed:
        raise UnreadableEntryError(
            f"{entry.number} is connected already, and nothing was sent: {listed(entry)}; {_LOOK}"
        )
    return entry


def listed(entry: ListedNumber) -> str:
    """What the list has, for an error about an entry that cannot be read."""
    trouble = entry.trouble or "its type is not known here"
    return f"the account lists {entry.number} with id {entry.id} as type {entry.type!r} ({trouble})"


def _may_be(entry: ListedNumber, number_id: int | None, number: str | None) -> bool:
    """Whether an entry that cannot be read may be the one of this id or number."""
    if number_id is not None and entry.id == number_id:
        return True
    if number is None:
        return entry.id is None
    return entry.number == number or not entry.has_digits


@dataclass(frozen=True)
class _Fetched:
    """One fetch: its place in the order of starts, what came of it, and whether that may be an accident."""

    order: int
    outcome: Listing | Exception
    unconfirmed: bool = False

    def listing(self) -> Listing:
        """The list, or the failure raised."""
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class SharedListing:
    """One account's list, shared by the threads of this process.

    `fetch` asks the API; `gathering` is the seconds for which a fetch after a write waits for others,
    `longest_gathering` those for which it waits for writes in flight.
    """

    def __init__(
        self,
        fetch: Callable[[], Iterable[ListedNumber]],
        gathering: float = _GATHERING,
        longest_gathering: float = _LONGEST_GATHERING,
    ) -> None:
        self._fetch = fetch
        self._gathering = gathering
        self._longest_gathering = longest_gathering
        self._changed = threading.Condition()
        self._started = 0
        self._oldest_valid = 1
        self._writing = 0
        self._fetching = False
        self._latest = _Fetched(0, RuntimeError("nothing was listed yet"))
        self._deleted: dict[tuple[str, str], int] = {}

    def current(self) -> Listing:
        """The list as this process knows it: fetched once, and again only after `invalidate`.

        An empty list is believed when it comes twice: were it an accident, every number would be gone for
        a refresh, left alone by a destroy, and connected once more by a create.
        """
        with self._changed:
            wanted = self._oldest_valid
        fetched = self._fetch_at_or_after(wanted, gather=False)
        if fetched.unconfirmed:
            fetched = self._fetch_at_or_after(fetched.order + 1, gather=False)
        return fetched.listing()

    def last(self) -> Listing | None:
        """The last list that came, if one did; nothing is asked."""
        outcome = self._latest.outcome
        return outcome if isinstance(outcome, Listing) else None

    def fresh(self, after: Write | None = None) -> Listing:
        """The list from a fetch that starts after this call, or after a write that has ended.

        Callers that come together share it.
        """
        with self._changed:
            wanted = self._started + 1 if after is None else after.first_fetch
        return self._fetch_at_or_after(wanted, gather=True).listing()

    @contextmanager
    def write(self) -> Iterator[Write]:
        """A block around a write whose result will be looked up: a fetch about to start waits for it."""
        write = Write()
        with self._changed:
            self._writing += 1
        try:
            yield write
        finally:
            # In one step, because a fetch that waited for this write may start before its writer asks.
            with self._changed:
                self._writing -= 1
                write.first_fetch = self._started + 1
                self._changed.notify_all()

    def invalidate(self) -> None:
        """What was listed so far can no longer be trusted."""
        with self._changed:
            self._oldest_valid = self._started + 1

    def forget(self, number_type: str, number: str) -> None:
        """`number` of this type has been deleted: no fetch that started before now may show it."""
        with self._changed:
            self._deleted[number_type, number] = self._started
            if isinstance(self._latest.outcome, Listing):
                self._latest.outcome.discard(number_type, number)

    def _fetch_at_or_after(self, wanted: int, *, gather: bool) -> _Fetched:
        """The fetch `wanted` in the order of starts, or a later one."""
        with self._changed:
            while self._latest.order < wanted and self._fetching:
                self._changed.wait()
            latest = self._latest
            lead = latest.order < wanted
            if lead:
                self._fetching = True
        if lead:
            if gather:
                self._wait_for_writers()
            latest = self._fetch_for_all()
        return latest

    def _wait_for_writers(self) -> None:
        end = clock.monotonic() + self._longest_gathering
        clock.sleep(self._gathering)
        with self._changed:
            while self._writing and (left := end - clock.monotonic()) > 0:
                self._changed.wait(left)

    def _fetch_for_all(self) -> _Fetched:
        """Fetch for all threads that wait."""
        with self._changed:
            self._started += 1
            order = self._started
        outcome: Listing | Exception = RuntimeError("the listing was interrupted")
        try:
            outcome = Listing(self._fetch())
        except Exception as failure:  # noqa: BLE001 - raised by listing(), here and for all who waited
            outcome = failure
        finally:
            with self._changed:
                empty = isinstance(outcome, Listing) and outcome.is_empty
                again = isinstance(self._latest.outcome, Listing) and self._latest.outcome.is_empty
                if isinstance(outcome, Listing):
                    for deleted, deleted_at in self._deleted.items():
                        if deleted_at >= order:
                            outcome.discard(*deleted)
                else:
                    # Those who waited get the failure; those who come later ask anew.
                    self._oldest_valid = max(self._oldest_valid, order + 1)
                fetched = self._latest = _Fetched(order, outcome, unconfirmed=empty and not again)
                self._fetching = False
                self._changed.notify_all()
        return fetched


@dataclass
class Write:
    """A write, and, once it has ended, the first fetch in the order of starts that can show what it did."""

    first_fetch: int = 0
