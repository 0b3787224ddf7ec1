"""When the next request may go out: one pace for the whole process.

Spaces requests evenly; never counts answers and never drops a request.
"""

from __future__ import annotations

import threading
import time
from typing import Final

# Requests sent evenly do not arrive evenly: at exactly the rate that a server allows, one in a while would
# come too early and be refused, and a refusal costs everybody a pause.
_HEADROOM: Final = 1.05


class Pace:
    """An even pace of just under `per_second` requests (None: no limit), shared by every thread."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = _HEADROOM / per_second if per_second else 0.0
        self._next = 0.0
        self._held = 0.0
        self._turn = threading.Lock()

    def wait(self) -> None:
        """Sleep until this request's turn."""
        with self._turn:
            while (pause := max(self._next, self._held) - time.monotonic()) > 0:
                time.sleep(pause)
            self._next = time.monotonic() + self._interval

    def hold(self, seconds: float) -> None:
        """Let nobody send for `seconds` from now: the server asked for a pause."""
        self._held = max(self._held, time.monotonic() + seconds)
