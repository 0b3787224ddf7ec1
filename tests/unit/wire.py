"""A real HTTP server on a loopback port that answers from a script and keeps what it was asked."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

TOKEN = "tok-9f8e7d6c5b4a"
SUCCESS: dict[str, Any] = {"success": True}


@dataclass(frozen=True)
class Answer:
    """One scripted answer; `body` is sent as JSON unless it is bytes.

    `cut` is how much of the body goes out before the connection is closed, 0 for not even a status.
    `hang` leaves the request without an answer until the server stops.
    """

    status: int = 200
    body: Any = field(default_factory=lambda: SUCCESS)
    headers: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    cut: int | None = None
    hang: bool = False

    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def refusal(status: int, message: str | None = None, **headers: str) -> Answer:
    body = {"success": False} if message is None else {"success": False, "message": message}
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


CLOSED = Answer(cut=0)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Wire:
    """One test's side of the server: the script, and what was asked. The last answer is given for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._script: list[Answer] = [Answer()]
        self._lock = threading.Lock()

    def script(self, *answers: Answer) -> None:
        self._script = list(answers)

    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    def take(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


class WireServer(ThreadingHTTPServer):
    """One server for the whole run: starting one costs more than most tests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.wire = Wire(self.url)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up: some tests make it do so."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: WireServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # A connection that idles would otherwise keep its thread after the test.
    timeout = 5

    def _answer(self) -> None:
        wire = self.server.wire
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), body, self.client_address[1])
        answer = wire.take(asked)
        if answer.hang:
            wire.over.wait()
        if answer.hang or answer.cut == 0:
            self.close_connection = True
            return
        payload = answer.payload()
        if "Date" in answer.headers:
            self.send_response_only(answer.status, answer.reason)
        else:
            self.send_response(answer.status, answer.reason)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload if answer.cut is None else payload[: answer.cut])
        self.close_connection = self.close_connection or answer.cut is not None

    do_GET = do_PUT = do_PATCH = do_POST = do_DELETE = _answer  # noqa: N815 - the base class looks for these

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: a test reads `Wire.asked`."""
