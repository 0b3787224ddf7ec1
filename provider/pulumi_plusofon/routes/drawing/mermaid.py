"""A picture of routes as a Mermaid flowchart, which many places that show Markdown can draw.

No label is read as Mermaid, Markdown or HTML: what is not plainly a part of a word is written as its
code. There is no link, no directive and no HTML in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .text import lines, summary, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.routes.picture import Edge, Picture, Shape

_BRACKETS: Final[dict[Shape, tuple[str, str]]] = {
    "number": ("(", ")"),
    "target": ("[", "]"),
    "nowhere": ("([", "])"),
}
# What no version of Mermaid reads as anything but text: letters and digits, a blank between others, a dot or
# a dash inside a word, a plus before a digit, a comma before a blank. What begins with "www." may become a
# link, and the word `end` may close a block.
_SAFE: Final = re.compile(
    r"[^\W_]|(?<=\S) (?=\S)|(?<=[^\W_])(?<!www)[.-](?=[^\W_])|\+(?=\d)|(?<=[^\W_]),(?= )", re.IGNORECASE
)
_END: Final = re.compile(r"\bend\b", re.IGNORECASE)
# Mermaid's own form of "&", decoded in labels wherever it comes from.
_AMPERSAND: Final = "\N{LATIN SMALL LIGATURE FL}"


def drawn(picture: Picture) -> str:
    """The picture as the text of one flowchart."""
    return "".join(f"{line}\n" for line in _lines(picture))


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart LR"
    if title := visible(picture.title).strip():
        yield f"  accTitle: {_escaped(title)}"
    yield f"  accDescr: {_escaped(summary(picture))}"
    ids = {node.key: f"n{at}" for at, node in enumerate(picture.nodes)}
    for node in picture.nodes:
        before, after = _BRACKETS[node.shape]
        label = "\n".join(map(_escaped, lines(node)))
        yield f'  {ids[node.key]}{before}"{label}"{after}'
    for edge in picture.edges:
        yield f"  {ids[edge.source]} {_arrow(edge)} {ids[edge.target]}"
    if problems := [ids[node.key] for node in picture.nodes if node.problems]:
        yield "  classDef problem stroke:#a4161a,stroke-width:3px"
        yield f"  class {','.join(problems)} problem"


def _arrow(edge: Edge) -> str:
    line = "-.->" if edge.is_fallback else "-->"
    return f'{line}|"{_escaped(visible(edge.label))}"|' if edge.label.strip() else line


def _escaped(text: str) -> str:
    text = text.replace(_AMPERSAND, "fl")
    ends = {match.start() for match in _END.finditer(text)}
    kept = {match.start() for match in _SAFE.finditer(text)} - ends
    return "".join(letter if at in kept else f"#{ord(letter)};" for at, letter in enumerate(text))
