"""When the next request may go out: one pace for the whole process.

Spaces requests evenly; never counts answers and never drops a request.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from pulumi_plusofon.runtime import clock

_LOG: Final = logging.getLogger(__name__)

# Requests sent evenly do not arrive evenly: at exactly the rate that a server allows, one in a while would
# come too early and be refused, and a refusal costs everybody a pause.
_HEADROOM: Final = 1.05
# Shorter pauses are over before anybody has read about them.
WORTH_A_LINE: Final = 5.0


class Pace:
    """An even pace of just under `per_second` requests (None: no limit), shared by every thread."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = _HEADROOM / per_second if per_second else 0.0
        self._next = 0.0
        self._held = 0.0
        self._turn = threading.Lock()

    def wait(self) -> None:
        """Sleep until this request's turn; an interrupt ends what the server asked for, not the pace."""
        with self._turn:
            while (pause := self._held - clock.monotonic()) > 0 and not clock.pause(pause):
                pass
            if (pause := self._next - clock.monotonic()) > 0:
                clock.sleep(pause)
            self._next = clock.monotonic() + self._interval

    def hold(self, seconds: float) -> None:
        """Send nothing for `seconds` from now: the server asked for a pause."""
        now = clock.monotonic()
        until = now + seconds
        if until - max(self._held, now) >= WORTH_A_LINE:
            _LOG.info("the API asks for a pause of %.0f s, and nothing is sent meanwhile", seconds)
        self._held = max(self._held, until)
