"""When the next request may go out: one pace for the whole process.

Hands out moments to send at, evenly spaced; never counts answers and never drops a request.
"""

from __future__ import annotations

import threading
import time


class Pace:
    """An even pace of `per_second` requests (None: no limit), shared by every thread."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Sleep until this request's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            time.sleep(turn - now)

    def hold(self, seconds: float) -> None:
        """Let nobody send for `seconds` from now: the server asked for a pause."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)
