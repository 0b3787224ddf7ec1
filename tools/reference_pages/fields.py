"""A field of the tables in words: who must give it, and what it means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.schema.targets import CRMS, TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_plusofon.schema.fields import Field


def required(field: Field) -> str:
    """Whether a field is required, or for which types."""
    if field.required is None:
        return "yes"
    return f"for {types(field.required)}" if field.required else "no"


def meaning(field: Field) -> str:
    """What a field means, with the types that alone may have it."""
    if field.allowed in (None, field.required):
        return field.meaning
    return f"{field.meaning} Only for {types(field.allowed)}."


def default(field: Field) -> str:
    """The value that counts where none is given."""
    return "" if field.default is None else f"`{literal(field.default)}`"


def types(names: Iterable[str] | None) -> str:
    """Types, or other names, in a row."""
    there = tuple(names or ())
    if set(there) == {*TARGETS, *CRMS}:
        return "all types but `empty`"
    return ", ".join(f"`{name}`" for name in there)


def literal(value: Any) -> str:
    """A value as YAML has it."""
    if isinstance(value, bool):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
