"""Failures of the connection: "not sent" only where that is certain, and never anything but our errors."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import socket
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import (
    Connection,
    MaybeDoneError,
    NotSentError,
    RefusedError,
    UnreadableAnswerError,
)
from unit.wire import CLOSED, Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pulumi_plusofon.api import Client
    from unit.clock import Clock

SECRET = "pa55-word"
ATE = Connection("ate", "79104445566", "sip.example.com", 5060, "21201588169353", SECRET)
PATIENCE = 5.0  # how long a broken test may hang


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(200, b"no gzip", {"Content-Encoding": "gzip"}), id="no-gzip"),
        pytest.param(Answer(200, b"no deflate", {"Content-Encoding": "deflate"}), id="no-deflate"),
        pytest.param(Answer(500, b"no gzip", {"Content-Encoding": "gzip"}), id="500-no-gzip"),
        pytest.param(Answer(headers={"Content-Length": "7"}), id="two-lengths"),
    ],
)
def test_an_answer_that_cannot_be_read_may_have_been_done(client: Client, wire: Wire, answer: Answer) -> None:
    wire.script(answer)
    with pytest.raises(UnreadableAnswerError) as caught:
        client.connect(ATE)
    assert str(caught.value).startswith("connecting 79104445566: the answer cannot be read (")
    assert str(caught.value).isprintable()
    assert wire.methods() == ["PUT"]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(
    "location",
    [
        "http://[",
        "http://[::1",
        "http://a:99999999/",
        "http://a..b/",
        "https://user:pw@example.com/",
        "//:x:y",
        "%zz",
        "",
        "\xff\xfe",
    ],
)
def test_a_senseless_redirect_is_an_error_of_ours(client: Client, wire: Wire, location: str) -> None:
    wire.script(Answer(302, b"", {"Location": location}))
    with pytest.raises((RefusedError, UnreadableAnswerError), match=r"^connecting 79104445566: "):
        client.connect(ATE)
    assert wire.methods() == ["PUT"]
    # requests reads the Location even of what is not followed, and drops the connection if it cannot.
    gc.collect()


def test_a_list_that_cannot_be_read_is_asked_for_again(client: Client, wire: Wire) -> None:
    listing = Answer(body={"external_numbers": [], "success": True})
    wire.script(Answer(200, b"no gzip", {"Content-Encoding": "gzip"}), CLOSED, listing)
    assert client.list_numbers() == ()


@pytest.mark.parametrize(
    "base_url",
    ["http://%00", "https://a..b", f"https://{'a' * 70}.example", "https://a_b..", "https://.", "https://*"],
)
def test_a_base_url_that_names_no_host_is_reported_without_repeating(
    connect: Callable[..., Client], clock: Clock, monkeypatch: pytest.MonkeyPatch, base_url: str
) -> None:
    def lookup(host: str, *_: Any, **__: Any) -> list[Any]:
        pytest.fail(f"{host!r} was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(NotSentError, match="names no host; nothing was sent"):
        connect(base_url).connect(ATE)
    assert clock.slept == []


def test_a_server_without_tls_was_surely_sent_nothing(wire: Wire, connect: Callable[..., Client]) -> None:
    base_url = wire.url.replace("http:", "https:")
    with pytest.raises(NotSentError, match=f"no connection to {base_url}"):
        connect(base_url).connect(ATE)
    assert wire.asked == []


class TlsServer:
    """Takes one request over TLS, then breaks the connection's cipher instead of answering."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.got = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with self._listener, self._listener.accept()[0] as raw:
            raw.settimeout(PATIENCE)
            beneath = socket.socket(fileno=os.dup(raw.fileno()))
            # A client that does not like the certificate ends the handshake.
            with (
                beneath,
                contextlib.suppress(OSError),
                self._context.wrap_socket(raw, server_side=True) as tls,
            ):
                while SECRET.encode() not in self.got and (more := tls.recv(65536)):
                    self.got += more
                beneath.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
                tls.recv(1)

    def stop(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 and its key, made for this run alone."""
    openssl = shutil.which("openssl")
    assert openssl, "a certificate is made with the command openssl: install it"
    folder = tmp_path_factory.mktemp("tls")
    request = "req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=localhost"
    name = "-addext subjectAltName=IP:127.0.0.1"
    words = [openssl, *request.split(), *name.split()]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return folder / "c.pem", folder / "k.pem"


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> Iterator[TlsServer]:
    server = TlsServer(*certificate)
    yield server
    server.stop()


def test_tls_that_fails_after_sending_may_have_been_done(
    tls: TlsServer, certificate: tuple[Path, Path], connect: Callable[..., Client]
) -> None:
    client = connect(tls.url)
    client._session.verify = str(certificate[0])
    with pytest.raises(MaybeDoneError, match="the TLS connection failed"):
        client.connect(ATE)
    assert tls.got.startswith(b"PUT /api/v1/number/external/ate ")


def test_a_certificate_that_is_not_trusted_is_reported_and_nothing_sent(
    tls: TlsServer, connect: Callable[..., Client], clock: Clock
) -> None:
    with pytest.raises(NotSentError, match="certificate was not accepted") as caught:
        connect(tls.url).connect(ATE)
    assert not caught.value.transient
    assert (clock.slept, tls.got) == ([], b"")
