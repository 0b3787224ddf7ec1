"""The sandbox that names no file: its folder, its token, its port, and the lines that it prints."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import stat
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_plusofon.testing import Control
from support.vendor_api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Run:
    """A sandbox that was started, and what it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], out: int) -> None:
        self._process, self._out = process, out
        self.printed = ""

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until it has printed this, or has ended."""
        while not (found := re.search(pattern, self.printed)):
            assert self._read_more(), self.printed
        return found

    def _read_more(self) -> bool:
        try:
            more = os.read(self._out, 65_536)
        except OSError:  # the end of a terminal
            return False
        self.printed += more.decode().replace("\r\n", "\n")
        return more != b""

    def end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=30) == 0
        while self._read_more():
            pass


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder for state; the port of a last start stands there, so that no test takes the usual one."""
    folder = tmp_path / "state" / "plusofon"
    folder.mkdir(parents=True)
    (folder / "sandbox.port").write_text(str(free_port()))
    return folder


@contextmanager
def started(folder: Path, *options: str, terminal: bool = False, **environment: str) -> Iterator[Run]:
    inherited = {name: value for name, value in os.environ.items() if name != "PLUSOFON_TOKEN"}
    read, write = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "pulumi_plusofon.sandbox", *options],
        env={**inherited, "XDG_STATE_HOME": str(folder.parent), **environment},
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=write,
    )
    os.close(write)
    run = Run(process, read)
    try:
        yield run
    finally:
        process.kill()
        process.wait()
        os.close(read)


READY = r"plusofon sandbox: (http://127\.0\.0\.1:(\d+))\n"


def test_the_next_start_has_the_same_account_token_and_address(folder: Path) -> None:
    with started(folder) as run:
        url = run.until(READY)[1]
        token = run.until(r"export PLUSOFON_TOKEN=(\S+)\n")[1]
        run.until(rf"export PLUSOFON_BASE_URL={url}\npage: {url}/#token={token}\n")
        body = {"host": "sip.example.com", "number": 12025550100}
        assert Api(url, token).call("PUT", "/sipuri", body).status_code == 200
        run.end()
    with started(folder) as run:
        assert run.until(READY)[1] == url
        run.until(rf"the token is in {re.escape(str(folder / 'sandbox.token'))}\n")
        assert Api(url, token).ids() == {"12025550100": 101}
        run.end()
        assert token not in run.printed
    assert stat.S_IMODE((folder / "sandbox.token").stat().st_mode) == 0o600


def test_a_kept_token_is_printed_at_a_terminal(folder: Path) -> None:
    (folder / "sandbox.token").write_text("kept-token\n")
    with started(folder, terminal=True) as run:
        run.until("page: http://[^/]+/#token=kept-token\n")
        run.until("export PLUSOFON_TOKEN=kept-token\n")


def test_a_kept_token_that_was_pasted_into_the_shell_is_the_sandboxes_own(folder: Path) -> None:
    (folder / "sandbox.token").write_text("kept-token\n")
    with started(folder, terminal=True, PLUSOFON_TOKEN="kept-token") as run:
        run.until("page: http://[^/]+/#token=kept-token\n")


@pytest.mark.parametrize("terminal", [False, True])
def test_a_given_token_is_neither_printed_nor_kept(folder: Path, terminal: bool) -> None:  # noqa: FBT001
    with started(folder, terminal=terminal, PLUSOFON_TOKEN="given-token") as run:
        url = run.until(READY)[1]
        assert Api(url, "given-token").call("GET").status_code == 200
        run.end()
        assert "given-token" not in run.printed
        assert f"page: {url}/\n" in run.printed or not terminal
    assert sorted(file.name for file in folder.iterdir()) == ["sandbox.db", "sandbox.port"]


def test_a_port_that_another_program_has_is_changed_and_said(folder: Path) -> None:
    port = int((folder / "sandbox.port").read_text())
    with socket.create_server(("127.0.0.1", port)), started(folder) as run:
        taken = run.until(READY)[2]
        assert f"port {port} is in use by another program; {taken} is free\n" in run.printed
    with started(folder) as run:
        assert run.until(READY)[2] == taken


def test_a_second_sandbox_is_refused_with_the_file_in_use(folder: Path) -> None:
    with started(folder) as first:
        url = first.until(READY)[1]
        port = (folder / "sandbox.port").read_text()
        with started(folder) as second:
            second.until(re.escape(f"Error: {folder / 'sandbox.db'}: in use by another process\n"))
        assert (folder / "sandbox.port").read_text() == port
        assert requests.get(url, timeout=10).status_code == 200


def test_a_folder_for_state_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with started(tmp_path / "file" / "plusofon") as run:
        run.until(r"\AError: .*/file/plusofon: Not a directory; name a file with --db\n\Z")


def test_a_log_whose_reader_is_gone_ends_and_requests_are_answered(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pulumi_plusofon.sandbox", "--log"],
        env={**os.environ, "XDG_STATE_HOME": str(folder.parent), "PLUSOFON_TOKEN": "given-token"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    ready = re.fullmatch(READY, process.stdout.readline())
    assert ready is not None
    process.stdout.close()
    for _ in range(3):
        assert Api(ready[1], "given-token").call("GET").status_code == 200
    process.terminate()
    process.wait(timeout=30)
    said = process.stderr.read()
    process.stderr.close()
    assert said.count("no more lines about requests: Broken pipe\n") == 1
    assert "Traceback" not in said


def test_a_log_has_a_line_for_each_request_of_the_api(folder: Path) -> None:
    with started(folder, "--log", PLUSOFON_TOKEN="given-token") as run:
        url = run.until(READY)[1]
        api = Api(url, "given-token")
        Control(url, "given-token").fault("status", "list", status=503)
        api.call("GET")
        api.call("GET", "/given-token%0Aforged?token=given-token")
        run.until(r"forged 40\d")
        run.end()
    lines = run.printed.splitlines()[1:]
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\S+"
    assert re.fullmatch(rf"{moment} GET /api/v1/number/external 503 \d+ms fault=status", lines[0])
    assert re.fullmatch(rf"{moment} GET /api/v1/number/external/\[redacted\]\\nforged 40\d \d+ms", lines[1])
    assert len(lines) == 2
    assert "given-token" not in run.printed
