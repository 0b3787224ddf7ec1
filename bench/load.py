"""Measure how many requests a second the sandbox answers when nothing holds it up.

The client must not be what is measured: it writes requests that were made before to sockets that stay open,
one at a time on each, and of each answer reads no more than where it ends.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.testing import SandboxServer

_HEADERS: Final = {"Content-Type": "application/json", "Accept": "application/json", "Client": "10553"}
_CONNECTIONS: Final = 8
_SMALL_ACCOUNT: Final = 10
_PATH: Final = "/api/v1/number/external"
# Of 15 digits, and no number of anybody's.
_FIRST_NUMBER: Final = 120_255_501_000_000
_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "
_GOOD: Final = b"HTTP/1.1 200"


@dataclass(frozen=True)
class Ceiling:
    """Requests a second, and how much of a core the sandbox had for them."""

    per_second: float
    busy: float


class LoadError(Exception):
    """The sandbox did not answer as it should."""


def ceilings(sandbox: SandboxServer, seconds: float) -> tuple[Ceiling, Ceiling]:
    """Listing a small account, and connecting new numbers, each kept before it is answered."""
    sandbox.reset()
    sandbox.seed(
        *(
            {"type": "sipuri", "number": f"4477009000{place:02}", "host": "sip.operator.example"}
            for place in range(_SMALL_ACCOUNT)
        )
    )
    listing = itertools.repeat(_request(sandbox, "GET", _PATH))
    numbers = itertools.count(_FIRST_NUMBER)
    connecting = (
        _request(sandbox, "PUT", f"{_PATH}/sipuri", {"host": "sip.operator.example", "number": number})
        for number in numbers
    )
    return _ceiling(sandbox, listing, seconds), _ceiling(sandbox, connecting, seconds)


def _ceiling(sandbox: SandboxServer, requests: Iterator[bytes], seconds: float) -> Ceiling:
    process = psutil.Process(sandbox.pid)
    with contextlib.ExitStack() as opened:
        connections = [
            opened.enter_context(socket.create_connection(("127.0.0.1", sandbox.port)))
            for _ in range(_CONNECTIONS)
        ]
        before = process.cpu_times()
        started = time.monotonic()
        answered = 0
        while (took := time.monotonic() - started) < seconds:
            for connection in connections:
                connection.sendall(next(requests))
            for connection in connections:
                _read_answer(connection)
            answered += len(connections)
        after = process.cpu_times()
    busy = after.user + after.system - before.user - before.system
    return Ceiling(answered / took, busy / took)


def _request(sandbox: SandboxServer, method: str, path: str, body: Any = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    headers = {**_HEADERS, "Authorization": f"Bearer {sandbox.token}", "Host": "127.0.0.1"}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content


def _read_answer(connection: socket.socket) -> None:
    answer = b""
    while (end := answer.find(_HEAD_END)) < 0 or len(answer) < end + len(_HEAD_END) + _length(answer):
        answer += connection.recv(1 << 16)
    if not answer.startswith(_GOOD):
        raise LoadError(f"the sandbox answered {answer.decode()}")


def _length(answer: bytes) -> int:
    place = answer.index(_LENGTH) + len(_LENGTH)
    return int(answer[place : answer.index(b"\r", place)])
