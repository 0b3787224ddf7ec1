"""A forwarding in a few words, for a table or a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_TARGET: Final = ("number_type", "number_id", "type", "type_default", "cli_type", "cli_type_default")


def destination(forwarding: Mapping[str, Any] | None) -> str:
    """Where calls go: "bitrix sales.bitrix24.example, else number 12025550123", "nowhere" without one."""
    if forwarding is None:
        return "nowhere"
    target = {key: value for key, value in forwarding.items() if key not in _NO_TARGET}
    host = target.pop("host", None)
    words = [forwarding["type"], *([host] if host else [])]
    fallback = forwarding.get("type_default")
    if fallback:
        words[-1] += ", else"
        words.append(fallback)
    return " ".join([*words, *map(str, target.values())])
