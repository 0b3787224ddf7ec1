"""The way of one request through the sandbox, and the ASGI application made of all of them.

Arrival, latency, the account's answer and its log line in one committed transaction, then delivery.
Everything between the two waits happens at once: no other request comes between.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
import time
from typing import TYPE_CHECKING, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route, Router

from pulumi_plusofon.sandbox import control
from pulumi_plusofon.sandbox.api.answers import Answer, deliver
from pulumi_plusofon.sandbox.api.call import Call, without_token
from pulumi_plusofon.sandbox.api.numbers import subject
from pulumi_plusofon.sandbox.api.urls import URLS
from pulumi_plusofon.sandbox.errors import Refusal
from pulumi_plusofon.sandbox.state.store import LoggedRequest
from pulumi_plusofon.sandbox.web import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from pulumi_plusofon.sandbox.api.numbers import Operation
    from pulumi_plusofon.sandbox.state.faults import Fault
    from pulumi_plusofon.sandbox.state.sandbox import Sandbox


Log: TypeAlias = "Callable[[LoggedRequest, float], None]"
"""Gets each request of the API once it is answered, and how many seconds that took."""


def create_app(sandbox: Sandbox, log: Log | None = None, further: Iterable[Route] = ()) -> ASGIApp:
    """The application of one account: the page at `/`, its control plane and the vendor's API.

    `further` are routes of the control plane that concern more than this account.
    """
    api = [Route(path, Endpoint(sandbox, methods, log)) for path, methods in URLS.items()]
    app = Router([*files.routes(), *further, *control.routes(sandbox), *api], redirect_slashes=False)

    async def until_the_client_leaves(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await app(scope, receive, send)

    return until_the_client_leaves


class Endpoint:
    """All operations of one path."""

    def __init__(self, sandbox: Sandbox, methods: Mapping[str, Operation], log: Log | None) -> None:
        self._sandbox = sandbox
        self._methods = methods
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.monotonic()
        request = Request(scope, receive)
        raw = await request.body() if self._sandbox.is_admitted(request.headers) else b""
        await self._sandbox.pause(self._sandbox.settings.latency)
        call = Call(
            method=request.method,
            path=scope["path"],
            query=scope["query_string"],
            headers=request.headers,
            path_params=request.path_params,
            raw=raw,
            now=time.time(),
        )
        answer, logged = self._answer(call)
        answer = answer.typed(self._sandbox.settings.media_type)
        await self._sandbox.pause(answer.hold)
        await deliver(answer, scope, receive, send)
        if self._log:
            self._log(logged, time.monotonic() - began)

    def _answer(self, call: Call) -> tuple[Answer, LoggedRequest]:
        operation = self._methods.get(call.method)
        logged = LoggedRequest(
            time=call.now,
            method=call.method,
            path=without_token(call.path, self._sandbox.token),
            operation=operation.name if operation else None,
            body=call.redacted_body(self._sandbox.token),
            status=None,
            fault=None,
            wrote=False,
        )
        try:
            with self._sandbox.store.transaction():
                answer, fault, wrote = self._handle(call, operation)
                kind = fault.kind if fault else None
                logged = dataclasses.replace(logged, status=answer.status, fault=kind, wrote=wrote)
                self._sandbox.store.log(logged)
        except sqlite3.Error as error:
            answer = Answer.failure(500, f"the sandbox's database failed: {error}")
            logged = dataclasses.replace(logged, status=answer.status, wrote=False)
        return answer, logged

    def _handle(self, call: Call, operation: Operation | None) -> tuple[Answer, Fault | None, bool]:
        fault, wrote = None, False
        try:
            operation = self._admitted(call, operation)
            fault = self._sandbox.faults.take(operation.name, *subject(call, self._sandbox))
            if fault is None or fault.moment == "after":
                if operation.writes and self._sandbox.settings.list_lag:
                    self._sandbox.history.note(call.now, self._sandbox.store.numbers())
                content = operation.perform(call, self._sandbox)
                answer = Answer.success(content) if operation.enveloped else Answer.of(200, content)
                wrote = operation.writes
            else:
                answer = Answer.success({})
        except Refusal as refusal:
            answer = Answer.refused(refusal, self._sandbox.settings.refusals)
        return (fault.breaks(answer) if fault else answer), fault, wrote

    def _admitted(self, call: Call, operation: Operation | None) -> Operation:
        self._sandbox.admit(call.headers)
        limit = self._sandbox.settings.requests_per_second
        if limit is not None and not self._sandbox.rate.admits(time.monotonic(), limit):
            raise Refusal(429, f"more than {limit} requests a second", **{"retry-after": "1"})
        call.check_form(has_pages=operation is not None and operation.has_pages)
        if operation is None:
            if self._methods:
                raise Refusal(
                    405, f"method: {call.method} is not allowed here", allow=", ".join(self._methods)
                )
            raise Refusal(404, "path: the API has no such operation")
        return operation
