"""The API's operations: a checked body, a change in the account, the answer's content.

Each refuses before it changes anything. None commits: the caller does, before it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.sandbox.errors import Refusal
from pulumi_plusofon.sandbox.state.store import Connection, StoredNumber

from .pages import page_of
from .wire import CONNECTIONS, Logins, check, check_forwarding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_plusofon.sandbox.state.sandbox import Sandbox
    from pulumi_plusofon.sandbox.state.settings import Settings

    from .call import Call

# The first in Cyrillic, as the vendor writes it.
_LISTED_TYPES: dict[str, str] = {"ate": "\u0410\u0422\u0421", "sipuri": "SIP-URI"}


@dataclass(frozen=True)
class Operation:
    """One operation: its name in faults and logs, whether it changes the account, and what it does.

    `has_pages` says that it takes a page in its query, `enveloped` that its answer says `success`.
    """

    name: str
    writes: bool
    perform: Callable[[Call, Sandbox], Mapping[str, Any]]
    has_pages: bool = False
    enveloped: bool = True


def list_numbers(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """GET of all external numbers, or of one page of them."""
    call.check_empty()
    settings = sandbox.settings
    late = sandbox.history.at(call.now - settings.list_lag)
    numbers = [
        *(
            _listed(stored, call.now, settings)
            for stored in (sandbox.store.numbers() if late is None else late)
        ),
        *sandbox.store.directory.entries(),
    ]
    if settings.numbers_page_size:
        return page_of(call, "external_numbers", numbers, settings.numbers_page_size)
    if call.query:
        raise Refusal(400, "query string: the operation has none")
    return {"external_numbers": numbers}


def customer_info(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """GET of whose account it is."""
    call.check_empty()
    return {"id": sandbox.settings.customer_id}


def registrations(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """GET of the registrations of some logins; of all, if none is named. Unknown logins are left out."""
    logins = check(Logins, call.json).logins
    return {
        "status": [
            _registration(stored, call.now)
            for stored in sandbox.store.numbers()
            if stored.type == "ate" and (not logins or stored.login in logins)
        ]
    }


def connect(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """PUT of a new number; the answer has no id."""
    number_type, connection = _connection(call)
    if sandbox.store.find(connection.number) or sandbox.store.directory.has_entry(connection.number):
        raise Refusal(400, f"number: {connection.number} is already connected")
    sandbox.store.connect(number_type, connection, call.now, registers_at(number_type, call.now, sandbox))
    return {}


def update(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """PATCH of a number: all of its connection, also what stays."""
    stored = _addressed(call, sandbox)
    number_type, connection = _connection(call)
    holder = sandbox.store.find(connection.number)
    if holder and holder.id != stored.id:
        raise Refusal(400, f"number: {connection.number} is already connected")
    sandbox.store.update(stored.id, connection, call.now, registers_at(number_type, call.now, sandbox))
    return {}


def disconnect(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """DELETE of a number, and of its forwarding."""
    call.check_empty()
    sandbox.store.disconnect(_addressed(call, sandbox).id)
    return {}


def forward(call: Call, sandbox: Sandbox) -> Mapping[str, Any]:
    """POST of a number's forwarding, in place of the one it had."""
    body = check_forwarding(call.json)
    number_type, number_id = body["number_type"], body["number_id"]
    stored = sandbox.store.number(number_id)
    if stored is None or stored.type != number_type:
        raise Refusal(404, f"number_id: no {number_type} number with the id {number_id}")
    sandbox.store.forward(number_id, forwarding_of(body))
    return {}


def forwarding_of(body: dict[str, Any]) -> dict[str, Any] | None:
    """What a follow's body says without saying of which number; None for `empty`."""
    if body["type"] == "empty":
        return None
    return {name: value for name, value in body.items() if name not in ("number_type", "number_id")}


def registers_at(number_type: str, now: float, sandbox: Sandbox) -> float | None:
    """When a connection made now gets registered; None for a type that does not register."""
    return now + sandbox.settings.registers_after if number_type == "ate" else None


def subject(call: Call, sandbox: Sandbox) -> tuple[str | None, int | None]:
    """Which number a request is about, as digits and as id, as far as it says."""
    number, number_id = call.peek("number"), call.path_params.get("id", call.peek("number_id"))
    known = isinstance(number_id, int) and sandbox.store.number(number_id)
    if known:
        return known.number, known.id
    return str(number) if isinstance(number, int) else None, None


def _connection(call: Call) -> tuple[str, Connection]:
    number_type = call.path_params["type"]
    if number_type not in CONNECTIONS:
        raise Refusal(404, f"type: must be one of {', '.join(CONNECTIONS)}")
    body = check(CONNECTIONS[number_type], call.json, f" for type {number_type}").model_dump()
    return number_type, Connection(**{**body, "number": str(body["number"])})


def _addressed(call: Call, sandbox: Sandbox) -> StoredNumber:
    number_type, number_id = call.path_params["type"], call.path_params["id"]
    stored = sandbox.store.number(number_id)
    if stored is None or stored.type != number_type:
        raise Refusal(404, f"id: no {number_type} number with the id {number_id}")
    return stored


def _listed(stored: StoredNumber, now: float, settings: Settings) -> dict[str, Any]:
    item: dict[str, Any] = {} if settings.no_ids else {"id": stored.id}
    if stored.type == "ate":
        item |= {"number": stored.number, "source": f"{stored.login}@{stored.host}"}
    else:
        item |= {
            "number": stored.number,
            "source": stored.host,
            "host": f"{settings.customer_id}{stored.number}@ext.plusofon.ru",
        }
    if not settings.no_customer_ids:
        item["customer_id"] = settings.customer_id
    item["type"] = (_LISTED_TYPES | settings.labels)[stored.type]
    if stored.type == "ate":
        registered = stored.registered(now)
        item["status"] = int(registered) if settings.status_as_integer else registered
    return item


def _registration(stored: StoredNumber, now: float) -> dict[str, Any]:
    registered = stored.registered(now)
    since = stored.registers_at if registered and stored.registers_at is not None else stored.changed_at
    date = datetime.fromtimestamp(since, tz=timezone.utc)
    return {
        "login": stored.login,
        "status": "OK" if registered else "PENDING",
        "date": date.strftime("%Y-%m-%d %H:%M:%S"),
    }
