"""Which numbers and forwardings this run has claimed, works on, and holds. Asks nothing and sends nothing.

To claim is to be the one resource of the program that declares a thing; to hold is to have set it up, or to
have found it as declared, in this run. What is held is not taken down by the end of another resource.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .errors import DeclaredTwiceError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class NumberKey:
    """An external number, by its E.164 digits."""

    digits: str

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True)
class ForwardingKey:
    """The forwarding of a number, by the number's type and id."""

    number_type: str
    number_id: int

    def __str__(self) -> str:
        return f"the forwarding of {self.number_type}/{self.number_id}"


Key: TypeAlias = NumberKey | ForwardingKey


class Holds:
    """What this run has claimed and holds in one account, shared by its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claimed: set[Key] = set()
        self._held: set[Key] = set()
        self._locks: dict[Key, threading.Lock] = {}

    @contextmanager
    def claim(self, key: Key) -> Iterator[None]:
        """Claim `key` for one resource; it stays claimed unless the block fails.

        Raises `DeclaredTwiceError` where another resource of this run has claimed it.
        """
        with self._lock:
            if key in self._claimed:
                raise DeclaredTwiceError(
                    f"{key}: declared twice in this program; nothing was sent for the second resource: remove"
                    " one of the two"
                )
            self._claimed.add(key)
        try:
            yield
        except BaseException:
            self.unclaim(key)
            raise

    def unclaim(self, key: Key) -> None:
        """Let another resource claim `key`: it is gone."""
        with self._lock:
            self._claimed.discard(key)

    @contextmanager
    def exclusive(self, key: Key) -> Iterator[None]:
        """A block in which no other thread sets up or takes down `key`."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            yield

    def mark_held(self, key: Key) -> None:
        """A resource of this run holds `key`: it set it up, or found it as declared."""
        with self._lock:
            self._held.add(key)

    def is_held(self, key: Key) -> bool:
        """Whether a resource of this run holds `key`, so that the end of another must not take it down."""
        with self._lock:
            return key in self._held
