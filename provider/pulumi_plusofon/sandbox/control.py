"""The control plane under `/_sandbox/`: what a test may see and change without being a client of the API.

It needs the same token as the API, is never logged, never delayed and never broken, and shows no SIP
password: a test can only compare one. Numbers are strings of digits here, in both directions.
"""

import asyncio
import dataclasses
import inspect
import json
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pulumi_plusofon.routes.drawing.svg import drawn

from .api.answers import Answer
from .api.fields import Port, Text
from .api.paths import ID
from .api.wire import CONNECTIONS, Strict, check, parse_json
from .errors import Refusal
from .seeding import Digits, Kind, Name, Seed, plant, set_forwarding
from .state.directory import StoredTarget
from .state.faults import Fault
from .state.sandbox import Sandbox
from .state.settings import Settings
from .state.store import Connection, StoredNumber
from .web.files import SAFE_HEADERS
from .web.routes import picture_of
from .web.view import View

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
Handle: TypeAlias = Callable[[Sandbox, Request, Any], Any]


class Edit(Strict):
    """A change behind the provider's back: what is not named stays. `forwarding` null takes it away."""

    number: Digits | None = None
    host: Text | None = None
    port: Port | None = None
    login: Text | None = None
    secret: Text | None = None
    registered: bool | None = None
    forwarding: dict[str, Any] | None = None


class NewName(Strict):
    """Another name for a target."""

    name: Name


class SecretQuestion(Strict):
    """Whether this is the number's SIP password."""

    number: Digits
    secret: Text


def routes(sandbox: Sandbox) -> list[Route]:
    """The control plane's routes for this sandbox."""

    def route(path: str, method: str, handle: Handle) -> Route:
        return route_of(sandbox, path, method, handle)

    view = View(sandbox)
    return [
        route("/page", "GET", lambda _, request, __: view.since(request.query_params.get("after", ""))),
        route("/routes.svg", "GET", _routes),
        route("/account", "GET", _account),
        route("/secret-matches", "POST", _secret_matches),
        route("/seed", "POST", _seed),
        route("/reset", "POST", _reset),
        route("/settings", "POST", _settings),
        route("/faults", "GET", _faults),
        route("/faults", "POST", _add_fault),
        route("/faults", "DELETE", _clear_faults),
        route("/requests", "GET", _requests),
        route("/requests", "DELETE", _clear_requests),
        route(f"/numbers/{{id:{ID}}}", "PATCH", _edit),
        route(f"/numbers/{{id:{ID}}}", "DELETE", _remove),
        route(f"/targets/{{kind}}/{{id:{ID}}}", "PATCH", _rename_target),
        route(f"/targets/{{kind}}/{{id:{ID}}}", "DELETE", _remove_target),
        Route("/_sandbox/{path:path}", _endpoint(sandbox, _unknown), methods=_METHODS),
    ]


def route_of(sandbox: Sandbox, path: str, method: str, handle: Handle) -> Route:
    """A route of the control plane: `handle` gets what the body says, and gives what the answer does."""
    return Route(f"/_sandbox{path}", _endpoint(sandbox, handle), methods=[method])


def _endpoint(sandbox: Sandbox, handle: Handle) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            sandbox.admit(request.headers)
            content = handle(sandbox, request, parse_json(raw) if raw else {})
            answer = await content if inspect.isawaitable(content) else Answer.of(200, content)
        except Refusal as refusal:
            answer = Answer.refused(refusal)
        except sqlite3.Error as error:
            answer = Answer.failure(500, f"the sandbox's database failed: {error}")
        headers = {**SAFE_HEADERS, **answer.headers}
        return Response(answer.body, answer.status or 500, headers, answer.media_type)

    return endpoint


def _unknown(_sandbox: Sandbox, request: Request, _body: Any) -> Any:
    raise Refusal(404, f"path: the control plane has no {request.method} {request.url.path}")


def _account(sandbox: Sandbox, _request: Request, _body: Any) -> Any:
    now = time.time()
    directory = sandbox.store.directory
    return {
        "numbers": [_shown(stored, now) for stored in sandbox.store.numbers()],
        "targets": {
            kind: [
                {"id": target.id, "name": target.name, "number": target.number, "login": target.login}
                for target in directory.targets(kind)
            ]
            for kind in get_args(Kind)
        },
        "entries": directory.entries(),
    }


def _shown(stored: StoredNumber, now: float) -> dict[str, Any]:
    return {
        "id": stored.id,
        "type": stored.type,
        "number": stored.number,
        "host": stored.host,
        "port": stored.port,
        "login": stored.login,
        "registered": stored.registered(now),
        "forwarding": stored.forwarding,
    }


