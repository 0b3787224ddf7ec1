"""What differs: between the state and the program, and between two looks at the account's list.

Compares plain values; asks nothing, sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_plusofon.schema.addresses import servers

if TYPE_CHECKING:
    from collections.abc import Mapping


def differs(name: str, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> bool:
    """Whether the field is to change; the order of several servers means nothing."""
    was, now = outputs.get(name), inputs.get(name)
    if name == "host" and isinstance(was, str) and isinstance(now, str) and "," in was + now:
        return set(servers(was)) != set(servers(now))
    return bool(was != now)


def drifted_inputs(before: str, now: str | None, outputs: Mapping[str, Any]) -> dict[str, str]:
    """The inputs that a changed `source` speaks of, with what it says of them now.

    How the vendor composes `source` is not documented, so it is only compared with itself: the part
    before the @ that changed is told as the login, the part behind it as the host.
    """
    if (
        now is None
        or now == before
        or (outputs["type"] == "sipuri" and set(servers(now)) == set(servers(before)))
    ):
        return {}
    parts = {"login": 0, "host": 2} if "@" in before and "@" in now and outputs.get("login") else {"host": 2}
    drifted = {}
    for name, part in parts.items():
        was, is_now = (source.partition("@")[part] or source for source in (before, now))
        if was != is_now:
            # A value equal to the declared one would hide the drift from the next preview.
            drifted[name] = now if is_now == outputs.get(name) else is_now
    return drifted
