"""A picture of routes as SVG 1.1, to stand in a file or in a page.

It brings all it needs: no style sheet, no script, no reference to anything, so that a page with the
strictest Content-Security-Policy may have it inline. It has no ids: two pictures may stand in one page.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from .layout import Size, laid_out
from .text import cut, is_carried, lines, name, summary, visible, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.routes.picture import Edge, Node, Picture, Shape

    from .layout import Box, Layout, Point

_FONTS: Final = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_LABEL, _SMALL = 14, 12
# How wide a label's letters are for their size: they are bold.
_BOLD: Final = 1.12 * _LABEL
_WIDEST_TEXT, _NARROWEST_BOX, _WIDEST_RUN = 264, 96, 168
_PADDING, _LINE, _ABOVE, _MARK = 12, 16, 9, 22
_ARROW: Final = 9
_BEND: Final = 26
_INK, _FAINT, _ALARM, _GROUND = "#1f2937", "#4b5563", "#a4161a", "#ffffff"
# Fill, stroke and how round the corners are: a shape is known without its colours, too.
_SHAPES: Final[dict[Shape, tuple[str, str, int]]] = {
    "number": ("#eaf2ff", "#1d4ed8", 9),
    "target": ("#f1f5f0", "#3f6b3a", 0),
    "nowhere": ("#f5f5f5", "#6b7280", 20),
}


def drawn(picture: Picture) -> str:
    """The picture as one `<svg>` element."""
    sizes = [_size(node) for node in picture.nodes]
    layout = laid_out(picture, sizes, [_run(edge) for edge in picture.edges])
    return "\n".join([*_elements(picture, layout), "</svg>", ""])


def attribute(text: str) -> str:
    """`text` as an attribute's value that a parser gives back, without what XML cannot carry."""
    safe = (letter if is_carried(letter) else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return "".join(escape(letter) if letter.isprintable() else f"&#{ord(letter)};" for letter in safe)


def _elements(picture: Picture, layout: Layout) -> Iterator[str]:
    wide, high = f"{layout.width:.9g}", f"{layout.height:.9g}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" role="img" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" font-family="{_FONTS}" font-size="{_SMALL}" fill="{_INK}">'
    )
    yield f"<title>{escape(visible(picture.title))}</title>"
    yield f"<desc>{escape(summary(picture))}</desc>"
    yield f'<rect class="ground" width="{wide}" height="{high}" fill="{_GROUND}"/>'
    for edge, way in zip(picture.edges, layout.ways, strict=True):
        yield from _edge(edge, way)
    for node, box in zip(picture.nodes, layout.boxes, strict=True):
        yield from _node(node, box)


def _size(node: Node) -> Size:
    label = width(cut(name(node), _WIDEST_TEXT / _BOLD)) * _BOLD + (_MARK if node.problems else 0)
    others = [width(cut(visible(line), _WIDEST_TEXT / _SMALL)) * _SMALL for line in _small(node)]
    widest = max([label, *others, _NARROWEST_BOX])
    return Size(widest + 2 * _PADDING, _LINE * (1 + len(others)) + 2 * _ABOVE)


def _run(edge: Edge) -> int:
    """How long an edge is straight at its beginning, for its label to stand there."""
    return ceil(width(cut(visible(edge.label), _WIDEST_RUN / _SMALL)) * _SMALL) + 12


def _small(node: Node) -> tuple[str, ...]:
    return (*node.details, *node.problems)


def _edge(edge: Edge, way: list[Point]) -> Iterator[str]:
    dashes = ' stroke-dasharray="6 4"' if edge.is_fallback else ""
    end = way[-1]
    yield f'<g class="edge{" fallback" if edge.is_fallback else ""}" stroke="{_FAINT}" fill="none">'
    yield f'<path d="{_path([*way[:-1], end._replace(x=end.x - _ARROW)])}" stroke-width="1.5"{dashes}/>'
    arrow = f"M{end.x:.9g} {end.y:.9g}l-{_ARROW} -4v8z"
    yield f'<path class="arrow" d="{arrow}" stroke="none" fill="{_FAINT}"/>'
    if edge.label.strip():
        text = escape(cut(visible(edge.label), _WIDEST_RUN / _SMALL))
        start = f'x="{way[0].x + 6:.9g}" y="{way[0].y - 4:.9g}"'
        yield f'<text class="when" {start} stroke="none" fill="{_FAINT}">{text}</text>'
    yield "</g>"


def _path(way: list[Point]) -> str:
    """Straight where two points are at one height, else a curve that is level at both ends."""
    parts = [f"M{way[0].x:.9g} {way[0].y:.9g}"]
    for here, other in pairwise(way):
        if here.y == other.y and here.heading == other.heading:
            parts.append(f"H{other.x:.9g}")
        else:
            bend = max(abs(other.x - here.x) / 2, _BEND)
            first, second = here.x + here.heading * bend, other.x - other.heading * bend
            parts.append(f"C{first:.9g} {here.y:.9g} {second:.9g} {other.y:.9g} {other.x:.9g} {other.y:.9g}")
    return "".join(parts)


def _node(node: Node, box: Box) -> Iterator[str]:
    fill, stroke, corner = _SHAPES[node.shape]
    kinds = f"node {node.shape}{' problem' if node.problems else ''}"
    yield f'<g class="{kinds}" data-key="{attribute(node.key)}">'
    whole = "\n".join(lines(node))
    yield f"<title>{escape(whole)}</title>"
    yield (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="{corner}" '
        f'fill="{fill}" stroke="{_ALARM if node.problems else stroke}" '
        f'stroke-width="{2.5 if node.problems else 1.5}"/>'
    )
    text = (len(_small(node)) + 1) * _LINE
    x, y = box.x + _PADDING, box.y + (box.height - text) / 2 + 13
    label, font = escape(cut(name(node), _WIDEST_TEXT / _BOLD)), f'font-size="{_LABEL}" font-weight="bold"'
    yield f'<text class="label" x="{x}" y="{y:.9g}" {font}>{label}</text>'
    for at, line in enumerate(_small(node), 1):
        kind, colour = ("detail", _FAINT) if at <= len(node.details) else ("reason", _ALARM)
        words = escape(cut(visible(line), _WIDEST_TEXT / _SMALL))
        yield f'<text class="{kind}" x="{x}" y="{y + at * _LINE:.9g}" fill="{colour}">{words}</text>'
    if node.problems:
        yield from _mark(box.right - _PADDING - 14, y - 12)
    yield "</g>"


def _mark(x: float, y: float) -> Iterator[str]:
    """A triangle with an exclamation mark, which needs no colour to be understood."""
    yield f'<path class="mark" d="M{x + 8:.9g} {y:.9g}l8 14h-16z" fill="{_ALARM}"/>'
    sign = f"M{x + 8:.9g} {y + 4.5:.9g}v5m0 1.5v1.5"
    yield f'<path class="mark-sign" d="{sign}" stroke="{_GROUND}" stroke-width="1.8"/>'
