"""All that the page shows, as data; and what of it is new since the page asked before.

Shows no SIP password and changes nothing. The page counts the age of a registration by itself, so that
an account in which nothing happens has nothing to send.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from typing import TYPE_CHECKING, Any, Final, get_args

from pulumi_plusofon.sandbox.api.fields import CRM_TYPES, DEFAULT_TYPES, FORWARDING_FIELDS, TARGET_FIELDS, Id
from pulumi_plusofon.sandbox.seeding import Kind
from pulumi_plusofon.sandbox.state.faults import Fault
from pulumi_plusofon.sandbox.state.settings import Settings

from .changes import Changes

if TYPE_CHECKING:
    from pulumi_plusofon.sandbox.state.sandbox import Sandbox
    from pulumi_plusofon.sandbox.state.store import LoggedRequest, StoredNumber

MOST_REQUESTS: Final = 5000
"""How many of the last requests the page shows."""
_PLACE: Final = re.compile("([0-9a-f]+)-([0-9]{1,15})-([0-9]{1,15})-([0-9]{1,15})")
_IN_PATH: Final = ("update", "disconnect")
VOCABULARY: Final[dict[str, Any]] = {
    "forwarding": {
        code: {
            "field": field,
            "integer": field is not None and FORWARDING_FIELDS[field] is Id,
            "crm": code in CRM_TYPES,
            "fallback": code in DEFAULT_TYPES,
        }
        for code, field in TARGET_FIELDS.items()
    },
    "fault": Fault.model_json_schema()["properties"],
    "settings": Settings.model_json_schema()["properties"],
}
"""What the page's forms are made of."""


class View:
    """What one sandbox has, as its page sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._numbers, self._rest = Changes(), Changes()
        self._seen: tuple[str, int] | None = None
        self._lists: dict[str, Any] = {}

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
        if whole:
            answer["vocabulary"] = VOCABULARY
        elif self._numbers.last_removal > (numbers or 0):
            answer["ids"] = self._numbers.keys()
        last = logged[-1][0] if logged else seq or 0
        return {**answer, "after": f"{name}-{self._numbers.moment}-{self._rest.moment}-{last}"}

    def _look(self) -> None:
        sandbox, store = self._sandbox, self._sandbox.store
        seen = (sandbox.account_name, store.revision)
        if seen != self._seen:
            self._numbers.look({stored.id: _number(stored) for stored in store.numbers()})
            directory = store.directory
            self._lists = {
                "targets": {
                    kind: [one._asdict() for one in directory.targets(kind)] for kind in get_args(Kind)
                },
                # As text: what a browser cannot parse, such as a number that is infinite, ends no page.
                "entries": [json.dumps(entry, ensure_ascii=False) for entry in directory.entries()],
            }
            self._seen = seen
        ways = {"faults": sandbox.faults.state(), "settings": sandbox.settings.model_dump()}
        self._rest.look({**self._lists, **ways})


def _read(place: str, name: str) -> tuple[int | None, int | None, int | None]:
    found = _PLACE.fullmatch(place)
    if found is None or found[1] != name:
        return None, None, None
    return int(found[2]), int(found[3]), int(found[4])


def _number(stored: StoredNumber) -> dict[str, Any]:
    shown = stored._asdict()
    del shown["forwarding_text"]
    return {**shown, "forwarding": stored.forwarding}


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
