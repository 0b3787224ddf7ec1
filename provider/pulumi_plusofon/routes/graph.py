"""Cycles and chains in a graph of edges: `edges[here][there]` is what leads from here to there.

Knows no telephony: a node is a text, an edge anything.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Edge = TypeVar("_Edge")


def cycles(edges: Mapping[str, Mapping[str, _Edge]]) -> Iterator[tuple[str, ...]]:
    """Each cycle once, from its smallest node back to it."""
    seen: set[str] = set()
    for start in sorted(edges):
        if start not in seen and (cycle := cycle_through(edges, start)):
            seen.update(cycle)
            yield cycle


def cycle_through(edges: Mapping[str, Mapping[str, _Edge]], start: str) -> tuple[str, ...] | None:
    """A shortest cycle from `start` back to it, None if there is none."""
    came_from: dict[str, str] = {}
    reached = deque([start])
    while reached and start not in came_from:
        here = reached.popleft()
        new = [there for there in edges.get(here, ()) if there not in came_from]
        came_from |= dict.fromkeys(new, here)
        reached.extend(new)
    if start not in came_from:
        return None
    path = [start, came_from[start]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def long_chain(edges: Mapping[str, Mapping[str, _Edge]], start: str, most: int) -> tuple[str, ...] | None:
    """A path from `start` with more edges than `most`, as far as one more; None if there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    for _ in range(most + 1):
        paths = [(*path, there) for path in paths for there in edges.get(path[-1], ()) if there not in path]
    return paths[0] if paths else None
