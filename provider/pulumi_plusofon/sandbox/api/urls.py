"""Where the API's operations are: path, method, operation. Only the table."""

from __future__ import annotations

from . import numbers
from .numbers import Operation

_EXTERNAL = "/api/v1/number/external"

URLS: dict[str, dict[str, Operation]] = {
    _EXTERNAL: {"GET": Operation("list", writes=False, perform=numbers.list_numbers)},
    "/api/v1/customer-info": {"GET": Operation("customer", writes=False, perform=numbers.customer_info)},
    f"{_EXTERNAL}/status": {"GET": Operation("status", writes=False, perform=numbers.registrations)},
    f"{_EXTERNAL}/follow": {"POST": Operation("forward", writes=True, perform=numbers.forward)},
    f"{_EXTERNAL}/{{type}}": {"PUT": Operation("connect", writes=True, perform=numbers.connect)},
    f"{_EXTERNAL}/{{type}}/{{id:int}}": {
        "PATCH": Operation("update", writes=True, perform=numbers.update),
        "DELETE": Operation("disconnect", writes=True, perform=numbers.disconnect),
    },
    "/{path:path}": {},
}
"""Tried from the top; the last one is every path that the API does not have."""
