"""Put a change of a number into words: where calls go, caller ids, the connection to the operator.

Compares two sides of an account; guesses no value that a preview hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.addresses import servers
from pulumi_plusofon.schema.targets import NOWHERE as EMPTY
from pulumi_plusofon.schema.targets import TARGET_FIELDS, TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .account import Forwarded, Held
    from .hidden import Hidden
    from .targets import Targets

_SHOWN: Final = {"Y": "the caller's number", "N": "the forwarding number"}
_CALLER_IDS: Final = {"cli_type": "caller id", "cli_type_default": "caller id of the fallback"}
_LEADS: Final = ("type", "host", "type_default", *TARGET_FIELDS)
_CONNECTION: Final = ("host", "port", "login")
_NO_BODY: Final[Mapping[str, Any]] = {}
NOWHERE: Final = "nowhere"
NOT_SHOWN: Final = "not shown"
NOT_KNOWN: Final = "not known"
_LISTED_IDS: Final = tuple(target.field for target in TARGETS.values() if target.listed)
_CONCEALED: Final = (NOT_SHOWN, NOT_KNOWN)


class Words:
    """Where calls go, in words."""

    def __init__(self, hidden: Hidden, targets: Targets, *, hides_unchanged: bool) -> None:
        self.hidden = hidden
        self._targets = targets
        self._not_known = NOT_SHOWN if hides_unchanged else NOT_KNOWN

    def goes(self, forwarded: Forwarded, place: str | None) -> str:
        """Where the calls of a number in an account go."""
        if forwarded is None:
            return self._not_known
        return " or ".join(self._forwarding(body, place) for body in forwarded) or NOWHERE

    def missing_targets(self, forwarded: Forwarded, place: str | None) -> Iterator[str]:
        """The targets that the account does not have, as far as the preview shows their ids."""
        for body in forwarded or ():
            known = {name: value for name, value in body.items() if not self.hidden.is_hidden(value)}
            self._targets.note_hidden(name for name in _LISTED_IDS if name in body and name not in known)
            yield from self._targets.missing(place, known)

    def _forwarding(self, body: Mapping[str, Any], place: str | None) -> str:
        if body.get("type") == EMPTY:
            return NOWHERE
        known = {
            name: self.hidden.shown(value) if self.hidden.is_hidden(value) else value
            for name, value in body.items()
        }
        return plain(destination(known, self._targets.names_in(place)))

    def conceals(self, before: Forwarded, after: Forwarded) -> Iterator[str]:
        """That an update may change a target which the preview does not show."""
        old, new = _only(before), _only(after)
        hides = [
            name for name in _LEADS if self.hidden.is_hidden(new.get(name)) and old.get(name) != new.get(name)
        ]
        if hides:
            yield f"the preview does not show {', '.join(hides)}: where calls go may change"

    def caller_ids(self, before: Forwarded, after: Forwarded) -> Iterator[str]:
        """Each caller id that another one takes the place of."""
        old, new = _only(before), _only(after)
        for name, called in _CALLER_IDS.items():
            was, now = old.get(name), new.get(name)
            if now is not None and was != now:
                until = f", until now {self._caller_id(was)}" if was is not None else ""
                yield f"{called}: {self._caller_id(now)}{until}"

    def _caller_id(self, value: Any) -> str:
        return _SHOWN.get(value, self.hidden.shown(value))

    def connection(self, before: Held, after: Held, *, is_sure: bool) -> Iterator[str]:
        """What a PATCH changes between the number's operator and the vendor."""
        old, new = before.connection, after.connection
        changed = [name for name in _CONNECTION if _differs(name, old, new)]
        concealed = [
            name
            for name in (*_CONNECTION, "secret")
            if _differs(name, old, new) and self.hidden.is_hidden(new.get(name))
        ]
        if not is_sure or (concealed and not set(changed) - set(concealed) and changed):
            changed = [name for name in changed if name not in concealed]
        parts = [f"{name} {self.hidden.shown(new.get(name))}{self._until(name, before)}" for name in changed]
        is_ate = after.entry.type == "ate"
        if parts:
            said = "registers anew" if is_ate else "calls are expected from other servers"
            yield f"{said}: {'; '.join(parts)}"
        elif concealed == ["secret"]:
            yield (
                "registers anew: its password changes (not shown)"
                if is_sure
                else "registers anew if its password changes, which a preview hides"
            )
        elif concealed:
            hides = ", ".join("password" if name == "secret" else name for name in concealed)
            said = "how it registers" if is_ate else "from which servers calls are expected"
            yield f"the preview does not show {hides}: {said} may change"
        else:
            yield "its connection is set again as it is"

    def _until(self, name: str, before: Held) -> str:
        if name not in before.connection and before.entry.source is None:
            return ""
        known = before.connection.get(name)
        return f", until now {self.hidden.shown(known)}" if known is not None else ", until now not known"


def leads(forwarded: Forwarded) -> list[list[Any]] | None:
    """What decides where calls go: two that are equal lead to the same."""
    if forwarded is None:
        return None
    return [[body.get(name) for name in _LEADS] for body in forwarded]


def is_concealed(text: str) -> bool:
    """Whether a text says that it is not known where calls go."""
    return text in _CONCEALED


def _only(forwarded: Forwarded) -> Mapping[str, Any]:
    return forwarded[0] if forwarded and len(forwarded) == 1 else _NO_BODY


def _differs(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    was, now = old.get(name), new.get(name)
    if name == "host" and isinstance(was, str) and isinstance(now, str):
        return set(servers(was)) != set(servers(now))
    return bool(was != now)
