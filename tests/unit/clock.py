"""A clock for tests of pauses: none of them is waited for."""

from __future__ import annotations


class Clock:
    """Time that passes only in sleeps and pauses. `interrupts` makes a Ctrl-C come in the next pause."""

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

    def pause(self, seconds: float) -> bool:
        self.sleep(seconds)
        self.interrupted = self.interrupted or self.interrupts
        return self.interrupted

    def is_cancelled(self) -> bool:
        return self.interrupted
