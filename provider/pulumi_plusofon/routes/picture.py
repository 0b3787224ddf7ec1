"""A picture of routes as plain data, whatever draws it: nodes, edges between them, and problems.

Knows no telephony and no format. Texts are as people and servers wrote them: each format makes them safe for
itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["number", "target", "nowhere"]


@dataclass(frozen=True)
class Node:
    """A place where calls arrive.

    `key` is what it is: nodes of one picture have different ones. `label` is its name and `details` are more
    lines about it. `problems` are its errors, in a few words each.
    """

    key: str
    label: str
    shape: Shape
    details: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A way that calls take from one node to another, by their keys.

    `label` says when, where it is not always. `is_fallback` marks the way of calls that the first one failed.
    """

    source: str
    target: str
    label: str = ""
    is_fallback: bool = False


@dataclass(frozen=True)
class Picture:
    """A title, the nodes in their order, and the edges. An edge's keys are those of nodes in the picture."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
