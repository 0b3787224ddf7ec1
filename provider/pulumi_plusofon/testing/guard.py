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
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typing_extensions import Self

_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")
# Python raises these events in C, so that no way around the methods of `socket.socket` is missed.
_TO_AN_ADDRESS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_OF_A_NAME: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_EVENTS: Final = _TO_AN_ADDRESS | _OF_A_NAME
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


class _Hook:
    """The audit hook of this process: Python cannot remove it, so it is added once."""

    guard: Guard | None = None
    is_added = False

    @classmethod
    def audit(cls, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse an event that leads beyond this machine."""
        if cls.guard is None or event not in _EVENTS:
            return
        if event in _TO_AN_ADDRESS:
            sock, address = arguments
            if address is None or sock.family not in _FAMILIES or _is_loopback(address[0]):
                return
            # Who called closes it after an `OSError` alone, and a warning would hide this error.
            sock.close()
            raise ForbiddenConnectionError(cls.guard.forbid(f"{address[0]}:{address[1]}"))
        host = arguments[0]
        if not (host is None or host == "" or _is_address(host) or _is_loopback(host)):
            name = ":".join(map(_text, arguments[:2]))
            raise ForbiddenConnectionError(cls.guard.forbid(name))


@contextlib.contextmanager
def guarded_sockets(guard: Guard) -> Iterator[None]:
    """A block in which sockets of this process reach loopback addresses alone, names no resolver."""
    if not _Hook.is_added:
        sys.addaudithook(_Hook.audit)
        _Hook.is_added = True
    before = _Hook.guard
    _Hook.guard = guard
    try:
        yield
    finally:
        _Hook.guard = before


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
