"""Routes as a picture: which are shown, as nodes and edges, in words that may be masked.

Knows what a route is and no format: `routes.drawing` draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_plusofon.routes.picture import Edge, Node, Picture

from .overview import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pulumi_plusofon.routes.picture import Shape

    from .overview import Route

_REGISTERED: Final = {True: "registered", False: "not registered"}
_FALLBACK: Final = "else"


def chosen(routes: Sequence[Route], numbers: Iterable[str], *, only_problems: bool) -> list[Route]:
    """The routes of `numbers`, of all without any, and those that they lead on to.

    With `only_problems` those that have one, and those that they lead on to.
    """
    wanted = set(numbers)
    by_key = {one.key: one for one in routes}
    kept: dict[str, Route] = {}
    waiting = [
        one for one in routes if (not wanted or one.number in wanted) and (one.problems or not only_problems)
    ]
    while waiting:
        one = waiting.pop()
        if one.key not in kept:
            kept[one.key] = one
            waiting += [by_key[way.key] for way in one.ways if way.key in by_key]
    return [one for one in routes if one.key in kept]


def picture(title: str, routes: Sequence[Route], shown: Callable[[str], str] = str) -> Picture:
    """The picture of `routes`; `shown` is what becomes of each text."""
    names = {one.key: f"n{at}" for at, one in enumerate(routes)}
    nodes = [_number(one, names[one.key], shown) for one in routes]
    targets: dict[str, Node] = {}
    edges = []
    for one in routes:
        for way in one.ways:
            if way.key not in names:
                names[way.key] = f"n{len(names)}"
                shape: Shape = "nowhere" if way.label == NOWHERE else "target"
                targets[way.key] = Node(names[way.key], shown(way.label), shape)
            label = _FALLBACK if way.is_fallback else ""
            edges.append(Edge(names[one.key], names[way.key], label, is_fallback=way.is_fallback))
    return Picture(shown(title), (*nodes, *targets.values()), tuple(edges))


def _number(one: Route, key: str, shown: Callable[[str], str]) -> Node:
    return Node(
        key,
        shown(one.number),
        "number",
        tuple(map(shown, _details(one))),
        tuple(shown(problem.text) for problem in one.problems),
    )


def _details(one: Route) -> Iterator[str]:
    account = f" in account {one.account}" if one.account else ""
    if one.resource is not None:
        yield f"{one.resource} ({one.stack}{account})"
    registered = f", {_REGISTERED[one.registered]}" if one.registered is not None else ""
    yield f"{one.type}{registered}"