async def _routes(sandbox: Sandbox, request: Request, _body: Any) -> Answer:
    asked = request.query_params.get("numbers")
    only = (
        None
        if asked is None
        else {int(text) for text in asked.split(",") if re.fullmatch("[0-9]{1,16}", text)}
    )
    store = sandbox.store
    picture = picture_of(store.numbers(), store.directory.targets(), sandbox.settings.customer_id, only)
    # In a thread: a large picture delays no request of the API.
    svg = await asyncio.to_thread(drawn, picture)
    return Answer(200, svg.encode(), media_type="image/svg+xml")


def _secret_matches(sandbox: Sandbox, _request: Request, body: Any) -> Any:
    question = check(SecretQuestion, body)
    return {"matches": sandbox.store.secret_matches(question.number, question.secret)}


def _seed(sandbox: Sandbox, _request: Request, body: Any) -> Any:
    seed = check(Seed, body)
    with sandbox.store.transaction():
        ids = plant(sandbox.store, seed)
    if seed.customer_id is not None:
        sandbox.settings = sandbox.settings.model_copy(update={"customer_id": seed.customer_id})
    return {"ids": ids}


def _rename_target(sandbox: Sandbox, request: Request, body: Any) -> Any:
    target, name = _addressed_target(sandbox, request), check(NewName, body).name
    with sandbox.store.transaction():
        sandbox.store.directory.rename_target(target, name)
    return {}


def _remove_target(sandbox: Sandbox, request: Request, _body: Any) -> Any:
    target = _addressed_target(sandbox, request)
    with sandbox.store.transaction():
        sandbox.store.directory.remove_target(target)
    return {}


def _addressed_target(sandbox: Sandbox, request: Request) -> StoredTarget:
    kind, target_id = request.path_params["kind"], request.path_params["id"]
    # Compared here and not in SQL: SQLite takes no integer as large as a path may have.
    for target in sandbox.store.directory.targets(kind):
        if target.id == target_id:
            return target
    raise Refusal(404, f"id: no {kind} with the id {target_id}")


def _edit(sandbox: Sandbox, request: Request, body: Any) -> Any:
    stored = _addressed(sandbox, request)
    edit = check(Edit, body)
    changes = edit.model_dump(exclude_none=True, exclude={"registered", "forwarding"})
    for field in changes.keys() - CONNECTIONS[stored.type].model_fields.keys():
        raise Refusal(400, f"{field}: not allowed for type {stored.type}")
    holder = sandbox.store.find(changes.get("number", stored.number))
    if holder and holder.id != stored.id:
        raise Refusal(400, f"number: {holder.number} is already connected")
    now = time.time()
    kept = {"number": stored.number, "host": stored.host, "port": stored.port, "login": stored.login}
    registers = stored.registers_at
    if edit.registered is not None and stored.type == "ate":
        registers = now if edit.registered else None
    with sandbox.store.transaction():
        sandbox.store.update(stored.id, Connection(**{**kept, **changes}), now, registers)
        if "forwarding" in edit.model_fields_set:
            set_forwarding(sandbox.store, stored.id, stored.type, edit.forwarding)
    return {}


def _remove(sandbox: Sandbox, request: Request, _body: Any) -> Any:
    with sandbox.store.transaction():
        sandbox.store.disconnect(_addressed(sandbox, request).id)
    return {}


def _addressed(sandbox: Sandbox, request: Request) -> StoredNumber:
    stored = sandbox.store.number(request.path_params["id"])
    if stored is None:
        raise Refusal(404, f"id: no number with the id {request.path_params['id']}")
    return stored


def _reset(sandbox: Sandbox, _request: Request, _body: Any) -> Any:
    sandbox.reset()
    return {}


def _settings(sandbox: Sandbox, _request: Request, body: Any) -> Any:
    changes = body if isinstance(body, dict) else {"": body}
    sandbox.settings = check(Settings, {**sandbox.settings.model_dump(), **changes})
    return sandbox.settings.model_dump()


def _faults(sandbox: Sandbox, _request: Request, _body: Any) -> Any:
    return {"faults": sandbox.faults.state()}


def _add_fault(sandbox: Sandbox, _request: Request, body: Any) -> Any:
    sandbox.faults.add(check(Fault, body))
    return {}


def _clear_faults(sandbox: Sandbox, _request: Request, _body: Any) -> Any:
    sandbox.faults.clear()
    return {}


def _requests(sandbox: Sandbox, _request: Request, _body: Any) -> Any:
    return {
        "requests": [
            {"seq": seq, **dataclasses.asdict(logged), "body": logged.body and json.loads(logged.body)}
            for seq, logged in sandbox.store.requests()
        ]
    }


def _clear_requests(sandbox: Sandbox, _request: Request, _body: Any) -> Any:
    with sandbox.store.transaction():
        sandbox.store.clear_requests()
    return {}
