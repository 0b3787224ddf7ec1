"""The API's lists of what a forwarding can lead to, and what it says of the account itself. Only reads.

From the vendor's pages of 2023-02-13, of which only the beginning of each answer is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .pages import asked_page, page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_plusofon.sandbox.state.directory import StoredTarget
    from pulumi_plusofon.sandbox.state.sandbox import Sandbox

    from .call import Call

# What each list shows of a target besides its id and name.
_MORE: dict[str, Callable[[StoredTarget], dict[str, Any]]] = {
    "sip": lambda target: {"number": _integer(target.number), "login": target.login},
    "group": lambda target: {"number": _integer(target.number), "timeout": 30, "sequence_rule": "all"},
    "scenario": lambda target: {"type": "number" if target.number else "menu", "number": target.number},
    "call_queue": lambda _target: {"login": 0, "logout": 0},
}
# These two come in pages of themselves, as Laravel makes them.
_PAGED = ("scenario", "call_queue")
_PAGE_SIZE = 15


def listing(kind: str) -> Callable[[Call, Sandbox], Mapping[str, Any]]:
    """GET of all targets of a kind, or of one page of them."""

    def perform(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
        call.check_empty()
        asked_page(call)
        items = [
            {"id": target.id, "name": target.name, **_MORE[kind](target)}
            for target in sandbox.store.directory.targets(kind)
        ]
        size = sandbox.settings.page_size or (_PAGE_SIZE if kind in _PAGED else None)
        return {"data": items} if size is None else page_of(call, "data", items, size)

    return perform


def user(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """GET of whose token it is."""
    call.check_empty()
    role = {"name": "admin", "client_id": sandbox.settings.customer_id}
    return {"user": {"id": 7, "email": "office@example.com", "first_name": "Office", "role": role}}


def balance(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """GET of the account's balance."""
    call.check_empty()
    return {"balance": sandbox.settings.balance}


def directions(call: Call, _sandbox: Sandbox) -> Mapping[str, Any]:
    """GET of the countries that the account may call."""
    call.check_empty()
    countries = {
        "7": ("\u0420\u043e\u0441\u0441\u0438\u044f", "Russia"),
        "44": (
            "\u0412\u0435\u043b\u0438\u043a\u043e\u0431\u0440\u0438\u0442\u0430\u043d\u0438\u044f",
            "United Kingdom",
        ),
    }
    return {
        "directions": {
            code: {"code": code, "name": name, "english_name": english}
            for code, (name, english) in countries.items()
        }
    }


def _integer(text: str | None) -> int | str | None:
    """An extension as the vendor shows it; one that would lose a zero in front stays text."""
    return int(text) if text is not None and re.fullmatch("0|[1-9][0-9]{0,14}", text) else text
