"""Where the calls of an account go: one number's, and those that arrive nowhere.

Reads the numbers as the sandbox's control plane gives them. A target outside of the account is an arrival.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.routes.graph import cycle_through

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NETWORK: Final = "ext.plusofon.ru"
_LEADS: Final = ("type", "type_default")


def digits_of(number: str) -> str:
    """The digits of a number, however it is written."""
    return "".join(filter(str.isdigit, number))


class UnknownNumberError(LookupError):
    """The account does not have the number; the text names those that it has."""


def route_in(numbers: Sequence[Mapping[str, Any]], number: str) -> dict[str, Any] | None:
    """The forwarding of a number, None for none."""
    __tracebackhide__ = True
    digits = digits_of(number)
    for entry in numbers:
        if entry["number"] == digits:
            forwarding: dict[str, Any] | None = entry["forwarding"]
            return forwarding
    has = ", ".join(str(entry["number"]) for entry in numbers) or "none"
    raise UnknownNumberError(f"{number} is not among the numbers ({has})")


def assert_none(numbers: Sequence[Mapping[str, Any]], customer_id: int) -> None:
    """Fail with a line for each dead end."""
    __tracebackhide__ = True
    if lines := dead_ends(numbers, customer_id):
        raise AssertionError("calls come to a dead end:\n" + "\n".join(f"  {line}" for line in lines))


def dead_ends(numbers: Sequence[Mapping[str, Any]], customer_id: int) -> list[str]:
    """A line for each number with a dead end, in the order of `numbers`."""
    forwardings = {entry["number"]: entry["forwarding"] for entry in numbers}
    addresses = {
        address.lower(): entry["number"] for entry in numbers for address in _addresses(entry, customer_id)
    }
    edges = {
        number: dict.fromkeys(_next_numbers(forwarding, forwardings, addresses), True)
        for number, forwarding in forwardings.items()
        if forwarding
    }
    lines = []
    for number, forwarding in forwardings.items():
        if not forwarding:
            lines.append(f"{number}: has no forwarding")
        elif cycle := cycle_through(edges, number):
            lines.append(f"{number}: its calls come back to it: {' -> '.join(cycle)}")
        elif way := _way_to_a_dead_end(edges, forwardings, number):
            why = "has no forwarding" if not forwardings[way[-1]] else "is in a loop"
            lines.append(f"{number}: its calls go on to {way[-1]}, which {why}: {' -> '.join(way)}")
    return lines


def _way_to_a_dead_end(
    edges: Mapping[str, Mapping[str, bool]], forwardings: Mapping[str, Any], start: str
) -> tuple[str, ...] | None:
    """The shortest way from `start` to a number without a forwarding or in a loop."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        for there in edges.get(way[-1], ()):
            if not forwardings[there] or cycle_through(edges, there):
                return (*way, there)
            if there not in seen:
                seen.add(there)
                ways.append((*way, there))
    return None


def _next_numbers(
    forwarding: Mapping[str, Any], forwardings: Mapping[str, Any], addresses: Mapping[str, str]
) -> Iterator[str]:
    """The account's own numbers at which the calls arrive next."""
    types = {forwarding.get(name) for name in _LEADS}
    if "number" in types and (digits := digits_of(forwarding["destination_number"])) in forwardings:
        yield digits
    if "sip_uri" in types and (own := addresses.get(_address(forwarding["destination_uri"]))):
        yield own


def _addresses(number: Mapping[str, Any], customer_id: int) -> Iterator[str]:
    """Where a call has to be sent so that it arrives at the number."""
    if number["login"]:
        yield f"{number['login']}@{number['host']}"
    else:
        yield f"{customer_id}{number['number']}@{_NETWORK}"


def _address(uri: str) -> str:
    """A SIP URI without its scheme, its parameters and a port."""
    user, _, host = uri.lower().removeprefix("sips:").removeprefix("sip:").partition("@")
    return f"{user}@{host.partition(';')[0].partition('?')[0].partition(':')[0]}"
