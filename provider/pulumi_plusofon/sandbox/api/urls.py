"""Where the API's operations are: path, method, operation. Only the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import directory, numbers
from .numbers import Operation
from .paths import ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_plusofon.sandbox.state.sandbox import Sandbox

    from .call import Call

_EXTERNAL = "/api/v1/number/external"


def _list(name: str, kind: str) -> dict[str, Operation]:
    perform = directory.listing(kind)
    return {"GET": Operation(name, writes=False, perform=perform, has_pages=True, enveloped=False)}


def _fact(name: str, perform: Callable[[Call, Sandbox], Mapping[str, Any]]) -> dict[str, Operation]:
    return {"GET": Operation(name, writes=False, perform=perform, enveloped=False)}


URLS: dict[str, dict[str, Operation]] = {
    _EXTERNAL: {"GET": Operation("list", writes=False, perform=numbers.list_numbers, has_pages=True)},
    "/api/v1/customer-info": {"GET": Operation("customer", writes=False, perform=numbers.customer_info)},
    "/api/v1/sip": _list("sip", "sip"),
    "/api/v1/groups": _list("groups", "group"),
    "/api/v1/scenario": _list("scenarios", "scenario"),
    "/api/v1/call-queues": _list("call_queues", "call_queue"),
    "/api/v1/authuser": _fact("user", directory.user),
    "/api/v1/payment/balance": _fact("balance", directory.balance),
    "/api/v1/direction": _fact("directions", directory.directions),
    f"{_EXTERNAL}/status": {"GET": Operation("status", writes=False, perform=numbers.registrations)},
    f"{_EXTERNAL}/follow": {"POST": Operation("forward", writes=True, perform=numbers.forward)},
    f"{_EXTERNAL}/{{type}}": {"PUT": Operation("connect", writes=True, perform=numbers.connect)},
    f"{_EXTERNAL}/{{type}}/{{id:{ID}}}": {
        "PATCH": Operation("update", writes=True, perform=numbers.update),
        "DELETE": Operation("disconnect", writes=True, perform=numbers.disconnect),
    },
    "/{path:path}": {},
}
"""Tried from the top; the last one is every path that the API does not have."""
