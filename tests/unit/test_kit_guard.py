"""The guard of the test kit: loopback addresses alone, in the test's process and in those that it starts."""

from __future__ import annotations

import _socket
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_plusofon.testing.guard import (
    ForbiddenConnectionError,
    Guard,
    RefusingProxy,
    _is_loopback,
    guarded_sockets,
    own_environment,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Set aside for documentation: nothing is there, and nothing is sent.
ELSEWHERE = ("192.0.2.1", 443)


def _connect(address: Any) -> Any:
    with socket.socket() as connection:
        return connection.connect(address)


def _send(address: Any) -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        return connection.sendto(b"x", address)


def _connect_ex(address: Any) -> Any:
    with socket.socket() as connection:
        return connection.connect_ex(address)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: _connect(ELSEWHERE), "192.0.2.1:443"),
        (lambda: _connect_ex(ELSEWHERE), "192.0.2.1:443"),
        (lambda: _send(ELSEWHERE), "192.0.2.1:443"),
        (lambda: socket.create_connection(ELSEWHERE), "192.0.2.1:443"),
        (lambda: socket.create_connection(("restapi.plusofon.ru", 443)), "restapi.plusofon.ru:443"),
        (lambda: socket.getaddrinfo(b"restapi.plusofon.ru", None), "restapi.plusofon.ru:None"),
        (lambda: requests.get("https://restapi.plusofon.ru/", timeout=5), "restapi.plusofon.ru:443"),
    ],
)
def test_another_address_is_refused_and_noted(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Any], named: str
) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    guard = Guard()
    with guarded_sockets(guard), pytest.raises(ForbiddenConnectionError, match=named):
        ask()
    assert guard.contacts == [named]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_reached(host: str) -> None:
    guard = Guard()
    with socket.create_server(("127.0.0.1", 0)) as server, guarded_sockets(guard):
        socket.create_connection((host, server.getsockname()[1])).close()
    assert guard.contacts == []


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        (b"localhost", True),
        ("::ffff:192.0.2.1", False),
        ("2001:db8::1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_an_address_is_loopback_in_each_of_its_forms(host: str | bytes, *, is_loopback: bool) -> None:
    assert _is_loopback(host) == is_loopback


def test_sockets_are_as_before_afterwards() -> None:
    before = {**vars(socket.socket)}, socket.getaddrinfo
    with pytest.raises(ZeroDivisionError), guarded_sockets(Guard()):
        _ = 1 / 0
    assert ({**vars(socket.socket)}, socket.getaddrinfo) == before


def test_settings_of_the_person_are_away_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUSOFON_TOKEN", "theirs")
    monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", "7")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    before = dict(os.environ)
    with own_environment({"PLUSOFON_TOKEN": "ours", "HTTPS_PROXY": "x"}):
        assert os.environ["PLUSOFON_TOKEN"] == "ours"
        assert "PLUSOFON_CUSTOMER_ID" not in os.environ
    assert dict(os.environ) == before


@pytest.mark.parametrize("url", ["https://restapi.plusofon.ru/", "http://192.0.2.1/a"])
def test_a_process_is_refused_by_its_proxy_and_noted(url: str) -> None:
    program = f"import urllib.request; urllib.request.urlopen('{url}', timeout=10)"
    with RefusingProxy() as proxy:
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env={"PATH": os.environ["PATH"], **proxy.environment},
            capture_output=True,
            text=True,
            check=False,
        )
    assert "403" in ran.stderr
    [contact] = proxy.guard.contacts
    assert contact in ("CONNECT restapi.plusofon.ru:443", "GET http://192.0.2.1/a")


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda raw: raw.connect(("192.0.2.1", 443)), "192.0.2.1:443"),
        (lambda raw: raw.sendmsg([b"x"], [], 0, ("192.0.2.1", 53)), "192.0.2.1:53"),
        (lambda _: socket.gethostbyname("api.example"), "api.example"),
        (lambda _: socket.gethostbyname_ex("api.example"), "api.example"),
    ],
)
def test_the_c_socket_and_old_resolvers_are_refused_and_noted(ask: Callable[[Any], Any], named: str) -> None:
    guard = Guard()
    raw = _socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        with guarded_sockets(guard), pytest.raises(ForbiddenConnectionError, match=named):
            ask(raw)
    finally:
        raw.close()
    assert guard.contacts == [named]
