"""One request to the API, as the operations see it, and as the log may show it. Changes nothing."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.sandbox.errors import Refusal

from .wire import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import Headers

_REDACTED = "[redacted]"
_SECRET_NAMES = frozenset({"secret", "password", "token", "authorization"})


@dataclass(frozen=True)
class Call:
    """A request.

    `path_params` are as the route split them, `raw` is the body, `now` the arrival in seconds since 1970.
    """

    method: str
    path: str
    query: bytes
    headers: Headers
    path_params: Mapping[str, Any]
    raw: bytes
    now: float

    @functools.cached_property
    def json(self) -> Any:
        """The body's JSON value; refused if there is none."""
        if not self.raw:
            raise Refusal(400, "body: required")
        return parse_json(self.raw)

    def check_form(self, *, has_pages: bool = False) -> None:
        """Refuse a request without the headers that all must carry, or with a query where it has none."""
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if media_type != "application/json":
            raise Refusal(400, "Content-Type: must be application/json")
        if "application/json" not in self.headers.get("accept", "").lower():
            raise Refusal(400, "Accept: must be application/json")
        client = self.headers.get("client", "")
        if not (client.isascii() and client.isdigit()):
            raise Refusal(400, "Client: required, a number")
        if self.query and not has_pages:
            raise Refusal(400, "query string: the operation has none")

    def check_empty(self) -> None:
        """Refuse a body where the operation has none."""
        if self.raw:
            raise Refusal(400, "body: this operation has none")

    def peek(self, field: str) -> Any:
        """A field of the body or None; for recognising the request, not for acting on it."""
        try:
            body = self.json
        except Refusal:
            return None
        return body.get(field) if isinstance(body, dict) else None

    def redacted_body(self, token: str) -> str | None:
        """The body as JSON text without passwords and token; what is no JSON is not shown at all."""
        if not self.raw:
            return None
        try:
            text = json.dumps(_redacted(self.json))
        except (Refusal, RecursionError):
            return json.dumps(f"[{len(self.raw)} bytes that are no JSON to be shown]")
        return without_token(text, token)


def without_token(text: str, token: str) -> str:
    """The text with the token blotted out, wherever a client may have put it."""
    return text.replace(token, _REDACTED)


def _redacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _REDACTED if name.lower() in _SECRET_NAMES else _redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_redacted(inner) for inner in value]
    return value
