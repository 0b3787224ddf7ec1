"""Differences between the state and the program, and between two looks at the account's list.

Compares plain values; sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_plusofon.schema.addresses import as_compared, servers

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
    before the @ that changed is reported as the login, the part behind it as the host.
    """
    if now is None or now == before:
        return {}
    if outputs["type"] == "sipuri" and set(servers(now)) == set(servers(before)):
        return {}
    # The case of a host's letters means nothing.
    was, is_now = _Source.read(before), _Source.read(now)
    shows_login = None not in (was.login, is_now.login) and outputs.get("login")
    drifted = {}
    for name in ("login", "host") if shows_login else ("host",):
        value = getattr(is_now, name)
        if _compared(name, value) != _compared(name, getattr(was, name)):
            # A value equal to the declared one would hide the drift from the next preview.
            drifted[name] = now if value == outputs.get(name) else value
    return drifted


def _compared(name: str, value: str | None) -> str | None:
    return as_compared(value) if name == "host" and value else value


class _Source(NamedTuple):
    """A `source` in its parts: `login@host`, or no login and all of it as the host."""

    login: str | None
    host: str

    @classmethod
    def read(cls, source: str) -> _Source:
        login, at, host = source.partition("@")
        return cls(login or source, host or source) if at else cls(None, source)
