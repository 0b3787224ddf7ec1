"""Which known name a misspelt one was probably to be. Knows no names itself."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from .plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

# Less alike than this, two names have only some letters in common.
_LIKENESS: Final = 0.6


def unknown_keys(namespace: str, known: Iterable[str], given: Iterable[str], kind: str) -> list[str]:
    """One line for each of the `given` keys of `namespace` that is no `kind`, with the nearest one."""
    names = sorted(known)
    lines = []
    for key in sorted(given):
        space, colon, name = key.partition(":")
        if colon and space == namespace and name not in names:
            nearest = near(name, names)
            meant = f"did you mean {space}:{nearest}?" if nearest else f"there are {', '.join(names)}"
            lines.append(f"{plain(key)}: is no {kind}; {meant}")
    return lines


def near(name: str, known: Iterable[str], likeness: float = _LIKENESS) -> str | None:
    """The one of the `known` names that is nearest to `name`, None if none is; capitals do not count."""
    by_letters = {one.lower(): one for one in known}
    found = get_close_matches(name.lower(), by_letters, n=1, cutoff=likeness)
    return by_letters[found[0]] if found else None
