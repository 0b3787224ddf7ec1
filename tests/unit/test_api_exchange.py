"""One deadline for a request with its whole answer, and a cap on what it may hold."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection

from pulumi_plusofon.api import (
    Client,
    Connection,
    MaybeDoneError,
    NotSentError,
    UnreadableAnswerError,
    exchange,
)
from pulumi_plusofon.runtime import Settings, clock
from unit.wire import TOKEN, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unit.wire import Wire

SIPURI = Connection("sipuri", "79104445567", "sip.example.com")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Dripping:
    """A server that sends `first`, then `drop` every 50 ms, for as long as somebody takes it."""

    def __init__(self, first: bytes, drop: bytes) -> None:
        self._first, self._drop = first, drop
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.over = threading.Event()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while not self.over.is_set():
                connection, _ = self._listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(self._first)
                    while not self.over.wait(0.05):
                        connection.sendall(self._drop)

    def stop(self) -> None:
        self.over.set()
        self._listener.close()


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes, bytes], Dripping]]:
    servers: list[Dripping] = []

    def make(first: bytes, drop: bytes) -> Dripping:
        servers.append(Dripping(first, drop))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def _client(url: str, seconds: float = 0.6) -> Client:
    return Client(Settings(TOKEN, base_url=url, timeout=seconds, max_retries=0))


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b"\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Header: more\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
        (HEAD + b"Connection: close\r\n\r\n", b" "),
    ],
    ids=["nothing", "headers", "chunks", "a body with a length", "a body without"],
)
@pytest.mark.parametrize("step", ["read", "write"])
def test_an_answer_that_drips_is_not_waited_for(
    dripping: Callable[[bytes, bytes], Dripping], first: bytes, drop: bytes, step: str
) -> None:
    client = _client(dripping(first, drop).url)
    started = time.monotonic()
    with pytest.raises(MaybeDoneError) as caught:
        client.list_numbers() if step == "read" else client.connect(SIPURI)
    assert time.monotonic() - started < 3
    assert first == b"" or "no answer within 0.6 s" in str(caught.value)
    client.close()


def test_an_address_that_takes_no_connection_counts_against_the_same_time() -> None:
    # Its queue is full, so that a connection is neither made nor refused.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        with contextlib.ExitStack() as fillers:
            for _ in range(4):
                filler = fillers.enter_context(socket.socket())
                filler.setblocking(False)  # noqa: FBT003 - the socket's own signature
                with contextlib.suppress(BlockingIOError):
                    filler.connect(listener.getsockname())
            started = time.monotonic()
            client = _client(f"http://127.0.0.1:{listener.getsockname()[1]}")
            with pytest.raises((NotSentError, MaybeDoneError)):
                client.list_numbers()
            assert time.monotonic() - started < 3
            client.close()


def test_an_interrupt_ends_a_read_after_its_grace_and_never_a_write(
    dripping: Callable[[bytes, bytes], Dripping], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_GRACE", 0.3)
    asked = threading.Event()
    monkeypatch.setattr(clock, "CANCELLED", asked)
    url = dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b" ").url
    client = _client(url, seconds=3)
    asked.set()
    started = time.monotonic()
    with pytest.raises(MaybeDoneError, match=r"^listing the external numbers: interrupted$"):
        client.list_numbers()
    assert time.monotonic() - started < 2
    started = time.monotonic()
    with pytest.raises(MaybeDoneError, match="no answer within 3 s"):
        client.connect(SIPURI)
    assert time.monotonic() - started > 2.5
    client.close()


@pytest.mark.parametrize("compressed", [True, False])
def test_an_answer_that_is_too_large_is_refused_before_it_fills_the_memory(
    client: Client, wire: Wire, *, compressed: bool
) -> None:
    size = 400 * 2**20 if compressed else 40 * 2**20
    payload = gzip.compress(bytes(size), 9) if compressed else bytes(size)
    headers = {"Content-Encoding": "gzip"} if compressed else {}
    wire.script(Answer(200, payload, headers))
    tracemalloc.start()
    with pytest.raises(UnreadableAnswerError, match="the answer is larger than 32 MB"):
        client.list_numbers()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 150 * 2**20


def test_memory_that_runs_out_after_a_put_is_a_doubt(
    client: Client, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> bytes:
        raise MemoryError

    for place in ("client.exchange_body", "reading.json.loads"):
        with monkeypatch.context() as patched:
            patched.setattr(f"pulumi_plusofon.api.{place}", full)
            with pytest.raises(MaybeDoneError, match="it may have been done all the same"):
                client.connect(SIPURI)
    assert wire.methods() == ["PUT", "PUT"]


def test_a_pool_of_another_kind_keeps_its_connections() -> None:
    # As those of a SOCKS proxy: with others in their place the proxy would be left out.
    class OwnConnection(HTTPConnection):
        """A way of connecting of its own."""

    class OwnPool(HTTPConnectionPool):
        ConnectionCls = OwnConnection

    manager = PoolManager()
    manager.pool_classes_by_scheme = {"http": OwnPool}
    for _ in range(2):
        exchange._watch(manager)
    watched = manager.pool_classes_by_scheme["http"]
    assert issubclass(watched, OwnPool)
    assert issubclass(watched.ConnectionCls, OwnConnection)
    assert watched.ConnectionCls.__mro__.count(exchange._Shown) == 1


def test_no_descriptor_is_left_open_by_many_exchanges(client: Client, wire: Wire) -> None:
    wire.script(Answer(body={"external_numbers": [], "success": True}))
    client.list_numbers()
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(20):
        client.list_numbers()
    assert len(list(Path("/dev/fd").iterdir())) <= before + 1
