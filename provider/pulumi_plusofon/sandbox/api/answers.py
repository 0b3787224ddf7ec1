"""Answers as values, and their delivery on the connection, also when an answer is to arrive broken.

Never decides what to answer.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from pulumi_plusofon.sandbox.errors import Refusal


RefusalForm: TypeAlias = Literal["message", "list", "error", "code", "errors"]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer.

    `status` None closes the connection without answering, `cut` sends half of the body and closes; `hold`
    is how many seconds to wait before any of it.
    """

    status: int | None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    cut: bool = False
    hold: float = 0

    @classmethod
    def of(cls, status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """Any JSON."""
        return cls(status, json.dumps(content).encode(), headers or {})

    @classmethod
    def success(cls, content: Mapping[str, Any]) -> Answer:
        """The API's form of success: the content, and `success`."""
        return cls.of(200, {**content, "success": True})

    @classmethod
    def failure(cls, status: int, message: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The API's form of failure."""
        return cls.of(status, {"success": False, "message": message}, headers)

    @classmethod
    def refused(cls, refusal: Refusal, form: RefusalForm = "message") -> Answer:
        """What a refusal says, in one of the forms that the vendor's server has."""
        status, content = _FORMS[form](refusal.status, refusal.message)
        return cls.of(status, content, refusal.headers)

    def typed(self, media_type: str) -> Answer:
        """The same answer, under this content type where it has the API's own."""
        own = self.media_type == "application/json"
        return dataclasses.replace(self, media_type=media_type) if own else self

    def held(self, seconds: float) -> Answer:
        """The same answer, later."""
        return dataclasses.replace(self, hold=seconds)

    def halved(self) -> Answer:
        """The same answer, of which only half arrives."""
        return dataclasses.replace(self, cut=True)


def _by_field(_status: int, message: str) -> tuple[int, dict[str, Any]]:
    field, _, text = message.partition(": ")
    return 422, {"message": "The given data was invalid.", "errors": {field: [text]}}


_FORMS: dict[RefusalForm, Callable[[int, str], tuple[int, dict[str, Any]]]] = {
    "message": lambda status, message: (status, {"success": False, "message": message}),
    "list": lambda status, message: (status, {"success": False, "message": [message]}),
    "error": lambda status, message: (status, {"error": message}),
    "code": lambda status, message: (200, {"message": message, "code": status}),
    "errors": _by_field,
}


async def deliver(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the answer. The server has put `hang_up`, which closes the connection, into the scope's state."""
    if answer.status is not None:
        named = {"content-type": answer.media_type, "content-length": str(len(answer.body)), **answer.headers}
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = answer.body[: len(answer.body) // 2] if answer.cut else answer.body
        await send({"type": "http.response.body", "body": body, "more_body": answer.cut})
    if answer.status is None or answer.cut:
        scope["state"]["hang_up"]()
        # An application that returns before the server has seen the end of the connection counts as broken.
        while (await receive())["type"] != "http.disconnect":
            pass
