"""The column of each node of a picture, and which nodes stand together in a band.

A band is what hangs together. In it a node's column is as far from the right as calls still go from there.
Knows positions, no sizes. Never recurs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Edges = Sequence[tuple[int, int]]


class Columns(NamedTuple):
    """By node the column, counted from 0; the bands, their nodes in order; the edges that close a loop."""

    column: list[int]
    bands: list[list[int]]
    back: set[int]

    def is_next(self, source: int, target: int) -> bool:
        """Whether the target stands in the column after the source's."""
        return self.column[target] == self.column[source] + 1

    def of(self, band: Sequence[int]) -> list[list[int]]:
        """The nodes of a band by column, from the left."""
        columns: dict[int, list[int]] = defaultdict(list)
        for node in band:
            columns[self.column[node]].append(node)
        return [columns[at] for at in sorted(columns)]


def in_columns(count: int, edges: Edges) -> Columns:
    """Columns for so many nodes; edges are pairs of their indices."""
    back, nearest_first = _walked(count, edges)
    targets = _by_node(count, [edge for at, edge in enumerate(edges) if at not in back])
    ahead = [0] * count
    for node in nearest_first:
        ahead[node] = max((ahead[there] + 1 for there in targets[node]), default=0)
    bands = _bands(count, edges)
    column = [0] * count
    for band in bands:
        most = max(ahead[node] for node in band)
        for node in band:
            column[node] = most - ahead[node]
    sources = _by_node(count, [(target, source) for source, target in edges])
    for node in range(count):
        if not ahead[node]:
            column[node] = max((column[there] + 1 for there in sources[node] if there != node), default=0)
    return Columns(column, bands, back)


def _by_node(count: int, edges: Edges) -> list[list[int]]:
    """What the edges of each node lead to."""
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        targets[source].append(target)
    return targets


def _walked(count: int, edges: Edges) -> tuple[set[int], list[int]]:
    """The edges that close a loop, and the nodes, each after all that the other edges lead it to."""
    leaving: list[list[int]] = [[] for _ in range(count)]
    for at, (source, _) in enumerate(edges):
        leaving[source].append(at)
    entered = {target for source, target in edges if source != target}
    back: set[int] = set()
    left: dict[int, None] = {}
    on_path: dict[int, Iterator[int]] = {}
    for root in sorted(range(count), key=lambda node: node in entered):
        if root not in left:
            on_path[root] = iter(leaving[root])
        while on_path:
            here, rest = next(reversed(on_path.items()))
            edge = next(rest, None)
            if edge is None:
                del on_path[here]
                left[here] = None
            elif (there := edges[edge][1]) in on_path:
                back.add(edge)
            elif there not in left:
                on_path[there] = iter(leaving[there])
    return back, list(left)


def _bands(count: int, edges: Edges) -> list[list[int]]:
    """The nodes that hang together, in the order in which a walk in depth finds them."""
    linked = _by_node(count, edges)
    for node, sources in enumerate(_by_node(count, [(target, source) for source, target in edges])):
        linked[node] += sources
    bands: list[list[int]] = []
    seen: set[int] = set()
    for first in range(count):
        band: list[int] = []
        found = [first]
        while found:
            if (here := found.pop()) not in seen:
                seen.add(here)
                band.append(here)
                found += reversed(linked[here])
        if band:
            bands.append(band)
    return bands
