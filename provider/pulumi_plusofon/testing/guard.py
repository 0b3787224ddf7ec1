"""Limit a test to loopback addresses, in its own process and in those that it starts.

In the process of the test it refuses a connection to any other address before a packet leaves, and notes it.
Processes that the test starts get a proxy on a loopback address, which refuses every request and notes it.
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

    from typing_extensions import Self

_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")
_GUARDED: Final = ("connect", "connect_ex", "sendto")
_FAMILIES: Final = (socket.AF_INET, socket.AF_INET6)
_LOOPBACK: Final = "127.0.0.1,localhost,::1"
_SETTINGS: Final = "PLUSOFON_"
_LONGEST_REQUEST: Final = 65_536


class ForbiddenConnectionError(Exception):
    """A connection would have left this machine. Not an `OSError`: nothing is to try again."""


class Guard:
    """Requests beyond this machine, in their order."""

    def __init__(self) -> None:
        self.contacts: list[str] = []

    def forbid(self, what: str) -> str:
        """Note a contact; the text of the error."""
        self.contacts.append(what)
        return f"this test may speak to loopback addresses alone, and asked for {what}"


@contextlib.contextmanager
def guarded_sockets(guard: Guard) -> Iterator[None]:
    """A block in which sockets of this process reach loopback addresses alone, names no resolver."""

    def checked(original: Any) -> Any:
        def method(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if self.family in _FAMILIES and not _is_loopback(address[0]):
                # Who called closes it after an `OSError` alone, and a warning would hide this error.
                self.close()
                raise ForbiddenConnectionError(guard.forbid(f"{address[0]}:{address[1]}"))
            return original(self, *arguments)

        return method

    def resolve(host: Any, port: Any, *arguments: Any, **keywords: Any) -> Any:
        if not (host is None or _is_address(host) or _is_loopback(host)):
            raise ForbiddenConnectionError(guard.forbid(f"{_text(host)}:{_text(port)}"))
        return resolver(host, port, *arguments, **keywords)

    before = {name: vars(socket.socket).get(name) for name in _GUARDED}
    resolver = socket.getaddrinfo
    for name in _GUARDED:
        setattr(socket.socket, name, checked(getattr(socket.socket, name)))
    socket.getaddrinfo = resolve
    try:
        yield
    finally:
        socket.getaddrinfo = resolver
        for name, method in before.items():
            if method is None:
                delattr(socket.socket, name)
            else:
                setattr(socket.socket, name, method)


@contextlib.contextmanager
def own_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """A block in which no setting of the person counts but `variables`; then all are as they were."""
    names = {*variables, *(name for name in os.environ if name.startswith(_SETTINGS))}
    before = {name: os.environ.get(name) for name in names}
    for name in names:
        os.environ.pop(name, None)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class RefusingProxy:
    """A proxy on a loopback address that refuses every request, and notes it for `guard`."""

    def __init__(self) -> None:
        self.guard = Guard()
        proxy = self

        class Refusing(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                words = self.rfile.readline(_LONGEST_REQUEST).decode("ascii", "replace").split()
                text = proxy.guard.forbid(" ".join(words[:2]) or "a connection without a request")
                body = f"{text}\n".encode()
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n")
                self.wfile.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which programs use it; the proxies of the person count no more."""
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return {
            **{name: url for proxy in _PROXIES for name in (proxy, proxy.upper())},
            **dict.fromkeys(("no_proxy", "NO_PROXY"), _LOOPBACK),
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _is_loopback(host: Any) -> bool:
    try:
        address = ipaddress.ip_address(_text(host))
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    except ValueError:
        return _text(host).lower().rstrip(".") in ("localhost", socket.gethostname().lower())


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(_text(host))
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
