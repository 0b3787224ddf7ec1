"""Rules on the forwardings of a whole stack: no loops, one for each number, none forgotten."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from .linking import Linked
from .model import PutOff, Violation
from .phones import digits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .config import Config, Hops
    from .model import Finding, Resource

_LEADS = ("destination_number", "destination_uri")
# What decides where a call to a number arrives.
_REACHED_BY = ("number", "host", "login")


def no_loop(resources: Sequence[Resource], config: Hops) -> Iterator[Finding]:
    """Refuse forwardings that bring a call back, or hand it on too often."""
    stack = Linked(resources)
    hops = _hops(stack)
    for path in _loops(hops):
        yield Violation(
            hops[path[0]][path[1]],
            f"a call to {path[0]} comes back to it ({' -> '.join(path)}); forward one of them elsewhere",
        )
    reached = {digits for ways in hops.values() for digits in ways}
    for start in sorted(hops.keys() - reached):
        if chain := _long_chain(hops, start, config.max_hops):
            yield Violation(
                hops[start][chain[1]],
                f"a call to {start} is handed on {len(chain) - 1} times or more ({' -> '.join(chain)}),"
                f" maxHops is {config.max_hops}; forward it straight to where it ends",
            )
    yield from _put_off(stack)


def one_forwarding(resources: Sequence[Resource], _config: Config) -> Iterator[Finding]:
    """Refuse a second forwarding of a number: the API keeps only the one that was set last."""
    stack = Linked(resources)
    first: dict[str, Resource] = {}
    for forwarding in stack.forwardings:
        identity = stack.identity(forwarding)
        if identity is None:
            yield PutOff(forwarding, "number_id")
        elif identity in first:
            number = stack.number_of(forwarding)
            digits = number.known("number") if number else None
            yield Violation(
                forwarding,
                f"{digits or number or identity} is forwarded by {first[identity]} already;"
                " remove one of the two",
            )
        else:
            first[identity] = forwarding


def has_forwarding(resources: Sequence[Resource], _config: Config) -> Iterator[Finding]:
    """Advise to say where the calls of each number go."""
    stack = Linked(resources)
    waiting = [one for one in stack.forwardings if stack.identity(one) is None]
    for forwarding in waiting:
        yield PutOff(forwarding, "number_id")
    forwarded = {stack.identity(one) for one in stack.forwardings}
    for number in stack.numbers:
        if number.urn not in forwarded and not waiting:
            yield Violation(
                number,
                f"calls to {number.known('number') or 'it'} go nowhere; declare a NumberForwarding, of type"
                " empty if that is meant",
            )


def _hops(stack: Linked) -> dict[str, dict[str, Resource]]:
    """From which of the stack's numbers calls go on to which others, and by which forwarding."""
    hops: dict[str, dict[str, Resource]] = defaultdict(dict)
    for forwarding in stack.forwardings:
        number, next_number = stack.number_of(forwarding), stack.leads_to(forwarding)
        if number and next_number and (digits := digits_of(number)):
            hops[digits][digits_of(next_number) or str(next_number)] = forwarding
    return hops


def _put_off(stack: Linked) -> Iterator[Finding]:
    leading = [one for one in stack.forwardings if any(map(one.properties.get, _LEADS))]
    for forwarding in leading:
        yield from forwarding.put_off(*_LEADS)
        if stack.identity(forwarding) is None:
            yield PutOff(forwarding, "number_id")
    for number in stack.numbers if leading else ():
        yield from number.put_off(*_REACHED_BY)


def _loops(hops: Mapping[str, Mapping[str, Resource]]) -> Iterator[tuple[str, ...]]:
    """Each loop once, from its smallest number."""
    told: set[str] = set()
    for start in sorted(hops):
        if start not in told and (way := _way_back(hops, start)):
            told.update(way)
            yield way


def _way_back(hops: Mapping[str, Mapping[str, Resource]], start: str) -> tuple[str, ...] | None:
    came_from: dict[str, str] = {}
    reached = deque([start])
    while reached and start not in came_from:
        here = reached.popleft()
        new = [there for there in hops.get(here, ()) if there not in came_from]
        came_from |= dict.fromkeys(new, here)
        reached.extend(new)
    if start not in came_from:
        return None
    way = [start, came_from[start]]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def _long_chain(hops: Mapping[str, Mapping[str, Resource]], start: str, most: int) -> tuple[str, ...] | None:
    """A way from `start` with more hops than `most`, as far as one more."""
    ways: list[tuple[str, ...]] = [(start,)]
    for _ in range(most + 1):
        ways = [(*way, digits) for way in ways for digits in hops.get(way[-1], ()) if digits not in way]
    return ways[0] if ways else None
