"""Text for people: made safe to show, counts in words, the known name that a misspelt name is nearest to.

A server, a list or a pull request may say anything. Control characters act on a terminal, and `<{%…%}>` is
the engine's own markup for colours, on which it panics where it does not know the word. It knows no names.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKUP: Final = {"<{%": "<{ %", "%}>": "% }>"}
# Less alike than this, two names have only some letters in common.
_LIKENESS: Final = 0.6
# As many as a person reads of what is always the same.
FEW: Final = 3


def plain(text: str) -> str:
    """`text` without what acts on its reader; line breaks go, too."""
    return unmarked(
        "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    )


def in_one_line(text: str) -> str:
    """Lines, such as those of several errors, as one line that is safe to show."""
    return plain("; ".join(filter(None, map(str.strip, text.splitlines()))))


def unmarked(text: str) -> str:
    """`text` without the engine's markup; lines stay lines."""
    for mark, harmless in _MARKUP.items():
        text = text.replace(mark, harmless)
    return text


def counted(count: int, noun: str) -> str:
    """The count with its noun: "1 number", "12 numbers"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def some(texts: Sequence[str], most: int = FEW, joint: str = ", ") -> str:
    """The first few, and how many more there are."""
    more = len(texts) - most
    shown = joint.join(texts[:most])
    return f"{shown}{joint.rstrip(', ')} and {more} more" if more > 0 else shown


def e164(number: object) -> str | None:
    """The digits of a phone number with their plus, the form in which all of ours takes them again.

    None for what is not digits alone.
    """
    return f"+{number}" if isinstance(number, str) and number.isascii() and number.isdigit() else None


def unknown_keys(namespace: str, known: Iterable[str], given: Iterable[str], kind: str) -> list[str]:
    """One line for each of the `given` keys of `namespace` that is no `kind`, with the nearest name."""
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
    """The `known` name that is nearest to `name`, None if none is; capitals do not count."""
    by_letters = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(name.lower(), by_letters, n=1, cutoff=likeness)
    return by_letters[found[0]] if found else None
