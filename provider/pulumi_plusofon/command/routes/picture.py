"""Routes as a picture: which are shown, as nodes and edges, in words that may be masked.

Knows what a route is and no format: `routes.drawing` draws.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.routes.picture import Edge, Node, Picture
from pulumi_plusofon.runtime.text import FEW

from .overview import NOWHERE
from .problems import rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pulumi_plusofon.routes.picture import Shape

    from .overview import Route
    from .problems import RouteProblem

_REGISTERED: Final = {True: "registered", False: "not registered"}
_FALLBACK: Final = "else"


def chosen(routes: Sequence[Route], numbers: Iterable[str], *, only_problems: bool) -> list[Route]:
    """The routes of `numbers`, of all without any, and those that they lead on to.

    With `only_problems` those that have one, and those that they lead on to.
    """
    wanted = set(numbers)
    by_key = {route.key: route for route in routes}
    kept: dict[str, Route] = {}
    waiting = [
        route
        for route in routes
        if (not wanted or route.number in wanted) and (route.problems or not only_problems)
    ]
    while waiting:
        route = waiting.pop()
        if route.key not in kept:
            kept[route.key] = route
            waiting += [by_key[way.key] for way in route.ways if way.key in by_key]
    return [route for route in routes if route.key in kept]


def picture(title: str, routes: Sequence[Route], shown: Callable[[str], str] = str) -> Picture:
    """The picture of `routes`; `shown` is what becomes of each text."""
    names = {route.key: f"n{at}" for at, route in enumerate(routes)}
    seen: Counter[str] = Counter()
    nodes = [_number(route, names[route.key], shown, seen) for route in routes]
    targets: dict[str, Node] = {}
    edges = []
    for route in routes:
        for way in route.ways:
            if way.key not in names:
                names[way.key] = f"n{len(names)}"
                shape: Shape = "nowhere" if way.label == NOWHERE else "target"
                targets[way.key] = Node(names[way.key], shown(way.label), shape)
            label = _FALLBACK if way.is_fallback else ""
            edges.append(Edge(names[route.key], names[way.key], label, is_fallback=way.is_fallback))
    return Picture(shown(title), (*nodes, *targets.values()), tuple(edges))


def _number(route: Route, key: str, shown: Callable[[str], str], seen: Counter[str]) -> Node:
    return Node(
        key,
        shown(route.number),
        "number",
        tuple(map(shown, _details(route))),
        tuple(shown(_said(problem, seen)) for problem in route.problems),
    )


def _said(problem: RouteProblem, seen: Counter[str]) -> str:
    """A problem's text; of a rule that a few numbers break already its name alone."""
    rule = rule_of(problem)
    if rule is None:
        return problem.text
    seen[rule] += 1
    return f"{rule}: as above" if seen[rule] > FEW else problem.text


def _details(route: Route) -> Iterator[str]:
    account = f" in account {route.account}" if route.account else ""
    if route.resource is not None:
        yield f"{route.resource} ({route.stack}{account})"
    registered = f", {_REGISTERED[route.registered]}" if route.registered is not None else ""
    yield f"{route.type}{registered}"
