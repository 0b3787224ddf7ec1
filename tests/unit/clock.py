"""A clock for tests of pauses: none of them is waited for."""

from __future__ import annotations


class Clock:
    """Time that passes only while somebody sleeps; also the event of an interrupt.

    `interrupts` makes one come in the next wait.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.interrupts = False
        self.interrupted = False

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def total(self) -> float:
        return sum(self.slept)

    def wait(self, timeout: float) -> bool:
        """As an event, waited for."""
        self.sleep(timeout)
        self.interrupted = self.interrupted or self.interrupts
        return self.interrupted

    def is_set(self) -> bool:
        return self.interrupted
