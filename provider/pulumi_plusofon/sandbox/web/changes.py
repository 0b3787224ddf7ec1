"""Keep the last value of each thing that the page shows, and when it changed.

So a page that asks again gets only what is new. Never knows what the things are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


class _Version(NamedTuple):
    value: Any
    since: int


class Changes:
    """Things by key. `moment` counts the looks at which something had changed."""

    def __init__(self) -> None:
        self.moment = 0
        self.last_removal = 0
        self._versions: dict[Hashable, _Version] = {}

    def look(self, things: Mapping[Any, Any]) -> None:
        """Take note of all things as they are now."""
        changed = {
            key: value
            for key, value in things.items()
            if (known := self._versions.get(key)) is None or known.value != value
        }
        removed = self._versions.keys() - things.keys()
        if not (changed or removed):
            return
        self.moment += 1
        self._versions |= {key: _Version(value, self.moment) for key, value in changed.items()}
        for key in removed:
            del self._versions[key]
        if removed:
            self.last_removal = self.moment

    def since(self, moment: int) -> dict[Any, Any]:
        """The things that changed after a moment, in the order in which they were first seen."""
        return {key: version.value for key, version in self._versions.items() if version.since > moment}

    def keys(self) -> list[Any]:
        """The keys of all things."""
        return list(self._versions)
