"""Where the boxes of a picture stand and which way its edges take, in px.

Bands stand below each other, columns beside each other. An edge to the next column is a curve. Every other
edge, to a later column or back, goes below its band, so that none is drawn over a box. Knows sizes, and no
format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from .columns import in_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_plusofon.routes.picture import Picture

    from .columns import Columns, Edges

PORT: Final = 18
"""Between two edges that leave one box, and two that go below a band: a line of text fits above each."""
_MARGIN: Final = 44
_BETWEEN_BOXES: Final = 12
# Between two columns: a tall one needs more room, or its edges are steep.
_NARROWEST, _WIDEST, _STEEPEST = 64, 260, 10


class Size(NamedTuple):
    """How large a box must be for what stands in it."""

    width: float
    height: float


class Point(NamedTuple):
    """A point of a way. It is passed to the right, or with `heading` -1 to the left."""

    x: float
    y: float
    heading: int = 1


class Box(NamedTuple):
    """A box by its left upper corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where edges leave."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """At which height edges arrive."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    """The size of all, the boxes in the order of the nodes, the ways in the order of the edges."""

    width: float
    height: float
    boxes: list[Box]
    ways: list[list[Point]]


@dataclass
class _Rows:
    """By node the top of its box, and the line below its band on which edges come that are no curves."""

    tops: list[float]
    lines: dict[int, float]
    tallest: float
    """The height of the tallest column of a band."""
    bottom: float


def laid_out(picture: Picture, sizes: Sequence[Size], runs: Sequence[int]) -> Layout:
    """Lay out boxes of `sizes`. Each edge begins straight, for at least as long as `runs` has for it."""
    index = {node.key: at for at, node in enumerate(picture.nodes)}
    edges = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    columns = in_columns(len(sizes), edges)
    column = columns.column
    ports = [0] * len(sizes)
    straight = [0] * (max(column, default=0) + 1)
    for (source, _), run in zip(edges, runs, strict=True):
        ports[source] += 1
        straight[column[source]] = max(straight[column[source]], run)
    heights = [max(size.height, PORT * used) for size, used in zip(sizes, ports, strict=True)]
    rows = _rows(columns, edges, heights)
    widths = [0] * len(straight)
    for at, size in zip(column, sizes, strict=True):
        widths[at] = max(widths[at], round(size.width))
    curves = round(min(max(rows.tallest / _STEEPEST, _NARROWEST), _WIDEST))
    lefts = [_MARGIN]
    for width, run in zip(widths, straight, strict=True):
        lefts.append(lefts[-1] + width + run + curves)
    boxes = [
        Box(lefts[at], round(upper), widths[at], round(height))
        for at, upper, height in zip(column, rows.tops, heights, strict=True)
    ]
    ways = list(_ways(columns, edges, boxes, rows.lines, straight))
    right = max([box.right for box in boxes] + [point.x for way in ways for point in way], default=_MARGIN)
    return Layout(right + _MARGIN, rows.bottom + _MARGIN, boxes, ways)


def _rows(columns: Columns, edges: Edges, heights: Sequence[float]) -> _Rows:
    """Stack the boxes of each column of a band, all columns around one middle; then the band's lines."""
    below = {target for source, target in edges if not columns.is_next(source, target)}
    rows = _Rows([0.0] * len(heights), {}, 0, _MARGIN)
    for band in columns.bands:
        top = rows.bottom + (_BETWEEN_BOXES if rows.tallest else 0)
        stacks = columns.of(band)
        talls = [sum(heights[node] + _BETWEEN_BOXES for node in stack) - _BETWEEN_BOXES for stack in stacks]
        for stack, tall in zip(stacks, talls, strict=True):
            upper = top + (max(talls) - tall) / 2
            for node in stack:
                rows.tops[node] = upper
                upper += heights[node] + _BETWEEN_BOXES
        rows.tallest = max(rows.tallest, *talls)
        rows.bottom = top + max(talls)
        for node in band:
            if node in below:
                rows.bottom += PORT
                rows.lines[node] = rows.bottom
    return rows


def _ways(
    columns: Columns,
    edges: Edges,
    boxes: Sequence[Box],
    lines: Mapping[int, float],
    straight: Sequence[int],
) -> Iterator[list[Point]]:
    """The points of each edge, from the right of its source to the left of its target."""
    lefts = {columns.column[node]: box.x for node, box in enumerate(boxes)}
    rights = {columns.column[node]: box.right for node, box in enumerate(boxes)}
    for at, height in enumerate(_ports(columns, edges, boxes)):
        source, target = edges[at]
        before, end = columns.column[source], boxes[target]
        run = boxes[source].right + straight[before]
        way = [Point(boxes[source].right, height), Point(run, height)]
        if at in columns.back:
            way += [Point(x, lines[target], -1) for x in (run, end.x)]
        elif not columns.is_next(source, target):
            last = columns.column[target] - 1
            way += [Point(x, lines[target]) for x in (lefts[before + 1], rights[last] + straight[last])]
        yield [*way, Point(end.x, end.middle)]


def _ports(columns: Columns, edges: Edges, boxes: Sequence[Box]) -> list[float]:
    """At which height each edge leaves: in the order of where they go, those that go below the band last."""

    def goes(at: int) -> tuple[bool, float]:
        return not columns.is_next(*edges[at]), boxes[edges[at][1]].middle

    leaving: list[list[int]] = [[] for _ in boxes]
    for at in sorted(range(len(edges)), key=goes):
        leaving[edges[at][0]].append(at)
    ports = [0.0] * len(edges)
    for source, ats in enumerate(leaving):
        first = boxes[source].middle - PORT * (len(ats) - 1) / 2
        for step, at in enumerate(ats):
            ports[at] = first + PORT * step
    return ports
