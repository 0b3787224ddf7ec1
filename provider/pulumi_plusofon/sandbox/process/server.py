"""The process: a socket on a loopback address, uvicorn on it, and an orderly end. Knows nothing of the API.

Requests are read by httptools and not by uvicorn's own h11, in Python, which took a third of the time of a
request: a benchmark of the provider must not measure the sandbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .accounts import Accounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_plusofon.sandbox.state.sandbox import Sandbox

    from .app import Log

LOOPBACK = "127.0.0.1"
_BACKLOG = 1024
_GRACE = 2  # seconds for a client to take the answers it is still owed when the server is to stop


class _Protocol(HttpToolsProtocol):
    """Puts the means to close the connection into the request's state: ASGI itself has none."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self.app_state = {**self.app_state, "hang_up": transport.close}

    def shutdown(self) -> None:
        if getattr(self.cycle, "more_body", False):
            self.transport.close()  # the request has not wholly arrived, and uvicorn would wait for the rest
        else:
            super().shutdown()


class _Server(uvicorn.Server):
    """Says when it is ready, and takes both signals as the request to stop that they are."""

    def __init__(self, config: uvicorn.Config, accounts: Accounts, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._accounts = accounts
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._accounts.stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again once it has stopped, which would turn a clean end into a failure.
        for sign in (signal.SIGINT, signal.SIGTERM):
            self._take(sign)
        yield

    def _take(self, sign: signal.Signals) -> None:
        try:
            asyncio.get_running_loop().add_signal_handler(sign, self.handle_exit, sign, None)
        except NotImplementedError:  # on Windows
            signal.signal(sign, self.handle_exit)


def listen(port: int) -> socket.socket:
    """A socket that listens on the loopback address; port 0 takes a free one."""
    # asyncio sends small answers without delay only where the socket names its protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def serve(
    listener: socket.socket, sandbox: Sandbox, on_ready: Callable[[], None], log: Log | None = None
) -> None:
    """Serve on the socket until SIGINT or SIGTERM.

    `on_ready` is called once requests are answered, `log` with each request of the API.
    """

    async def run() -> None:
        accounts = Accounts(sandbox, log)
        config = uvicorn.Config(
            accounts,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
        )
        await _Server(config, accounts, on_ready).serve([listener])

    asyncio.run(run())
