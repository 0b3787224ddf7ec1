"""The account's list, fetched once for all threads that wait for it.

Reading the list is the only way to learn an id, and it is the same answer for every number, so all
threads of this process share it. There is one fetch at a time. A thread that needs an answer from after its
own write joins the next one. Writes nothing to the account, and never makes an empty list of a failed fetch.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime import clock

from .entries import Listing
from .gathering import Gathering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi_plusofon.api import ListedNumber

# Long enough for writes that were answered together to meet, short beside any request.
_GATHERING: Final = 0.02
# A write in flight will want a listing too, so it is waited for, but not for ever.
_LONGEST_GATHERING: Final = 2.0


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
        self._changed = threading.Condition()
        self._gathering = Gathering(self._changed, gathering, longest_gathering)
        self._started = 0
        self._oldest_valid = 1
        self._fetching = False
        self._pausing = False
        self._latest = _Fetched(0, RuntimeError("nothing was listed yet"))

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
        """The last list that came, if one did; sends nothing."""
        outcome = self._latest.outcome
        return outcome if isinstance(outcome, Listing) else None

    def fresh(self, after: Write | None = None, *, patient: bool = False) -> Listing:
        """The list from a fetch that starts after this call, or after a write that has ended.

        Callers that come together share it; a `patient` one also waits for others to come along.
        """
        with self._changed:
            wanted = self._started + 1 if after is None else after.first_fetch
        with self._gathering.waiting(patient=patient):
            return self._fetch_at_or_after(wanted, gather=True).listing()

    def later(self, seen: Listing, seconds: float) -> Listing:
        """A list from a fetch that started after that of `seen`: another caller's, or one in `seconds`.

        Callers that wait at the same time share it. A Ctrl-C ends the pause.
        """
        with self._changed:
            pauses = not self._pausing and self._latest.order <= seen.order
            self._pausing = self._pausing or pauses
            while not pauses and self._pausing and self._latest.order <= seen.order:
                self._changed.wait()
        if pauses:
            try:
                clock.pause(seconds)
            finally:
                with self._changed:
                    self._pausing = False
                    self._changed.notify_all()
        # The pause has given the others time to come along.
        with self._gathering.waiting(patient=False):
            return self._fetch_at_or_after(seen.order + 1, gather=True).listing()

    @contextmanager
    def write(self) -> Iterator[Write]:
        """A block around a write whose result will be looked up: a fetch about to start waits for it."""
        write = Write()
        self._gathering.begin_write()
        try:
            yield write
        finally:
            # In one step, because a fetch that waited for this write may start before its writer asks.
            with self._changed:
                write.first_fetch = self._started + 1
                self._gathering.end_write()

    def invalidate(self) -> None:
        """What was listed so far can no longer be trusted."""
        with self._changed:
            self._oldest_valid = self._started + 1

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
                self._gathering.gather()
            latest = self._fetch_for_all()
        return latest

    def _fetch_for_all(self) -> _Fetched:
        """Fetch for all threads that wait."""
        with self._changed:
            self._started += 1
            order = self._started
            self._gathering.start()
        outcome: Listing | Exception = RuntimeError("the listing was interrupted")
        try:
            outcome = Listing(self._fetch(), order)
        except Exception as failure:  # noqa: BLE001 - raised by listing(), here and for all who waited
            outcome = failure
        finally:
            with self._changed:
                empty = isinstance(outcome, Listing) and outcome.is_empty
                again = isinstance(self._latest.outcome, Listing) and self._latest.outcome.is_empty
                if isinstance(outcome, Exception):
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
