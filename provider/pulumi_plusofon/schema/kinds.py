"""The two kinds of resources: token, fields, identity, outputs. Data alone, for every host and tool.

The names are in programs, states and policies: they never change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .fields import FORWARDING_FIELDS, NUMBER_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .fields import Field

MODULE: Final = "plusofon"
# Whose account the number is in: its resource says so, and the list where there is none.
CUSTOMER: Final = "customer_id"


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    `fields` are what a program or its resource class may give, `identity` those that make another object of
    it, `listed` the outputs that the account's list adds.
    """

    name: str
    fields: Mapping[str, Field]
    identity: tuple[str, ...]
    listed: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """The type's token in a dynamic host."""
        return f"pulumi-python:dynamic/{MODULE}:{self.name}"

    @property
    def inputs(self) -> tuple[str, ...]:
        """The fields that a person writes."""
        return tuple(name for name, field in self.fields.items() if field.is_written)

    @property
    def sent(self) -> tuple[str, ...]:
        """The fields that are the API's own."""
        return tuple(name for name, field in self.fields.items() if field.is_sent)


EXTERNAL_NUMBER: Final = Kind(
    "ExternalNumber",
    NUMBER_FIELDS,
    identity=("type", "number"),
    listed=("number_id", "source", "inbound_uri", CUSTOMER),
)
NUMBER_FORWARDING: Final = Kind(
    "NumberForwarding", FORWARDING_FIELDS, identity=("number_type", "number_id", CUSTOMER)
)
KINDS: Final = (EXTERNAL_NUMBER, NUMBER_FORWARDING)
# `pulumi-python:dynamic/plusofon:ExternalNumber` of the dynamic provider, `plusofon:index:ExternalNumber`
# and `plusofon:ExternalNumber` of a native one.
_TOKEN: Final = re.compile(rf"(?:.*[:/])?{MODULE}:(?:index:)?({'|'.join(kind.name for kind in KINDS)})")


def name_in(urn: str) -> str:
    """The resource's name in its URN: all behind the type, for a name may have colons of its own."""
    return urn.split("::", 3)[-1]


def name_for_people(urn: str) -> str:
    """The resource as an error names it: "ExternalNumber office", with the types of its parents if any.

    Within a stack it is as unique as the URN.
    """
    types = urn.split("::", 3)[-2].split("$")
    return f"{'$'.join(kind_of(token) or token for token in types)} {name_in(urn)}"


def kind_of(token: str) -> str | None:
    """Which of our resources the type `token` is of, whatever hosts it; None for all others."""
    match = _TOKEN.fullmatch(token)
    return match[1] if match else None
