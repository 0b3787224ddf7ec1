"""Texts of a picture made safe to draw, measured and cut, as all formats need them.

Escapes nothing for any format: each format does that itself.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pulumi_plusofon.routes.picture import Node, Picture

# Marks, embeddings, overrides and isolates: they reorder what stands around them.
BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls, surrogates, and the separators of lines and paragraphs.
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
# XML has no way to write these two.
_NO_CHARACTERS: Final = frozenset("\ufffe\uffff")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_ZERO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})
# Sums of the same widths differ by this at most, by their order.
_ROUNDING: Final = 1e-9
# Widths in the size of the font, of the widest font of the stack. A reader may have a narrower one.
_PLAIN, _UPPER, _BROAD, _THIN = 0.64, 0.76, 1.0, 0.4
_THIN_ONES: Final = frozenset(" iljtfrI.,:;'|!()[]-")
_BROAD_ONES: Final = frozenset("mwMW@%&\N{EM DASH}\N{HORIZONTAL ELLIPSIS}")


def is_carried(letter: str) -> bool:
    """Whether XML can carry the character."""
    return letter in "\t\n\r" or not (
        letter < " " or letter in _NO_CHARACTERS or unicodedata.category(letter) == "Cs"
    )


def visible(text: str) -> str:
    """`text` on one line, without what acts on its reader or on the text around it."""
    return "".join(_REPLACEMENT if _acts(letter) else letter for letter in text)


def name(node: Node) -> str:
    """The node's label on one line; words in its place where there is nothing to see."""
    label = visible(node.label)
    return label if label.strip() else "(no name)"


def lines(node: Node) -> list[str]:
    """All that is known of a node, a line each."""
    problems = (f"Problem: {visible(problem)}" for problem in node.problems)
    return [name(node), *map(visible, node.details), *problems]


def summary(picture: Picture) -> str:
    """How much there is in the picture, in one sentence."""
    numbers = sum(node.shape == "number" for node in picture.nodes)
    problems = sum(len(node.problems) for node in picture.nodes)
    parts = ((numbers, "number"), (len(picture.nodes) - numbers, "destination"), (problems, "problem"))
    counted = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts]
    return f"{counted[0]}, {counted[1]}, {counted[2]}. Calls go from left to right."


def width(text: str) -> float:
    """An estimate of how wide `text` is, in the size of its font. A wide character counts double."""
    return sum(map(_width, text))


def cut(text: str, widest: float) -> str:
    """`text`, or its beginning with an ellipsis where it is wider than `widest`."""
    # Marks that take no width are stacked on a letter without end; so characters are counted as well.
    most = int(widest / _THIN)
    if width(text) <= widest and len(text) <= most:
        return text
    left, kept = widest - _width(_ELLIPSIS), 0
    for letter in text[: most - 1]:
        left -= _width(letter)
        if left < _ROUNDING:
            break
        kept += 1
    return f"{text[:kept].rstrip()}{_ELLIPSIS}"


def _acts(letter: str) -> bool:
    return letter in BIDI or letter in _NO_CHARACTERS or unicodedata.category(letter) in _UNSEEN


def _width(letter: str) -> float:
    if unicodedata.category(letter) in _ZERO_WIDTH:
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 2 * _PLAIN
    if letter in _THIN_ONES:
        return _THIN
    if letter in _BROAD_ONES:
        return _BROAD
    return _UPPER if letter.isupper() else _PLAIN
