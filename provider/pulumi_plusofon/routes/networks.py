"""Find whose server a host is, in the terms of telephony: an operator's, or the vendor's own."""

from __future__ import annotations

from typing import Final

from pulumi_plusofon.schema.addresses import as_compared

_NETWORK: Final = "plusofon.ru"


def in_network(host: str) -> bool:
    """Whether what is sent to `host` stays with the vendor, and comes to a number of an account there."""
    host = as_compared(host).rstrip(".")
    return host == _NETWORK or host.endswith(f".{_NETWORK}")


def operator_of(host: str) -> str:
    """What all servers of one operator have in common: the last two labels of their names.

    Under a suffix such as co.uk two operators count as one: this finds a loop too many there, never one
    too few. An address is an operator's by itself.
    """
    host = as_compared(host).rstrip(".")
    labels = host.split(".")
    return host if ":" in host or labels[-1].isdigit() else ".".join(labels[-2:])
