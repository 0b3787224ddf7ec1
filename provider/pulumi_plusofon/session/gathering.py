"""Time how long a fetch of the list waits for others that will want it, so that they share it.

A write in flight will want a list too. Those that wait without hurry also wait for as many as came along with
the list before: the engine has so many calls open at once, and sends the next ones as these end. Knows
threads and times; fetches nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime import clock

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

# Seconds without a new write, after which those that came along before come no more.
_QUIET: Final = 0.5


class Gathering:
    """The threads that write, or wait for a list after it. `changed` guards all of it, and is notified.

    `shortest` is the seconds for which each fetch waits, `longest` those for which it waits at most.
    """

    def __init__(self, changed: threading.Condition, shortest: float, longest: float) -> None:
        self._changed = changed
        self._shortest = shortest
        self._longest = longest
        self._writing = 0
        self._waiting = 0
        self._hurried = 0
        self._most = 0
        self._came = 0.0

    def begin_write(self) -> None:
        """A write begins."""
        with self._changed:
            self._writing += 1
            self._came = clock.monotonic()
            self._most = max(self._most, self._present())

    def end_write(self) -> None:
        """A write has ended."""
        with self._changed:
            self._writing -= 1
            self._changed.notify_all()

    @contextmanager
    def waiting(self, *, patient: bool) -> Iterator[None]:
        """A block in which this thread waits for a list; `patient` says that others may be waited for."""
        with self._changed:
            self._waiting += 1
            self._hurried += not patient
            self._most = max(self._most, self._present())
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= 1
                self._hurried -= not patient

    def gather(self) -> None:
        """Wait for those that will want the fetch that is about to start."""
        began = clock.monotonic()
        end = began + self._longest
        while True:
            clock.sleep(self._shortest)
            with self._changed:
                while self._writing and (left := end - clock.monotonic()) > 0:
                    self._changed.wait(left)
                if not self._expects_more(began) or clock.monotonic() >= end:
                    return

    def start(self) -> None:
        """A fetch starts: who comes from now on waits for the next one."""
        with self._changed:
            self._most = self._present()

    def _present(self) -> int:
        return self._writing + self._waiting

    def _expects_more(self, began: float) -> bool:
        is_quiet = clock.monotonic() - max(self._came, began) >= _QUIET
        return not self._hurried and not is_quiet and self._present() < self._most
