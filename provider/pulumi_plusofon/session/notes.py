"""Keep what this run has seen and done so far, as far as later steps need it.

Lives as long as the process, which is one phase of one run; sends nothing.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .holds import ForwardingKey

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Successor:
    """The number that is to take the place of another."""

    replaced: str
    number: str


class RunNotes:
    """Notes of one run, shared by its threads. Numbers are known by type and id, forwardings by a key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[tuple[str, int], str] = {}
        self._own: set[tuple[str, int]] = set()
        self._cleared: set[ForwardingKey] = set()
        self._successors: dict[tuple[str, int], Successor] = {}
        self._warned: set[str] = set()

    def note_number(self, number_type: str, number_id: int | None, number: str) -> None:
        """`number` has this id, as the state or the list says."""
        if number_id is not None:
            with self._lock:
                self._numbers[number_type, number_id] = number

    def number(self, number_type: str, number_id: int) -> str | None:
        """The number of this id, None where nothing in this run has said it."""
        with self._lock:
            return self._numbers.get((number_type, number_id))

    def note_own(self, number_type: str, number_id: int | None) -> None:
        """This stack connected the number itself, now or in an earlier run."""
        if number_id is not None:
            with self._lock:
                self._own.add((number_type, number_id))

    def is_own(self, number_type: str, number_id: int) -> bool:
        """Whether this stack is known to have connected the number itself."""
        with self._lock:
            return (number_type, number_id) in self._own

    def note_cleared(self, key: ForwardingKey) -> None:
        """This run has taken the forwarding `key` away."""
        with self._lock:
            self._cleared.add(key)

    def has_cleared(self, key: ForwardingKey) -> bool:
        """Whether this run has taken the forwarding `key` away, so that nothing unseen is set there."""
        with self._lock:
            return key in self._cleared

    def note_successor(self, number_type: str, number_id: int | None, replaced: str, number: str) -> None:
        """`number` is to be connected in the place of `replaced`, which is disconnected before."""
        if number_id is not None:
            with self._lock:
                self._successors[number_type, number_id] = Successor(replaced, number)

    def note_set_up(self, number: str) -> None:
        """This run has set up `number`: it no longer stands in the way of what it takes the place of."""
        with self._lock:
            kept = {
                key: successor for key, successor in self._successors.items() if successor.number != number
            }
            self._successors = kept

    def successor(self, number_type: str, number_id: int | None) -> Successor | None:
        """What is to take the number's place, if this run replaces it."""
        with self._lock:
            return None if number_id is None else self._successors.get((number_type, number_id))

    def warn_once(self, text: str) -> None:
        """Log a warning that is the same for many resources."""
        with self._lock:
            if text in self._warned:
                return
            self._warned.add(text)
        _LOG.warning("%s", text)
