r"""A picture of routes in the language of Graphviz, for those who lay it out themselves.

No label is read as anything but text: `\`, quotes and the entities of HTML are escaped, and no label is HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .text import lines, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.routes.picture import Picture, Shape

_SHAPES: Final[dict[Shape, str]] = {
    "number": "shape=box, style=rounded",
    "target": "shape=box",
    "nowhere": "shape=ellipse",
}
_PROBLEM: Final = ', class=problem, color="#a4161a", penwidth=2.5'
# Graphviz reads entities in every label.
_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\"", "&": "&amp;", "<": "&lt;", ">": "&gt;"})


def drawn(picture: Picture) -> str:
    """The picture as one directed graph."""
    return "".join(f"{line}\n" for line in _lines(picture))


def _lines(picture: Picture) -> Iterator[str]:
    yield "digraph routes {"
    yield f"  graph [rankdir=LR, label={_quoted([visible(picture.title)])}, labelloc=t]"
    ids = {node.key: f'"n{at}"' for at, node in enumerate(picture.nodes)}
    for node in picture.nodes:
        problem = _PROBLEM if node.problems else ""
        yield f"  {ids[node.key]} [label={_quoted(lines(node))}, {_SHAPES[node.shape]}{problem}]"
    for edge in picture.edges:
        words = [f"label={_quoted([visible(edge.label)])}"] if edge.label.strip() else []
        dashes = ["style=dashed"] if edge.is_fallback else []
        attributes = f" [{', '.join(words + dashes)}]" if words or dashes else ""
        yield f"  {ids[edge.source]} -> {ids[edge.target]}{attributes}"
    yield "}"


def _quoted(texts: Sequence[str]) -> str:
    label = r"\n".join(text.translate(_ESCAPED) for text in texts)
    return f'"{label}"'
