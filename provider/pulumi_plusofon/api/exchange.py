"""One request and its whole answer within one deadline, of bounded size.

A timeout of a socket counts from one byte to the next, so that a server which sends a blank now and then is
waited for without an end. Here a watch looks at every exchange that is under way and ends its connection when
its time is over, or, for a read, when the run is interrupted. Decides nothing about what that means.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from requests.adapters import HTTPAdapter

from pulumi_plusofon.runtime import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests
    from urllib3.connectionpool import HTTPConnectionPool

# 100,000 numbers have room in it.
LARGEST_BODY: Final = 32 * 2**20
# A piece of a compressed body may become a thousand times as large.
_PIECE: Final = 4096
_LOOKS_EVERY: Final = 0.25
_IDLE: Final = 1.0
# Seconds that a read still has after an interrupt: it may be the one that shows the id of a new number.
_GRACE: Final = 5.0

_CURRENT = threading.local()


class TooLargeError(ValueError):
    """The body of an answer is larger than any that is expected."""


@dataclass(frozen=True)
class RawAnswer:
    """An answer as it came, its body whole and decoded."""

    status_code: int
    reason: str | None
    headers: Mapping[str, str]
    content: bytes


class Exchange:
    """One request that is under way.

    `ended` says why the watch has ended it, if it has; `is_sent` whether any of the request may have left.
    """

    def __init__(self, seconds: float, *, is_read: bool) -> None:
        self.started = time.monotonic()
        self.deadline = self.started + seconds
        self.is_read = is_read
        self.ended: Literal["late", "interrupted"] | None = None
        self.is_sent = False
        self._connections: list[socket.socket] = []
        self._lock = threading.Lock()

    def attach(self, connection: socket.socket) -> None:
        """Take a connection that the exchange goes over."""
        # A descriptor of our own ends the connection beneath whatever TLS has made of the socket.
        with self._lock:
            self._connections.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.ended:
            self.end(self.ended)

    def end(self, why: Literal["late", "interrupted"]) -> None:
        """End the connection: a read from it then fails."""
        self.ended = why
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the descriptors; the connection itself stays with the pool."""
        with self._lock:
            for connection in self._connections:
                connection.close()


class Watch:
    """Looks at the exchanges of one client, in a thread that lives while there are any."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: set[Exchange] = set()
        self._is_looking = False
        self._interrupted_at: float | None = None

    @contextlib.contextmanager
    def over(self, seconds: float, *, is_read: bool) -> Iterator[Exchange]:
        """A block for one exchange, which ends after `seconds`."""
        exchange = Exchange(seconds, is_read=is_read)
        with self._changed:
            self._open.add(exchange)
            if not self._is_looking:
                self._is_looking = True
                threading.Thread(target=self._look, name="plusofon-watch", daemon=True).start()
            self._changed.notify()
        _CURRENT.exchange = exchange
        try:
            yield exchange
        finally:
            _CURRENT.exchange = None
            with self._changed:
                self._open.discard(exchange)
            exchange.close()

    def _look(self) -> None:
        with self._changed:
            while self._open or self._changed.wait(_IDLE):
                now = time.monotonic()
                if self._interrupted_at is None and clock.is_cancelled():
                    self._interrupted_at = now
                for exchange in self._open:
                    if exchange.ended:
                        continue
                    if now >= exchange.deadline:
                        exchange.end("late")
                    elif exchange.is_read and self._is_over_grace(exchange, now):
                        exchange.end("interrupted")
                nearest = min(
                    (exchange.deadline for exchange in self._open if not exchange.ended), default=now + _IDLE
                )
                self._changed.wait(min(max(nearest - now, 0.0), _LOOKS_EVERY))
            self._is_looking = False

    def _is_over_grace(self, exchange: Exchange, now: float) -> bool:
        since = self._interrupted_at
        return since is not None and now >= max(since, exchange.started) + _GRACE


def body(response: requests.Response) -> bytes:
    """The decoded body of a streamed answer; raises `TooLargeError` and what requests raises."""
    whole = bytearray()
    for piece in response.iter_content(_PIECE):
        whole += piece
        if len(whole) > LARGEST_BODY:
            response.close()
            raise TooLargeError(f"the answer is larger than {LARGEST_BODY // 2**20} MB")
    return bytes(whole)


class WatchedAdapter(HTTPAdapter):
    """Connections that show themselves to the exchange that uses them."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As the adapter's own."""
        super().init_poolmanager(*args, **kwargs)
        _watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """As the adapter's own; a proxy's pools may be of another kind, as those of SOCKS are."""
        manager = super().proxy_manager_for(*args, **kwargs)
        _watch(manager)
        return manager


class _Shown:
    """Mixed into a class of connections."""

    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]  # of what this is mixed into
        _attach(connection)
        return connection

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        # A connection first, so that what fails in making it is known for that. The request for a
        # proxy's tunnel does not come here.
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]  # of what this is mixed into
        if exchange := _current():
            exchange.is_sent = True
        super().endheaders(*args, **kwargs)  # type: ignore[misc]  # of what this is mixed into

    def request(self, *args: Any, **kwargs: Any) -> None:
        _attach(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]  # of what this is mixed into


def _current() -> Exchange | None:
    return getattr(_CURRENT, "exchange", None)


def _attach(connection: socket.socket | None) -> None:
    if (exchange := _current()) and connection:
        exchange.attach(connection)


def _watch(manager: Any) -> None:
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watched(pool) for scheme, pool in pools.items()}


@functools.cache
def _watched(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    if issubclass(pool.ConnectionCls, _Shown):
        return pool
    connection = type("Connection", (_Shown, pool.ConnectionCls), {})
    return type("Pool", (pool,), {"ConnectionCls": connection})
