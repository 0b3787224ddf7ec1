"""What a change of a number is in words: where calls go, caller ids, the connection to the operator.

Compares two sets of properties; guesses no value that a preview hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.pulumi_cli.preview import COMPUTED, SECRET, is_known
from pulumi_plusofon.routes.words import destination
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER
from pulumi_plusofon.schema.targets import TARGET_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_plusofon.routes.words import Names

    from .planned import Number

_LATER: Final = "known in the update"
_SHOWN: Final = {"Y": "the caller's number", "N": "the forwarding number"}
_CALLER_IDS: Final = {"cli_type": "caller id", "cli_type_default": "caller id of the fallback"}
_LEADS: Final = ("type", "host", "type_default", *TARGET_FIELDS)
_CONNECTION: Final = ("host", "port", "login")
NOWHERE: Final = "nowhere"
NOT_SHOWN: Final = "not shown"


class Words:
    """Where calls go, in words."""

    def __init__(self, names: Names, *, hides_unchanged: bool) -> None:
        self._names = names
        self._hides_unchanged = hides_unchanged

    def goes(self, number: Number) -> str:
        """Where the calls of a number go."""
        if number.forwarding is not None:
            return self.forwarding(number.forwarding)
        is_hidden = self._hides_unchanged and not number.is_replaced and number.op in ("same", "update")
        return NOT_SHOWN if is_hidden else NOWHERE

    def forwarding(self, forwarding: Mapping[str, Any]) -> str:
        """Where a forwarding with these properties leads."""
        if forwarding.get("type") == "empty":
            return NOWHERE
        texts = {name: shown(value) if not is_known(value) else value for name, value in forwarding.items()}
        known = {name: value for name, value in texts.items() if value is not None}
        return plain(destination({"type": _LATER, **known}, self._names))


def leads(forwarding: Mapping[str, Any] | None) -> list[Any]:
    """What decides where calls go: two that are equal lead to the same."""
    if forwarding is None or forwarding.get("type") == "empty":
        return []
    return [forwarding.get(name) for name in _LEADS]


def hidden(new: Number) -> Iterator[str]:
    """That an update may change a target which the preview does not show."""
    forwarding = new.forwarding or {}
    hides = [name for name in _LEADS if not is_known(forwarding.get(name))]
    if hides and new.forwarding_op == "update":
        yield f"the preview does not show {', '.join(hides)}: where calls go may change"


def caller_ids(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    """Each caller id that another one takes the place of."""
    for name, called in _CALLER_IDS.items():
        before, after = (old or {}).get(name), (new or {}).get(name)
        if after is not None and before != after:
            until = f", until now {_SHOWN.get(before, shown(before))}" if before is not None else ""
            yield f"{called}: {_SHOWN.get(after, shown(after))}{until}"


def connection(old: Number, new: Number) -> Iterator[str]:
    """What changes between the number's operator and the vendor."""
    if new.op != "update" or new.is_replaced:
        return
    changed = [name for name in _CONNECTION if old.facts.get(name) != new.facts.get(name)]
    parts = [
        f"{name} {shown(new.facts.get(name))}, until now {shown(old.facts.get(name))}" for name in changed
    ]
    if new.facts.get("type") == "ate":
        has_password = new.facts.get("secret") is not None
        if changed:
            yield f"registers anew: {'; '.join(parts)}"
        elif has_password and not _differ(old, new):
            yield "registers anew: its password changes (not shown)"
        elif has_password:
            yield "registers anew if its password changes, which a preview hides"
    elif changed:
        yield f"calls are expected from other servers: {'; '.join(parts)}"


def _differ(old: Number, new: Number) -> bool:
    """Whether the preview shows another reason for an update."""
    names = [one for one in EXTERNAL_NUMBER.inputs if one != "secret"]
    return any(old.facts.get(name) != new.facts.get(name) for name in names)


def shown(value: Any) -> str:
    """A property as people may read it: no secret, nothing that acts on a terminal."""
    if value is None:
        return "none"
    if value == COMPUTED:
        return _LATER
    return plain(str(value)) if is_known(value) else SECRET
