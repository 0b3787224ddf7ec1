"""A proxy or a certificate that stands in the way is named, and nothing else is blamed."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import Client, Connection, NotSentError
from pulumi_plusofon.runtime import Settings
from unit.wire import TOKEN, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unit.clock import Clock

SIPURI = Connection("sipuri", "447700900124", "sip.example.com")
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
LOGIN = "user:pa55word"
PATIENCE = 5.0


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> pytest.MonkeyPatch:
    assert clock.slept == []
    for name in (*NAMES, *map(str.upper, NAMES), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


class Server:
    """Takes connections one after another, over TLS if it has a certificate, and answers each with `says`."""

    def __init__(self, says: bytes, certificate: Path | None = None) -> None:
        self._says = says
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate, certificate.with_name("k.pem"))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.settimeout(PATIENCE)
                with contextlib.suppress(OSError), connection:
                    if self._context:
                        connection = self._context.wrap_socket(connection, server_side=True)
                    with connection:
                        connection.recv(65536)
                        connection.sendall(self._says)

    def stop(self) -> None:
        self._listener.close()


def _certificate(folder: Path, days: int) -> Path:
    """A certificate of 127.0.0.1 in this folder, with its key beside it."""
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    for command in (
        "req -newkey rsa:2048 -nodes -keyout k.pem -out r.csr -subj /CN=localhost",
        f"x509 -req -in r.csr -signkey k.pem -days {days} -extfile names -out c.pem",
    ):
        words = ["openssl", *command.split()]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return folder / "c.pem"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _certificate(tmp_path_factory.mktemp("tls"), days=2)


@pytest.fixture
def tls(certificate: Path) -> Iterator[Server]:
    """An API of an empty list, with a certificate that nobody trusts yet."""
    body = b'{"external_numbers": [], "success": true}'
    server = Server(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body), certificate)
    yield server
    server.stop()


@pytest.fixture
def refusing_proxy() -> Iterator[Server]:
    server = Server(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    yield server
    server.stop()


def _failure(base_url: str) -> NotSentError:
    client = Client(Settings(TOKEN, base_url=base_url, timeout=PATIENCE, max_retries=1))
    with contextlib.closing(client), pytest.raises(NotSentError) as caught:
        client.connect(SIPURI)
    return caught.value


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    ("scheme", "why"),
    [
        ("http", "no connection to the proxy http://127.0.0.1:9"),
        ("https", "no connection to the proxy https://127.0.0.1:9"),
        ("socks5h", "the proxy socks5h://127.0.0.1:9 needs PySocks: pip install 'requests[socks]'"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_without_its_login(
    environment: pytest.MonkeyPatch, variable: str, scheme: str, why: str
) -> None:
    environment.setenv(variable, f"{scheme}://{LOGIN}@127.0.0.1:9")
    reason = _failure("https://api.test").reason
    assert reason.startswith(why)
    assert reason.endswith("check HTTPS_PROXY and ALL_PROXY, or name the API's host in NO_PROXY")


def test_a_proxy_that_refuses_is_named_with_its_answer(
    environment: pytest.MonkeyPatch, refusing_proxy: Server
) -> None:
    environment.setenv("HTTPS_PROXY", f"http://{LOGIN}@127.0.0.1:{refusing_proxy.port}")
    reason = _failure("https://api.test").reason
    assert reason.startswith(f"the proxy http://127.0.0.1:{refusing_proxy.port} refused: ")
    assert "407 Proxy Authentication Required" in reason


def test_a_proxy_that_speaks_no_tls_is_reported_as_such(environment: pytest.MonkeyPatch, wire: Wire) -> None:
    environment.setenv("HTTPS_PROXY", wire.url.replace("http:", "https:"))
    assert "does not speak TLS: write http:// before its address" in _failure("https://api.test").reason


def test_a_proxy_without_an_address_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", "http://:3128")
    assert "proxy" in _failure("https://api.test").reason


def test_a_proxy_that_speaks_another_protocol_was_surely_sent_nothing(
    environment: pytest.MonkeyPatch, tls: Server
) -> None:
    environment.setenv("HTTPS_PROXY", f"http://127.0.0.1:{tls.port}")
    reason = _failure("https://api.test").reason
    assert f"through the proxy http://127.0.0.1:{tls.port}" in reason


@pytest.mark.parametrize(
    ("content", "why"), [(None, "are not there"), (b"garbage", "no certificates"), (b"", "no certificates")]
)
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_that_holds_no_certificates_is_named(
    environment: pytest.MonkeyPatch,
    tmp_path: Path,
    tls: Server,
    variable: str,
    content: bytes | None,
    why: str,
) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    environment.setenv(variable, str(bundle))
    failure = _failure(f"https://127.0.0.1:{tls.port}")
    assert why in failure.reason
    assert "REQUESTS_CA_BUNDLE" in failure.reason
    assert not failure.transient


def test_a_refused_certificate_is_reported_with_the_reason(
    environment: pytest.MonkeyPatch, certificate: Path, tls: Server
) -> None:
    refused = "the server's TLS certificate was not accepted: "
    assert _failure(f"https://127.0.0.1:{tls.port}").reason.startswith(f"{refused}self-signed certificate")
    environment.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    other = _failure(f"https://localhost:{tls.port}").reason
    assert other.startswith(f"{refused}Hostname mismatch, certificate is not valid for 'localhost'")


def test_an_expired_certificate_is_reported_as_expired(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = _certificate(tmp_path, days=-1)
    environment.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    server = Server(b"", certificate)
    why = _failure(f"https://127.0.0.1:{server.port}").reason
    assert why == "the server's TLS certificate was not accepted: certificate has expired"
    server.stop()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_of_the_environment_are_for_loopback_too_and_its_proxies_are_not(
    environment: pytest.MonkeyPatch, certificate: Path, tls: Server, variable: str
) -> None:
    environment.setenv(variable, str(certificate))
    environment.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    client = Client(Settings(TOKEN, base_url=f"https://127.0.0.1:{tls.port}", timeout=PATIENCE))
    assert client.list_numbers() == ()
    client.close()
