"""A forwarding in a few words, for a table or a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.targets import CRMS, target_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    # By the type of the target, names by id.
    Names = Mapping[str, Mapping[int, str]]

_LEADS: Final = ("type", "type_default")
_NO_NAMES: Final[Names] = {}


def destination(forwarding: Mapping[str, Any] | None, names: Names = _NO_NAMES) -> str:
    """Where calls go: "bitrix sales.bitrix24.example, else number 12025550123", "nowhere" without one.

    A target whose name is known has it before its id: "group Support (9)".
    """
    if forwarding is None:
        return "nowhere"
    parts = [target_of(forwarding[name], forwarding, names) for name in _LEADS if forwarding.get(name)]
    return ", else ".join(parts)


def target_of(of_type: str, forwarding: Mapping[str, Any], names: Names = _NO_NAMES) -> str:
    """What the forwarding's type or its fallback leads to: "group Support (9)", "bitrix crm.example"."""
    host = forwarding.get("host") if of_type in CRMS else None
    target = forwarding.get(target_field(of_type) or "")
    name = names.get(of_type, {}).get(target) if isinstance(target, int) else None
    shown = f"{name} ({target})" if name else target
    return " ".join(str(part) for part in (of_type, host, shown) if part is not None)
