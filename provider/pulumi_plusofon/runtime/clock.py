"""The only clock of this process: time, sleep, and pauses that a Ctrl-C ends.

Everything that waits asks here, so that a test puts another clock in place with `use`, and patches nothing.
The deadline of a socket alone (`api.exchange`) is counted in real time.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


# Set once by the host that gets the engine's Cancel, and never unset: the process ends with the run. A write
# that is in flight is not broken off, because its result would be unknown.
CANCELLED: Final = threading.Event()


class Clock(Protocol):
    """A clock that the process can run by. Seconds throughout."""

    def monotonic(self) -> float:
        """Seconds since some moment; they never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait to the end."""
        ...

    def pause(self, seconds: float) -> bool:
        """Wait until `seconds` are over or the run is cancelled; True if it is."""
        ...

    def is_cancelled(self) -> bool:
        """Whether the person has asked the run to end."""
        ...


class _SystemClock:
    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def pause(self, seconds: float) -> bool:
        return CANCELLED.wait(seconds)

    def is_cancelled(self) -> bool:
        return CANCELLED.is_set()


class _InUse:
    """The clock that is in use."""

    clock: Clock = _SystemClock()


def monotonic() -> float:
    """As `Clock.monotonic`."""
    return _InUse.clock.monotonic()


def sleep(seconds: float) -> None:
    """As `Clock.sleep`."""
    _InUse.clock.sleep(seconds)


def pause(seconds: float) -> bool:
    """As `Clock.pause`."""
    return _InUse.clock.pause(seconds)


def is_cancelled() -> bool:
    """As `Clock.is_cancelled`."""
    return _InUse.clock.is_cancelled()


@contextmanager
def use(clock: Clock) -> Iterator[None]:
    """A block in which the process runs by `clock`."""
    before, _InUse.clock = _InUse.clock, clock
    try:
        yield
    finally:
        _InUse.clock = before
