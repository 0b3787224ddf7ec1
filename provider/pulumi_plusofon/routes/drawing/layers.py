"""In which layer a node of a picture stands, and in which order, so that few edges cross.

Layers go from left to right: what nothing leads to is in the first, what leads nowhere on in the last. An
edge back to an earlier layer closes a loop. Knows positions, no sizes; takes n log n steps and never recurs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.routes.picture import Picture

_SWEEPS: Final = 4
# Edges that pass a layer get a lane in it. In a chain of thousands all lanes would be millions.
_MOST_LANES: Final = 20_000


@dataclass
class Layers:
    """Items by layer, each in its order: nodes by their index in the picture, then lanes."""

    layers: list[list[int]]
    layer_of: list[int]
    links: list[tuple[int, int]] = field(default_factory=list)
    """From an item to one in the next layer."""
    lanes: list[list[int]] = field(default_factory=list)
    """By edge: the lanes that it takes, in its own direction."""
    back: set[int] = field(default_factory=set)
    """The edges that lead back, also those from a node to itself."""


def layered(picture: Picture) -> Layers:
    """The picture's layers, with the same order for the same picture."""
    index = {node.key: at for at, node in enumerate(picture.nodes)}
    edges = [(index[edge.source], index[edge.target]) for edge in picture.edges]
    back = _back_edges(len(index), edges)
    layer_of = _longest_paths(len(index), [edge for at, edge in enumerate(edges) if at not in back])
    sources = {source for source, _ in edges}
    for at, node in enumerate(picture.nodes):
        if node.shape != "number" and at not in sources:
            layer_of[at] = max(layer_of)
    layers = Layers([[] for _ in range(max(layer_of, default=-1) + 1)], layer_of, back=back)
    _add_lanes(layers, edges)
    _order(layers)
    return layers


def neighbours(links: Sequence[tuple[int, int]]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """What each item is linked to on its left, and on its right."""
    left: dict[int, list[int]] = defaultdict(list)
    right: dict[int, list[int]] = defaultdict(list)
    for one, other in links:
        right[one].append(other)
        left[other].append(one)
    return left, right


def _back_edges(count: int, edges: Sequence[tuple[int, int]]) -> set[int]:
    """The edges that close a loop, found by a walk in depth from what nothing leads to."""
    leaving: list[list[int]] = [[] for _ in range(count)]
    for at, (source, _) in enumerate(edges):
        leaving[source].append(at)
    entered = {target for source, target in edges if source != target}
    back: set[int] = set()
    seen: set[int] = set()
    on_path: set[int] = set()
    for root in sorted(range(count), key=lambda at: at in entered):
        steps: list[tuple[int, Iterator[int]]] = [(root, iter(leaving[root]))] if root not in seen else []
        seen.add(root)
        on_path.update(node for node, _ in steps)
        while steps:
            here, rest = steps[-1]
            for at in rest:
                there = edges[at][1]
                if there in on_path:
                    back.add(at)
                elif there not in seen:
                    seen.add(there)
                    on_path.add(there)
                    steps.append((there, iter(leaving[there])))
                    break
            else:
                on_path.discard(here)
                steps.pop()
    return back


def _longest_paths(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """By node: how many edges the longest way to it has, in a graph without loops."""
    left, right = neighbours(edges)
    missing = {at: len(left[at]) for at in range(count)}
    reached = [at for at in range(count) if not missing[at]]
    length = [0] * count
    for here in reached:
        for there in right[here]:
            length[there] = max(length[there], length[here] + 1)
            missing[there] -= 1
            if not missing[there]:
                reached.append(there)
    return length


def _add_lanes(layers: Layers, edges: Sequence[tuple[int, int]]) -> None:
    layer_of = layers.layer_of
    passed = sum(max(abs(layer_of[target] - layer_of[source]) - 1, 0) for source, target in edges)
    for source, target in edges:
        first, last = sorted((source, target), key=lambda item: layer_of[item])
        between = range(layer_of[first] + 1, layer_of[last])
        lanes = list(range(len(layer_of), len(layer_of) + len(between))) if passed <= _MOST_LANES else []
        layer_of += between if lanes else []
        way = [first, *lanes, last]
        layers.links += [link for link in pairwise(way) if layer_of[link[1]] == layer_of[link[0]] + 1]
        layers.lanes.append(lanes if first == source else lanes[::-1])


def _order(layers: Layers) -> None:
    """Put each item near what it is linked to, and what hangs together on adjacent places."""
    group = _groups(len(layers.layer_of), layers.links)
    for item, at in enumerate(layers.layer_of):
        layers.layers[at].append(item)
    place: dict[int, float] = {}

    def sort(layer: list[int], linked: dict[int, list[int]]) -> None:
        for at, item in enumerate(layer):
            place.setdefault(item, at)
        middle = {
            item: sum(place[one] for one in linked[item]) / len(linked[item]) if linked[item] else place[item]
            for item in layer
        }
        layer.sort(key=lambda item: (group[item], middle[item]))
        place.update({item: at for at, item in enumerate(layer)})

    left, right = neighbours(layers.links)
    for _ in range(_SWEEPS):
        for one in layers.layers:
            sort(one, left)
        for one in reversed(layers.layers):
            sort(one, right)


def _groups(count: int, links: Sequence[tuple[int, int]]) -> list[int]:
    """By item: the smallest item that it hangs together with."""
    left, right = neighbours(links)
    group = [-1] * count
    for first in range(count):
        reached = [first] if group[first] < 0 else []
        for here in reached:
            if group[here] < 0:
                group[here] = first
                reached += left[here]
                reached += right[here]
    return group
