"""One page of a list, as Laravel makes them: the one that a request names, and its words about the others."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from pulumi_plusofon.sandbox.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .call import Call


def page_of(call: Call, key: str, items: Sequence[dict[str, Any]], size: int) -> dict[str, Any]:
    """The page of `items` that the request asks for, under `key`."""
    current = asked_page(call)
    last = max(1, math.ceil(len(items) / size))
    host = call.headers.get("host", "")
    following = f"http://{host}{call.path}?page={current + 1}" if current < last else None
    return {
        "current_page": current,
        key: items[(current - 1) * size : current * size],
        "last_page": last,
        "next_page_url": following,
        "per_page": size,
        "total": len(items),
    }


def asked_page(call: Call) -> int:
    """The page that the query asks for; the first without one."""
    query = parse_qs(call.query.decode("latin-1"), keep_blank_values=True)
    [text] = query.get("page", ["1"])[-1:]
    if set(query) - {"page"} or not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise Refusal(400, "query string: page alone, a number from 1")
    return int(text)
