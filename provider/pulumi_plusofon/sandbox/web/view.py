"""All that the page shows, as data; and what of it is new since the page asked before.

Shows no SIP password and changes nothing. The page counts the age of a registration by itself, so that
an account in which nothing happens has nothing to send.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pulumi_plusofon.sandbox.api.fields import TARGET_FIELDS
from pulumi_plusofon.sandbox.state.faults import Fault

from .changes import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.sandbox.state.sandbox import Sandbox
    from pulumi_plusofon.sandbox.state.store import LoggedRequest, StoredNumber

Names: TypeAlias = "Mapping[tuple[str, int], str]"
"""The names of targets by type and id."""

MOST_REQUESTS: Final = 5000
"""How many of the last requests the page shows."""
_PLACE: Final = re.compile("([0-9a-f]+)-([0-9]{1,15})-([0-9]{1,15})-([0-9]{1,15})")
_IN_PATH: Final = ("update", "disconnect")


class View:
    """What one sandbox has, as its page sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._numbers, self._rest = Changes(), Changes()
        self._seen: tuple[str, int] | None = None

    def since(self, place: str) -> dict[str, Any]:
        """What is new since the answer that had this place in `after`; everything for any other text."""
        self._look()
        store, name = self._sandbox.store, self._sandbox.account_name
        numbers, rest, seq = _read(place, name)
        whole = numbers is None
        logged = store.requests(seq or 0, MOST_REQUESTS)
        answer: dict[str, Any] = {
            "now": time.time(),
            "whole": whole,
            "numbers": list(self._numbers.since(numbers or 0).values()),
            **self._rest.since(rest or 0),
            "requests": [_request(number, request) for number, request in logged],
            "first_request": store.first_request,
        }
        if not whole and self._numbers.last_removal > (numbers or 0):
            answer["ids"] = self._numbers.keys()
        last = logged[-1][0] if logged else seq or 0
        return {**answer, "after": f"{name}-{self._numbers.moment}-{self._rest.moment}-{last}"}

    def _look(self) -> None:
        sandbox, store = self._sandbox, self._sandbox.store
        seen = (sandbox.account_name, store.revision)
        if seen != self._seen:
            names = {(target.kind, target.id): target.name for target in store.directory.targets()}
            self._numbers.look({stored.id: _number(stored, names) for stored in store.numbers()})
            self._seen = seen
        settings = sandbox.settings.model_dump(include={"customer_id", "balance"})
        self._rest.look({"faults": [*map(_fault, sandbox.faults.state())], "settings": settings})


def _read(place: str, name: str) -> tuple[int | None, int | None, int | None]:
    found = _PLACE.fullmatch(place)
    if found is None or found[1] != name:
        return None, None, None
    return int(found[2]), int(found[3]), int(found[4])


def _number(stored: StoredNumber, names: Names) -> dict[str, Any]:
    shown = stored._asdict()
    del shown["forwarding_text"]
    return {**shown, "forwards_to": _forwards_to(stored.forwarding, names)}


def _forwards_to(forwarding: Mapping[str, Any] | None, names: Names) -> str:
    """Where calls go, such as "bitrix sales.example, else group Support (9)"."""
    if forwarding is None:
        return "nowhere"
    codes = [forwarding[key] for key in ("type", "type_default") if key in forwarding]
    return ", else ".join(_target(code, forwarding, names) for code in codes)


def _target(code: str, forwarding: Mapping[str, Any], names: Names) -> str:
    field = TARGET_FIELDS[code]
    if field is None:
        return "nowhere"
    value = forwarding[field]
    name = names.get((code, value))
    return f"{code} {value}" if name is None else f"{code} {name} ({value})"


def _fault(order: Mapping[str, Any]) -> dict[str, str]:
    """An order in words, without what is as it is for every order."""
    usual = {name: field.default for name, field in Fault.model_fields.items()}
    details = [
        f"{name} {order[name]}"
        for name in usual
        if name not in ("kind", "times") and order[name] != usual[name]
    ]
    times = "all" if order["times"] is None else order["times"]
    words = f"{', '.join([order['kind'], *details])}: broke {order['done']} of {times}"
    return {"kind": order["kind"], "words": words}


def _request(seq: int, logged: LoggedRequest) -> dict[str, Any]:
    return {"seq": seq, **dataclasses.asdict(logged), **_about(logged)}


def _about(logged: LoggedRequest) -> dict[str, Any]:
    """Which numbers a request names, as texts: by id in the path or the body, by digits, by login."""
    body = json.loads(logged.body) if logged.body else None
    fields = body if isinstance(body, dict) else {}
    in_path = logged.path.rpartition("/")[2] if logged.operation in _IN_PATH else None
    named = fields.get("logins")
    return {
        "about_id": in_path or _text(fields.get("number_id")),
        "about_number": _text(fields.get("number")),
        "about_logins": [login for login in named if isinstance(login, str)]
        if isinstance(named, list)
        else [],
    }


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, int) else None
