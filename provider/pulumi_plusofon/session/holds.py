"""Track the numbers and forwardings that this run declares, has claimed, works on, and holds. Sends nothing.

To declare is to be a resource of the program, whether it changes in this run or not; to claim is to be the
one resource that writes; to hold is to have set a thing up, or to have found it as declared, in this run.
The end of another resource does not take down what is held.
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
        self._owners: dict[Key, str] = {}
        self._claimed: set[Key] = set()
        self._held: set[Key] = set()
        self._locks: dict[Key, threading.Lock] = {}

    def declare(self, key: Key, owner: str) -> None:
        """Note that the resource `owner` ("ExternalNumber office") declares `key`, as often as it is asked.

        Raises `DeclaredTwiceError` where another resource of this run declares it.
        """
        with self._lock:
            other = self._owners.setdefault(key, owner)
        if other != owner:
            raise DeclaredTwiceError(f"{key}: declared by {other} and by {owner}; remove one of the two")

    @contextmanager
    def claim(self, key: Key) -> Iterator[None]:
        """Claim `key` for one resource; it stays claimed unless the block fails.

        Raises `DeclaredTwiceError` where another resource of this run has claimed it.
        """
        with self._lock:
            if key in self._claimed:
                raise DeclaredTwiceError(
                    f"{key}: declared by two resources, and the second was not applied; remove one of the two"
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
