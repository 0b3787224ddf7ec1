"""Further accounts of one process, each with a token, settings, faults and a log of its own.

The token of a request says which account it is for; a token of none is the first account's to refuse. A
further account is in memory and ends with the process. Nothing of the first account changes by them.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers

from pulumi_plusofon.sandbox import control
from pulumi_plusofon.sandbox.api.wire import check
from pulumi_plusofon.sandbox.errors import Refusal
from pulumi_plusofon.sandbox.state.database import IN_MEMORY
from pulumi_plusofon.sandbox.state.sandbox import Sandbox
from pulumi_plusofon.sandbox.state.settings import Settings
from pulumi_plusofon.sandbox.state.store import Store

from .app import create_app

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .app import Log

_PATH: Final = "/accounts"


class Accounts:
    """The application of a process: the first account's, and those of the further accounts."""

    def __init__(self, first: Sandbox, log: Log | None = None) -> None:
        self._first = first
        self._log = log
        self._further: dict[str, tuple[Sandbox, ASGIApp]] = {}
        self._last_customer = first.settings.customer_id
        self._app = self._app_of(first)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the application of its account."""
        bearer = Headers(scope=scope).get("authorization", "")
        _, app = self._further.get(bearer.removeprefix("Bearer "), (self._first, self._app))
        await app(scope, receive, send)

    def stop(self) -> None:
        """End the pauses of all accounts: the process is to end."""
        for sandbox in (self._first, *(sandbox for sandbox, _ in self._further.values())):
            sandbox.stopping.set()

    def _app_of(self, sandbox: Sandbox) -> ASGIApp:
        routes: list[Route] = [
            control.route_of(sandbox, _PATH, "POST", self._add),
            control.route_of(sandbox, _PATH, "DELETE", self._remove),
        ]
        return create_app(sandbox, self._log, routes)

    def _add(self, _sandbox: Sandbox, _request: Request, body: Any) -> Any:
        """A new account: with the first one's settings of now, as far as the body has no other."""
        changes = body if isinstance(body, dict) else {"": body}
        start = {**self._first.settings.model_dump(), "customer_id": self._last_customer + 1}
        settings = check(Settings, {**start, **changes})
        self._last_customer = max(self._last_customer, settings.customer_id)
        token = secrets.token_urlsafe(24)
        sandbox = Sandbox(Store(IN_MEMORY), token, settings)
        self._further[token] = (sandbox, self._app_of(sandbox))
        return {"token": token, "customer_id": settings.customer_id}

    def _remove(self, sandbox: Sandbox, _request: Request, _body: Any) -> Any:
        if self._further.pop(sandbox.token, None) is None:
            raise Refusal(400, "token: the first account ends with its process")
        sandbox.stopping.set()
        sandbox.store.close()
        return {}
