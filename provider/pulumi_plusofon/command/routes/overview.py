"""Where the calls of every number go, as last set, and the problems of each route.

Validates what is known alone: without an account it says nothing of registrations, nor of numbers that no
stack has. Draws nothing and sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.policies.asking import broken
from pulumi_plusofon.routes.graph import cycles
from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.routes.reading import CallGraph
from pulumi_plusofon.routes.words import target_of
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import name_in
from pulumi_plusofon.schema.targets import CRMS
from pulumi_plusofon.schema.values import UNKNOWN

from .problems import RouteProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.command.accounts import Member
    from pulumi_plusofon.policies.settings_file import PolicySettings
    from pulumi_plusofon.routes.words import Names

    from .known import Known

NOWHERE: Final = "nowhere"
_HIDDEN: Final = "[secret]"


@dataclass(frozen=True)
class Way:
    """Where a forwarding leads.

    `key` is that of the route of a stack's number, or the target's own; `label` is the target's name.
    """

    key: str
    label: str
    is_fallback: bool = False


@dataclass(frozen=True)
class Route:
    """A number, and where its calls go.

    `stack` and `resource` are None for a number that no stack has, `forwards_to` for one whose forwarding is
    not known. `account` names one beside the stack's own. `registered` and `listed` are None where no account
    says so.
    """

    key: str
    number: str
    type: str
    id: int | None
    stack: str | None
    resource: str | None
    account: str | None
    registered: bool | None
    listed: bool | None
    forwards_to: str | None
    ways: tuple[Way, ...]
    problems: tuple[RouteProblem, ...] = ()

    @property
    def is_unmanaged(self) -> bool:
        """Whether the account has it, and no stack."""
        return self.stack is None


def overview(known: Known, settings: PolicySettings, places: Mapping[str, str]) -> list[Route]:
    """The routes of all that is known, by number.

    `settings` are those of the rules; `places` are `project/stack` by the stack's name.
    """
    return _Overview(known, settings, places).routes()


class _Overview:
    def __init__(self, known: Known, settings: PolicySettings, places: Mapping[str, str]) -> None:
        self._known = known
        self._members = {member.resource.urn: member for member in known.members}
        self._resources = {urn: _resource(member, places) for urn, member in self._members.items()}
        self._graph = CallGraph(self._resources.values())
        self._forwardings = {
            number.urn: forwarding
            for forwarding in self._graph.forwardings
            if (number := self._graph.number_of(forwarding))
        }
        self._broken: dict[str, list[str]] = defaultdict(list)
        for stack in places.values():
            ours = [resource for resource in self._resources.values() if resource.place == stack]
            for found in broken(ours, settings):
                if found.is_mandatory:
                    self._broken[found.resource.urn].append(f"{found.rule}: {plain(found.text)}")

    def routes(self) -> list[Route]:
        routes = [self._of(member) for member in self._known.numbers()]
        routes = list(_dead_ends(_loops(routes)))
        routes += [_unmanaged(entry, at) for at, entry in enumerate(self._known.unmanaged)]
        return sorted(routes, key=lambda route: (route.number, route.key))

    def _of(self, member: Member) -> Route:
        number, urn = member.resource, member.resource.urn
        entry = self._known.entries.get(urn)
        forwarding = self._forwardings.get(urn)
        names = self._known.names.get(number.provider, {})
        ways = tuple(self._ways(forwarding, names)) if forwarding else ()
        return Route(
            key=urn,
            number=plain(str(number.outputs.get("number"))),
            type=plain(str(number.outputs.get("type"))),
            id=number.outputs.get("number_id"),
            stack=member.stack.name,
            resource=plain(number.name),
            account=plain(name_in(number.provider)) if number.provider in member.stack.accounts else None,
            registered=entry.registered if entry and entry.type == "ate" else None,
            listed=True if entry else False if urn in self._known.gone else None,
            forwards_to=", else ".join(way.label for way in ways) if forwarding else NOWHERE,
            ways=ways,
            problems=tuple(self._problems(member, forwarding, entry)),
        )

    def _ways(self, forwarding: Resource, names: Names) -> Iterator[Way]:
        properties = self._members[forwarding.urn].resource
        shown = {
            name: _HIDDEN if name in properties.secrets else plain(value) if isinstance(value, str) else value
            for name, value in properties.outputs.items()
        }
        next_number = self._graph.leads_to(forwarding)
        for name in ("type", "type_default"):
            of_type = shown.get(name)
            if of_type is None:
                continue
            label = NOWHERE if of_type == "empty" else plain(target_of(of_type, shown, names))
            leads_on = next_number is not None and of_type in ("number", "sip_uri")
            key = next_number.urn if next_number and leads_on else f"target {label}"
            yield Way(key, label, is_fallback=name == "type_default")

    def _problems(
        self, member: Member, forwarding: Resource | None, entry: ListedNumber | None
    ) -> Iterator[RouteProblem]:
        urn = member.resource.urn
        if urn in self._known.gone:
            yield RouteProblem("gone", "the account no longer lists it")
        if urn in self._known.unclear:
            yield RouteProblem("unclear", "whether the account has it cannot be said: see `plusofon drift`")
        if entry is not None and entry.type == "ate" and entry.registered is False:
            yield RouteProblem("not_registered", "its login is not registered at the operator")
        if forwarding is None:
            yield RouteProblem("no_forwarding", "no forwarding")
        else:
            yield from _of_forwarding(forwarding)
            missing = self._known.missing_targets.get(forwarding.urn, ())
            yield from (RouteProblem("no_target", text) for text in missing)
        urns = [urn] if forwarding is None else [urn, forwarding.urn]
        yield from (RouteProblem("policy", text) for urn in urns for text in self._broken.get(urn, ()))


def _of_forwarding(forwarding: Resource) -> Iterator[RouteProblem]:
    of_type, fallback = forwarding.get("type"), forwarding.get("type_default")
    if of_type == "empty":
        yield RouteProblem("empty", "its forwarding is empty: calls go nowhere")
    if of_type in CRMS and fallback is None:
        yield RouteProblem("no_fallback", f"no fallback for calls that {of_type} gives no route")
    if of_type in CRMS and fallback == "empty":
        yield RouteProblem("no_fallback", f"its fallback for calls that {of_type} gives no route is empty")


def _loops(routes: Iterable[Route]) -> Iterator[Route]:
    by_key = {route.key: route for route in routes}
    edges = {key: {way.key: way for way in route.ways if way.key in by_key} for key, route in by_key.items()}
    looping: dict[str, RouteProblem] = {}
    for cycle in cycles(edges):
        path = " -> ".join(by_key[key].number for key in cycle)
        looping |= {key: RouteProblem("loop", f"calls come back: {path}") for key in cycle}
    for key, route in by_key.items():
        yield replace(route, problems=(*route.problems, looping[key])) if key in looping else route


def _dead_ends(routes: Iterable[Route]) -> Iterator[Route]:
    by_key = {route.key: route for route in routes}
    for route in by_key.values():
        nowhere = [
            RouteProblem("dead_end", f"leads to {by_key[way.key].number}, whose calls go nowhere")
            for way in route.ways
            if way.key in by_key and by_key[way.key].forwards_to == NOWHERE
        ]
        yield replace(route, problems=(*route.problems, *nowhere))


def _unmanaged(entry: ListedNumber, at: int) -> Route:
    return Route(
        key=f"unmanaged {at}",
        number=plain(entry.number),
        type=entry.type,
        id=entry.id,
        stack=None,
        resource=None,
        account=None,
        registered=entry.registered if entry.type == "ate" else None,
        listed=True,
        forwards_to=None,
        ways=(),
        problems=(RouteProblem("unmanaged", "in the account and in no stack"),),
    )


def _resource(member: Member, places: Mapping[str, str]) -> Resource:
    resource = member.resource
    number = None if resource.is_number else member.stack.number_of(resource)
    # The password's own rule is asked in every preview.
    hidden = resource.secrets | {"secret"}
    properties: dict[str, Any] = {
        name: UNKNOWN if name in hidden else value
        for name, value in resource.outputs.items()
        if value is not None
    }
    return Resource(
        resource.kind,
        plain(resource.name),
        resource.urn,
        properties,
        places[member.stack.name],
        protect=resource.protect,
        sources={"number_id": (number.urn,)} if number else {},
    )
