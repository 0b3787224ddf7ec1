"""What a test speaks to: loopback addresses and nothing else, in its own process and in those that it starts.

In the process of the test a connection to any other address is refused before a packet leaves, and noted.
Processes that it starts get a proxy on a loopback address, which refuses what it is asked for, and notes it.
A program that ignores the variables of the proxy is not seen.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import socketserver
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GUARDED: Final = ("connect", "connect_ex", "sendto")
_FAMILIES: Final = (socket.AF_INET, socket.AF_INET6)
_LOOPBACK: Final = "127.0.0.1,localhost,::1"
_SETTINGS: Final = "PLUSOFON_"
_LONGEST_REQUEST: Final = 65_536


class ForbiddenConnectionError(Exception):
    """A connection that left this machine was asked for. Not an `OSError`: nothing is to try again."""


class Guard:
    """What was asked for beyond this machine, in the order in which it was."""

    def __init__(self) -> None:
        self.contacts: list[str] = []

    def forbid(self, what: str) -> str:
        """Note a contact; the text of the error."""
        self.contacts.append(what)
        return f"this test may speak to loopback addresses alone, and asked for {what}"


@contextlib.contextmanager
def guarded_sockets(guard: Guard) -> Iterator[None]:
    """A block in which sockets of this process reach loopback addresses alone."""

    def checked(name: str, original: Any) -> Any:
        def method(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if self.family in _FAMILIES and not _is_loopback(address):
                raise ForbiddenConnectionError(guard.forbid(_shown(address)))
            return original(self, *arguments)

        method.__name__ = name
        return method

    before = {name: vars(socket.socket).get(name) for name in _GUARDED}
    for name in _GUARDED:
        setattr(socket.socket, name, checked(name, getattr(socket.socket, name)))
    try:
        yield
    finally:
        for name, method in before.items():
            if method is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, method)


@contextlib.contextmanager
def own_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """A block in which no setting of the person counts but `variables`; then all are as they were."""
    before = {name: value for name, value in os.environ.items() if name.startswith(_SETTINGS)}
    _replace_settings(variables)
    try:
        yield
    finally:
        _replace_settings(before)


def _replace_settings(variables: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(_SETTINGS)]:
        del os.environ[name]
    os.environ.update(variables)


@contextlib.contextmanager
def refusing_proxy(guard: Guard) -> Iterator[dict[str, str]]:
    """The variables by which the processes of a block ask a proxy that refuses and notes."""

    class Refusing(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            words = self.rfile.readline(_LONGEST_REQUEST).decode("ascii", "replace").split()
            text = guard.forbid(" ".join(words[:2]) or "a connection without a request")
            body = f"{text}\n".encode()
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n")
            self.wfile.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield {
                **{name: url for one in ("http_proxy", "https_proxy") for name in (one, one.upper())},
                **dict.fromkeys(("no_proxy", "NO_PROXY"), _LOOPBACK),
            }
        finally:
            server.shutdown()
            thread.join()


def _is_loopback(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return str(host).lower() == "localhost"


def _shown(address: Any) -> str:
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) else str(address)
