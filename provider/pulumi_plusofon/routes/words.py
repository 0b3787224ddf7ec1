"""A forwarding in a few words, for a table or a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.fields import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    # By the type of the target, names by id.
    Names = Mapping[str, Mapping[int, str]]

_NO_NAMES: Final[Names] = {}


def destination(forwarding: Mapping[str, Any] | None, names: Names = _NO_NAMES) -> str:
    """Where calls go: "bitrix sales.bitrix24.example, else number 12025550123", "nowhere" without one.

    A target whose name is known has it before its id: "group Support (9)".
    """
    if forwarding is None:
        return "nowhere"
    of_type, fallback = forwarding["type"], forwarding.get("type_default")
    first = " ".join(filter(None, [of_type, forwarding.get("host"), _target(of_type, forwarding, names)]))
    if not fallback:
        return first
    return f"{first}, else {' '.join(filter(None, [fallback, _target(fallback, forwarding, names)]))}"


def _target(of_type: str, forwarding: Mapping[str, Any], names: Names) -> str | None:
    target = forwarding.get(TARGETS.get(of_type, ""))
    if target is None:
        return None
    name = names.get(of_type, {}).get(target)
    return f"{name} ({target})" if name else str(target)
