"""Keep what the list of numbers showed a while ago, so that a change appears there later. In memory only."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import StoredNumber


class History:
    """The numbers before each of the last changes. Times are seconds since 1970."""

    def __init__(self) -> None:
        self._before: deque[tuple[float, list[StoredNumber]]] = deque()

    def note(self, now: float, numbers: list[StoredNumber]) -> None:
        """`numbers` were there until a change at `now`."""
        self._before.append((now, numbers))

    def at(self, moment: float) -> list[StoredNumber] | None:
        """The numbers at `moment`, None where nothing has changed since."""
        while self._before and self._before[0][0] <= moment:
            self._before.popleft()
        return self._before[0][1] if self._before else None
