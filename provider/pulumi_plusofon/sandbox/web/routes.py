"""Where the calls of the account go, as a picture: its numbers, their forwardings and what these lead to.

Knows the sandbox's own fields alone, and draws nothing. A number or an address of the account's own leads on
to that number; equal targets are one node.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.routes.graph import cycles
from pulumi_plusofon.routes.picture import Edge, Node, Picture
from pulumi_plusofon.sandbox.api.fields import CRM_TYPES, TARGET_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pulumi_plusofon.sandbox.state.directory import StoredTarget
    from pulumi_plusofon.sandbox.state.store import StoredNumber

_NOWHERE: Final = Node("nowhere", "nowhere", "nowhere")
# What the vendor calls a target, for a person.
_WORDS: Final = {"sip": "SIP account", "group": "group", "scenario": "scenario", "call_queue": "call queue"}


def picture_of(
    numbers: Iterable[StoredNumber],
    targets: Iterable[StoredTarget],
    customer_id: int,
    only: AbstractSet[int] | None = None,
) -> Picture:
    """The routes of all numbers, or of those with an id in `only` and of what their calls come to."""
    account = _Account(numbers, targets, customer_id)
    edges = [edge for number in account.numbers.values() for edge in account.edges(number)]
    if only is not None:
        edges = list(
            _reached(edges, {_key(number.number) for number in account.numbers.values() if number.id in only})
        )
    kept = {key for edge in edges for key in (edge.source, edge.target)}
    rings = _rings(edges)
    nodes = [
        account.number_node(number, rings)
        for number in account.numbers.values()
        if _key(number.number) in kept
    ]
    nodes += [node for key, node in account.others.items() if key in kept]
    return Picture(f"Routes of account {customer_id}", tuple(nodes), tuple(edges))


class _Account:
    """The account's numbers by their digits, and how a target is found among them."""

    def __init__(
        self, numbers: Iterable[StoredNumber], targets: Iterable[StoredTarget], customer_id: int
    ) -> None:
        self.numbers = {number.number: number for number in numbers}
        self.others: dict[str, Node] = {}
        """The nodes that are no numbers of the account, as far as an edge has led to one."""
        self._targets = {(target.kind, target.id): target for target in targets}
        self._now = time.time()
        self._addresses = {
            address.lower(): number.number
            for number in self.numbers.values()
            for address in _addresses(number, customer_id)
        }

    def number_node(self, number: StoredNumber, rings: AbstractSet[str]) -> Node:
        problems = []
        if number.type == "ate" and not number.registered(self._now):
            problems.append("not registered")
        if _key(number.number) in rings:
            problems.append("calls come back to it")
        address = f"{number.login}@{number.host}" if number.login else number.host
        return Node(
            _key(number.number), number.number, "number", (f"{number.type} {address}",), tuple(problems)
        )

    def edges(self, number: StoredNumber) -> Iterator[Edge]:
        forwarding, source = number.forwarding, _key(number.number)
        if forwarding is None:
            yield Edge(source, self._other(_NOWHERE))
            return
        code, fallback = forwarding["type"], forwarding.get("type_default")
        yield Edge(source, self._key_of(code, forwarding))
        if fallback is not None:
            yield Edge(source, self._key_of(fallback, forwarding), "else", is_fallback=True)

    def _key_of(self, code: str, forwarding: dict[str, Any]) -> str:
        field = TARGET_FIELDS[code]
        if field is None:
            return self._other(_NOWHERE)
        value = forwarding[field]
        if code == "number":
            digits = "".join(filter(str.isdigit, value))
            label = value if digits in self.numbers else f"number {value}"
            return (
                _key(digits) if digits in self.numbers else self._other(Node(_key(digits), label, "target"))
            )
        if code == "sip_uri" and (own := self._addresses.get(_address(value))):
            return _key(own)
        if code in _WORDS:
            return self._listed(code, value)
        words = f"{code} {value}" if code in CRM_TYPES else value
        return self._other(Node(f"{code}:{value.lower()}", words, "target"))

    def _listed(self, kind: str, target_id: int) -> str:
        listed = self._targets.get((kind, target_id))
        label = f"{_WORDS[kind]} {listed.name} ({target_id})" if listed else f"{_WORDS[kind]} {target_id}"
        problems = () if listed else ("not in the account",)
        return self._other(Node(f"{kind}:{target_id}", label, "target", problems=problems))

    def _other(self, node: Node) -> str:
        return self.others.setdefault(node.key, node).key


def _key(digits: str) -> str:
    return f"number:{digits}"


def _addresses(number: StoredNumber, customer_id: int) -> Iterator[str]:
    """Where a call has to be sent so that it arrives at the number."""
    if number.login:
        yield f"{number.login}@{number.host}"
    else:
        yield f"{customer_id}{number.number}@ext.plusofon.ru"


def _address(uri: str) -> str:
    """A SIP URI without its scheme, its parameters and a port."""
    user, _, host = uri.lower().removeprefix("sips:").removeprefix("sip:").partition("@")
    return f"{user}@{host.partition(';')[0].partition('?')[0].partition(':')[0]}"


def _rings(edges: Iterable[Edge]) -> set[str]:
    leads: dict[str, dict[str, Edge]] = {}
    for edge in edges:
        leads.setdefault(edge.source, {})[edge.target] = edge
    return {key for cycle in cycles(leads) for key in cycle}


def _reached(edges: Iterable[Edge], start: AbstractSet[str]) -> Iterator[Edge]:
    leads: dict[str, list[Edge]] = {}
    for edge in edges:
        leads.setdefault(edge.source, []).append(edge)
    seen, ahead = set(start), list(start)
    while ahead:
        for edge in leads.get(ahead.pop(), ()):
            yield edge
            if edge.target not in seen:
                seen.add(edge.target)
                ahead.append(edge.target)
