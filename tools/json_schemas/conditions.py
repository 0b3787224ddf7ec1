"""Parts of schemas that require a field, refuse one, or hold for some values of another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .shapes import Schema

NULL: Final[Schema] = {"type": "null"}
_GIVEN: Final[Schema] = {"not": NULL}


def refused(why: str) -> Schema:
    """A field that must not be given. YAML's empty value gives nothing."""
    return {**NULL, "errorMessage": why}


def required(keys: list[str]) -> Schema:
    """Fields that must be given."""
    return {"required": keys, "properties": dict.fromkeys(keys, _GIVEN)}


def when(values: Mapping[str, Iterable[str | bool]], then: Schema) -> Schema:
    """`then`, where each field of `values` is given and has one of its values."""
    known = {name: {"enum": list(choices)} for name, choices in values.items()}
    return {"if": {"properties": known, "required": list(known)}, "then": then}
