"""Where the boxes of a picture stand and which way its edges take, in px.

Knows sizes, and no format. Every edge leaves a box at its right and arrives at the left of one. One that
leads back passes below both, where there is room for it. No edge is drawn over a box, except in a picture so
large that its edges have no lanes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from .layers import layered, neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.routes.picture import Picture

    from .layers import Layers

PORT: Final = 18
"""Between two edges that leave one box: a line of text fits above each."""
_MARGIN: Final = 44
_BETWEEN_BOXES: Final = 12
_LANE: Final = 6
_ALIGNMENTS: Final = 3
# Between two columns: a tall column needs more room, or its edges are steep.
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
    """A box by its left upper corner, or the place of a lane, which has no height."""

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


@dataclass(frozen=True)
class _Slots:
    """The lines below the boxes for edges that lead back, counted from 1 below each box.

    All that lead back to a box share one; each that leaves it has its own.
    """

    leaving: dict[int, int]
    arriving: dict[int, int]
    used: list[int]


def laid_out(picture: Picture, sizes: Sequence[Size], runs: Sequence[int]) -> Layout:
    """Lay out boxes of `sizes`. Each edge begins straight, for at least as long as `runs` has for it."""
    index = {node.key: at for at, node in enumerate(picture.nodes)}
    edges = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    layers = layered(picture)
    slots = _slots(edges, layers.back, len(sizes))
    ports = [0] * len(sizes)
    for source, _ in edges:
        ports[source] += 1
    tall = [
        size._replace(height=max(size.height, PORT * used)) for size, used in zip(sizes, ports, strict=True)
    ]
    straight = [0] * len(layers.layers)
    for (source, _), run in zip(edges, runs, strict=True):
        straight[layers.layer_of[source]] = max(straight[layers.layer_of[source]], run)
    places = _places(layers, tall, straight, _centres(layers, tall, slots))
    ways = _ways(layers, edges, slots, places, straight)
    boxes = places[: len(sizes)]
    right = max([box.right for box in boxes] + [point.x for way in ways for point in way], default=_MARGIN)
    bottom = max(
        [box.y + box.height for box in boxes] + [point.y for way in ways for point in way], default=_MARGIN
    )
    return Layout(right + _MARGIN, bottom + _MARGIN, boxes, ways)


def _slots(edges: Sequence[tuple[int, int]], back: set[int], count: int) -> _Slots:
    slots = _Slots({}, {}, [0] * count)
    for at in sorted(back):
        source, target = edges[at]
        if source != target and target not in slots.arriving:
            slots.used[target] += 1
            slots.arriving[target] = slots.used[target]
        slots.used[source] += 1
        slots.leaving[at] = slots.used[source]
    return slots


def _centres(layers: Layers, sizes: Sequence[Size], slots: _Slots) -> list[float]:
    """The height of each item: near what it is linked to, and clear of the next in its layer."""
    above = [size.height / 2 for size in sizes]
    below = [half + PORT * used for half, used in zip(above, slots.used, strict=True)]
    lanes = [float(_LANE)] * (len(layers.layer_of) - len(sizes))
    above, below = above + lanes, below + lanes
    gaps = [
        [below[one] + above[other] + _BETWEEN_BOXES for one, other in pairwise(layer)]
        for layer in layers.layers
    ]
    centres = [0.0] * len(above)
    left, right = neighbours(layers.links)
    for linked in ({}, *(left, right) * _ALIGNMENTS):
        pairs = list(zip(layers.layers, gaps, strict=True))
        for layer, apart in reversed(pairs) if linked is right else pairs:
            near = (linked.get(item, [item]) for item in layer)
            wished = [sum(centres[one] for one in those) / len(those) for those in near]
            for item, centre in zip(layer, _kept_apart(wished, apart), strict=True):
                centres[item] = centre
    top = min((centre - half for centre, half in zip(centres, above, strict=True)), default=0)
    return [centre - top + _MARGIN for centre in centres]


def _kept_apart(wished: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The heights nearest to those wished for, in their order and with at least `gaps` between them.

    Without the gaps, the heights must not fall. Neighbours that would fall get their mean (the algorithm
    of adjacent violators), so that a crowd stays in the middle of what it wished for.
    """
    offset, offsets = 0.0, [0.0]
    for gap in gaps:
        offset += gap
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for wish, before in zip(wished, offsets, strict=True):
        total, count = wish - before, 1
        while blocks and blocks[-1][0] * count > total * blocks[-1][1]:
            more, others = blocks.pop()
            total, count = total + more, count + others
        blocks.append((total, count))
    level = [total / count for total, count in blocks for _ in range(count)]
    return [height + before for height, before in zip(level, offsets, strict=True)]


def _places(
    layers: Layers, sizes: Sequence[Size], straight: Sequence[int], centres: Sequence[float]
) -> list[Box]:
    """The box of each item, in columns."""
    widths = [0.0] * len(layers.layers)
    for node, size in enumerate(sizes):
        layer = layers.layer_of[node]
        widths[layer] = max(widths[layer], size.width)
    heights = [centres[layer[-1]] - centres[layer[0]] for layer in layers.layers]
    lefts = [float(_MARGIN)]
    for at, (one, other) in enumerate(pairwise(heights)):
        curves = min(max(max(one, other) / _STEEPEST, _NARROWEST), _WIDEST)
        lefts.append(lefts[-1] + widths[at] + straight[at] + curves)
    tall = [size.height for size in sizes] + [0.0] * (len(centres) - len(sizes))
    return [
        Box(round(lefts[layer]), round(centre - height / 2), round(widths[layer]), round(height))
        for layer, centre, height in zip(layers.layer_of, centres, tall, strict=True)
    ]


def _ways(
    layers: Layers,
    edges: Sequence[tuple[int, int]],
    slots: _Slots,
    places: Sequence[Box],
    straight: Sequence[int],
) -> list[list[Point]]:
    """The points of each edge, from the right of its source to the left of its target."""
    ports = _ports(layers, edges, places)
    ways: list[list[Point]] = []
    for at, (source, target) in enumerate(edges):
        start, end = places[source], places[target]
        run = start.right + straight[layers.layer_of[source]]
        way = [Point(start.right, ports[at]), Point(run, ports[at])]
        lanes = [places[lane] for lane in layers.lanes[at]]
        if at in layers.back:
            below = start.y + start.height + PORT * slots.leaving[at]
            way += [Point(run, below, -1), Point(start.x, below, -1)]
            way += [Point(x, lane.y, -1) for lane in lanes for x in (lane.right, lane.x)]
            if source != target:
                below = end.y + end.height + PORT * slots.arriving[target]
                way += [Point(end.right, below, -1), Point(end.x, below, -1)]
        else:
            way += [Point(x, lane.y) for lane in lanes for x in (lane.x, lane.right)]
        ways.append([*way, Point(end.x, end.middle)])
    return ways


def _ports(layers: Layers, edges: Sequence[tuple[int, int]], places: Sequence[Box]) -> list[float]:
    """At which height each edge leaves: in the order of where they go, those that lead back last."""

    def goes(at: int) -> tuple[bool, float]:
        lanes = layers.lanes[at]
        return at in layers.back, places[lanes[0] if lanes else edges[at][1]].middle

    leaving: list[list[int]] = [[] for _ in places]
    for at in sorted(range(len(edges)), key=goes):
        leaving[edges[at][0]].append(at)
    ports = [0.0] * len(edges)
    for source, ats in enumerate(leaving):
        first = places[source].middle - PORT * (len(ats) - 1) / 2
        for step, at in enumerate(ats):
            ports[at] = first + PORT * step
    return ports
