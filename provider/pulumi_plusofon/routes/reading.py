"""Find which forwarding is of which number, and which number it leads to, as far as a preview can know.

A forwarding's `number_id` is unknown until its number exists; that it comes from that number's resource is
known before. Nothing here waits for a value: values unknown in a preview lead nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pulumi_plusofon.schema import values
from pulumi_plusofon.schema.addresses import servers
from pulumi_plusofon.schema.numbering import FEWEST_DIGITS

from . import sip_users
from .networks import in_network, operator_of
from .phones import (
    HOME,
    TooManyReadingsError,
    address_of,
    destinations,
    digits_of,
    is_clear,
    numbers_in,
    region_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Resource
    from .sip_users import SipUser


class CallGraph:
    """The external numbers and forwardings of a stack, and how they hang together."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        ours = sorted(resources, key=lambda resource: resource.urn)
        self.numbers = [resource for resource in ours if resource.kind == "ExternalNumber"]
        self.forwardings = [resource for resource in ours if resource.kind == "NumberForwarding"]
        self._by_urn = {number.urn: number for number in self.numbers}
        self._by_id = self._ids()
        self._by_digits = {digits: number for number in self.numbers if (digits := digits_of(number))}
        self._regions = tuple(sorted({HOME, *map(region_of, self._by_digits)}))
        self._operators = {operator for number in self.numbers for operator in _operators(number)}
        self._by_address = {address: number for number in self.numbers for address in _addresses(number)}

    def number_of(self, forwarding: Resource) -> Resource | None:
        """The stack's own number that is forwarded."""
        named = self._named(forwarding)
        return named or self._by_id.get(_id(forwarding) or ("", 0))

    def identity(self, forwarding: Resource) -> str | None:
        """What names the number that is forwarded, the stack's own or another; None if nothing does yet."""
        if number := self.number_of(forwarding):
            return number.urn
        found = _id(forwarding)
        return f"{found[0]}/{found[1]}" if found else None

    def edges(self) -> dict[str, dict[str, Resource]]:
        """From which of the stack's numbers calls go on to which others, and by which forwarding."""
        edges: dict[str, dict[str, Resource]] = defaultdict(dict)
        for forwarding in self.forwardings:
            number, next_number = self.number_of(forwarding), self.leads_to(forwarding)
            if number and next_number and (digits := digits_of(number)):
                edges[digits][digits_of(next_number) or str(next_number)] = forwarding
        return edges

    def leads_to(self, forwarding: Resource) -> Resource | None:
        """The stack's own number that the calls arrive at next."""
        if address := address_of(forwarding):
            return self._at(address[1])
        return self._first(digits for address in destinations(forwarding) for digits in address.readings)

    def is_unclear(self, forwarding: Resource) -> bool:
        """Whether the calls may arrive at one of the stack's own numbers, and nothing says at which."""
        address = address_of(forwarding)
        if address is None or self._at(address[1]) is not None:
            return False
        user = sip_users.read(address[1])
        if user.is_too_long:
            return True
        if not any(map(self._hands_on, user.hosts)):
            return False
        return self._numbers_in(user) is None or not is_clear(user, self._regions)

    def _numbers_in(self, user: SipUser) -> Iterable[str] | None:
        """The numbers that are in an address, None where they are more than anybody means."""
        try:
            return numbers_in(user, self._regions)
        except TooManyReadingsError:
            return None

    def _hands_on(self, host: str) -> bool:
        """Whether a server hands on to the telephone network what is no number of its own."""
        return in_network(host) or operator_of(host) in self._operators

    def _at(self, uri: str) -> Resource | None:
        user = sip_users.read(uri)
        if user.is_too_long:
            return None
        host = user.hosts[-1]
        for server in (host, operator_of(host)):
            if addressed := self._by_address.get(f"{user.name}@{server}"):
                return addressed
        read: list[str] = []
        if any(map(self._hands_on, user.hosts)):
            read += self._numbers_in(user) or ()
        if any(map(in_network, user.hosts)):
            # The address that the vendor dedicates to a number is the customer's id followed by its digits.
            for digits in (run.digits for run in user.runs):
                read += (digits[start:] for start in range(len(digits) - FEWEST_DIGITS + 1))
        return self._first(read)

    def _first(self, read: Iterable[str]) -> Resource | None:
        return next((self._by_digits[digits] for digits in read if digits in self._by_digits), None)

    def _named(self, forwarding: Resource) -> Resource | None:
        sources = forwarding.sources.get("number_id", ())
        named = [self._by_urn[urn] for urn in sources if urn in self._by_urn]
        return named[0] if len(named) == 1 else None

    def _ids(self) -> dict[tuple[str, int], Resource]:
        # A number that is being updated keeps its id in the preview only in its forwarding.
        pairs = [(number, number) for number in self.numbers]
        pairs += [
            (forwarding, number) for forwarding in self.forwardings if (number := self._named(forwarding))
        ]
        return {found: number for forwarding, number in pairs if (found := _id(forwarding))}


def _id(resource: Resource) -> tuple[str, int] | None:
    """The number's type and id that a number has and a forwarding names."""
    kind = resource.get("type" if resource.kind == "ExternalNumber" else "number_type")
    try:
        return (kind, values.number_id(resource.get("number_id"))) if kind else None
    except ValueError:
        return None


def _operators(number: Resource) -> Iterable[str]:
    host = number.get("host")
    return map(operator_of, servers(host)) if host else ()


def _addresses(number: Resource) -> Iterable[str]:
    """Where a call has to be sent so that it arrives at `number`, besides its digits."""
    dedicated, login = number.get("inbound_uri"), number.get("login")
    if dedicated:
        yield dedicated.lower()
    if login:
        # The operator's servers hand on what is addressed to the login that we register.
        yield from (f"{login}@{operator}".lower().removeprefix("+") for operator in _operators(number))
