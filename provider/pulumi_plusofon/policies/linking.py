"""Which forwarding is of which number, and which number it leads to, as far as a preview can know.

A forwarding's `number_id` is unknown until its number exists; that it comes from that number's resource is
known before. Nothing here waits for a value: what cannot be told is told to be so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_plusofon.lifecycle import values
from pulumi_plusofon.lifecycle.numbering import FEWEST_DIGITS

from .places import in_network, split_uri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Resource


class Linked:
    """The external numbers and forwardings of a stack, and how they hang together."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        ours = sorted(resources, key=lambda one: one.urn)
        self.numbers = [one for one in ours if one.kind == "ExternalNumber"]
        self.forwardings = [one for one in ours if one.kind == "NumberForwarding"]
        self._by_urn = {number.urn: number for number in self.numbers}
        self._by_id = self._ids()
        self._by_digits = {str(digits): one for one in self.numbers if (digits := one.known("number"))}
        self._by_address = {address: one for one in self.numbers for address in _addresses(one)}

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

    def leads_to(self, forwarding: Resource) -> Resource | None:
        """The stack's own number that the calls arrive at next."""
        digits, uri = forwarding.known("destination_number"), forwarding.known("destination_uri")
        if digits is not None:
            return self._by_digits.get(str(digits))
        return self._at(*split_uri(uri)) if uri is not None else None

    def _at(self, user: str, host: str) -> Resource | None:
        addressed = self._by_address.get(f"{user}@{host}")
        if addressed or not in_network(host) or not user.isdigit():
            return addressed
        # The address that the vendor dedicates to a number is the customer's id followed by its digits.
        ends = (user[start:] for start in range(len(user) - FEWEST_DIGITS + 1))
        return next((self._by_digits[end] for end in ends if end in self._by_digits), None)

    def _named(self, forwarding: Resource) -> Resource | None:
        sources = forwarding.sources.get("number_id", ())
        named = [self._by_urn[urn] for urn in sources if urn in self._by_urn]
        return named[0] if len(named) == 1 else None

    def _ids(self) -> dict[tuple[str, int], Resource]:
        # A number that is being updated keeps its id in the preview only in its forwarding.
        pairs = [(number, number) for number in self.numbers]
        pairs += [(one, number) for one in self.forwardings if (number := self._named(one))]
        return {found: number for one, number in pairs if (found := _id(one))}


def _id(resource: Resource) -> tuple[str, int] | None:
    """The number's type and id that a number has and a forwarding names."""
    kind = resource.known("type" if resource.kind == "ExternalNumber" else "number_type")
    try:
        return (kind, values.number_id(resource.known("number_id"))) if kind else None
    except ValueError:
        return None


def _addresses(number: Resource) -> Iterable[str]:
    """Where a call has to be sent so that it arrives at `number`."""
    digits, host, login, dedicated = map(number.known, ("number", "host", "login", "inbound_uri"))
    if dedicated:
        yield dedicated.lower()
    for user in (digits, login):
        # The operator's server hands on what is addressed to the number, or to the login that we register.
        if user and host:
            yield f"{user}@{host}".lower()
