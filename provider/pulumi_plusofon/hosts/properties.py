"""The engine's property bags as the lifecycle's plain values, and back. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi

from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

# The SDK keeps the provider's pickle among the properties.
PROVIDER_KEY: Final = "__provider"


def plain_values(props: Mapping[str, Any]) -> dict[str, Any]:
    """The properties but the SDK's own; unknown values as `UNKNOWN` (E44), whole floats as integers (E41)."""
    return {name: _plain_value(value) for name, value in props.items() if name != PROVIDER_KEY}


def _plain_value(value: Any) -> Any:
    if pulumi.contains_unknowns(value):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
