"""Rules on the forwardings of a whole stack: no loops, one for each number, none forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_plusofon.routes.graph import cycles, long_chain
from pulumi_plusofon.routes.phones import address_of
from pulumi_plusofon.routes.reading import CallGraph
from pulumi_plusofon.schema.targets import PHONE_FIELDS, SIP_FIELDS

from .model import UNCLEAR, Deferred, Violation, deferred

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.routes.model import Resource

    from .config import Hops, NoSettings
    from .model import Finding

_LEADS: Final = (*PHONE_FIELDS, *SIP_FIELDS)
# What decides where a call to a number arrives.
_REACHED_BY = ("number", "host", "login")


def no_loop(resources: Sequence[Resource], config: Hops) -> Iterator[Finding]:
    """Refuse forwardings that bring a call back, or hand it on too often."""
    stack = CallGraph(resources)
    edges = stack.edges()
    for path in cycles(edges):
        yield Violation(
            edges[path[0]][path[1]],
            f"a call to {path[0]} comes back to it ({' -> '.join(path)}); forward one of them elsewhere",
        )
    reached = {digits for ways in edges.values() for digits in ways}
    for start in sorted(edges.keys() - reached):
        if chain := long_chain(edges, start, config.max_hops):
            yield Violation(
                edges[start][chain[1]],
                f"a call to {start} is handed on {len(chain) - 1} times or more ({' -> '.join(chain)}),"
                f" maxHops is {config.max_hops}; forward it straight to where it ends",
            )
    for forwarding in filter(stack.is_unclear, stack.forwardings):
        shown = " ".join(address_of(forwarding) or ())
        yield Violation(
            forwarding,
            f"{shown} may lead back to one of the stack's numbers: it {UNCLEAR}",
        )
    yield from _deferred(stack)


def one_forwarding(resources: Sequence[Resource], _config: NoSettings) -> Iterator[Finding]:
    """Refuse a second forwarding of a number: the API keeps only the one that was set last."""
    stack = CallGraph(resources)
    first: dict[str, Resource] = {}
    for forwarding in stack.forwardings:
        identity = stack.identity(forwarding)
        if identity is None:
            yield Deferred(forwarding, "number_id")
        elif identity in first:
            number = stack.number_of(forwarding)
            digits = number.get("number") if number else None
            yield Violation(
                forwarding,
                f"{digits or number or identity} is forwarded by {first[identity]} already;"
                " remove one of the two",
            )
        else:
            first[identity] = forwarding


def has_forwarding(resources: Sequence[Resource], _config: NoSettings) -> Iterator[Finding]:
    """Advise to say where the calls of each number go."""
    stack = CallGraph(resources)
    waiting = [forwarding for forwarding in stack.forwardings if stack.identity(forwarding) is None]
    for forwarding in waiting:
        yield Deferred(forwarding, "number_id")
    forwarded = {stack.identity(forwarding) for forwarding in stack.forwardings}
    for number in stack.numbers:
        if number.urn not in forwarded and not waiting:
            yield Violation(
                number,
                f"calls to {number.get('number') or 'it'} go nowhere; declare a NumberForwarding, of type"
                " empty if that is meant",
            )


def _deferred(stack: CallGraph) -> Iterator[Finding]:
    leading = [forwarding for forwarding in stack.forwardings if any(map(forwarding.properties.get, _LEADS))]
    for forwarding in leading:
        yield from deferred(forwarding, *_LEADS)
        if stack.identity(forwarding) is None:
            yield Deferred(forwarding, "number_id")
    for number in stack.numbers if leading else ():
        yield from deferred(number, *_REACHED_BY)
