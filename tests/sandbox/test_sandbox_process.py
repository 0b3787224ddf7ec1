"""The process: how it starts, what it prints, what it survives, how it ends."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_plusofon.testing import SandboxError, SandboxServer
from support.sandbox_command import sandbox_command
from support.vendor_api import HEADERS, Api

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ATE = {
    "host": "sip.example.com",
    "number": 12025550100,
    "port": 5060,
    "login": "111",
    "secret": "canary-secret",
}


def api_of(server: SandboxServer) -> Api:
    return Api(server.url, server.token)


def put(server: SandboxServer, number: int) -> requests.Response:
    return api_of(server).call("PUT", "/sipuri", {"host": "sip.example.com", "number": number})


def test_the_ready_line_is_all_it_prints(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        put(server, 12025550100)

    assert server.output == f"plusofon sandbox: {server.url}\n"


def test_it_listens_on_the_loopback_address_only(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        for family, address in ((socket.AF_INET, "127.0.0.2"), (socket.AF_INET6, "::1")):
            with socket.socket(family) as other, pytest.raises(OSError, match=r"refused|assign|unreachable"):
                other.connect((address, server.port))


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_with_requests_and_connections_open(tmp_path: Path, sign: signal.Signals) -> None:
    server = SandboxServer(tmp_path).start()
    server.fault("slow", seconds=600)
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(api_of(server).call("GET").status_code))
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET /api/v1/number/ext")
        waiting.start()
        while not server.faults()[0]["done"]:
            time.sleep(0.01)

        assert server.stop(sign) == 0
    waiting.join()
    assert answers == [200]
    assert server.output == f"plusofon sandbox: {server.url}\n"


def test_it_ends_cleanly_in_the_middle_of_a_request(tmp_path: Path) -> None:
    server = SandboxServer(tmp_path).start()
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"PUT /api/v1/number/external/ate HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        server.account()

        assert server.stop() == 0
    assert server.output == f"plusofon sandbox: {server.url}\n"


def test_a_client_that_leaves_in_the_middle_is_no_event(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        for path in ("api/v1/number/external/ate", "_sandbox/seed"):
            with socket.create_connection(("127.0.0.1", server.port)) as leaving:
                head = f"PUT /{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
                leaving.sendall(head.replace("PUT /_", "POST /_").encode() + b"{")
            server.account()

    assert server.output == f"plusofon sandbox: {server.url}\n"


def test_a_token_is_made_and_printed_to_be_pasted_where_none_is_given(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, makes_token=True) as server:
        assert len(server.token) >= 32
        assert api_of(server).call("GET").status_code == 200

    assert server.output.splitlines() == [
        f"plusofon sandbox: {server.url}",
        f"export PLUSOFON_TOKEN={server.token}",
        f"export PLUSOFON_BASE_URL={server.url}",
        f"page: {server.url}/#token={server.token}",
    ]


def test_options_are_the_settings_at_the_start(tmp_path: Path) -> None:
    options = ("--no-ids", "--latency", "0.25", "--registers-after", "60", "--customer-id", "7")
    with SandboxServer(tmp_path, *options) as server:
        assert server.settings() == {
            "latency": 0.25,
            "registers_after": 60,
            "no_ids": True,
            "customer_id": 7,
            "requests_per_second": None,
            "list_lag": 0,
            "page_size": None,
            "numbers_page_size": None,
            "balance": 1000.0,
            "status_as_integer": False,
            "labels": {},
            "no_customer_ids": False,
            "refusals": "message",
            "media_type": "application/json",
        }


def test_the_token_file_counts_more_than_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("token-of-the-file\n")
    server = SandboxServer(tmp_path, "--token-file", str(file))
    with pytest.raises(SandboxError, match="401"), server:
        server.account()
    server.token = "token-of-the-file"
    with server:
        assert server.account() == []


def test_no_option_takes_the_token_itself() -> None:
    shown = sandbox_command("--help").stdout

    assert "--token-file" in shown
    assert "--token " not in shown


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"line\nline", b"\xd0\x96", b"\xff\xfe"])
def test_a_text_that_cannot_be_a_token_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)

    done = sandbox_command("--port", "0", "--db", tmp_path / "db", "--token-file", file)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {file}: not ")
    assert done.stderr.count("\n") == 1


def test_a_token_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = sandbox_command(
        "--port", "0", "--db", tmp_path / "db", "--token-file", tmp_path / "absent", PLUSOFON_TOKEN="t"
    )

    assert (done.returncode, done.stderr) == (1, f"Error: {tmp_path / 'absent'}: No such file or directory\n")


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        done = sandbox_command("--port", str(server.port), "--db", tmp_path / "other.db")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: port {server.port}: Address already in use\n"
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--port", "-1", "--db", "db"], id="port below 0"),
        pytest.param(["--port", "65536", "--db", "db"], id="port too high"),
        pytest.param(["--db", "db", "--latency", "-1"], id="negative latency"),
        pytest.param(["--db", "db", "--latency", "nan"], id="latency no number"),
        pytest.param(["--db", "db", "--registers-after", "inf"], id="registers never"),
        pytest.param(["--db", "db", "--host", "0.0.0.0"], id="another address"),  # noqa: S104  refused
    ],
)
def test_wrong_usage_is_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)

    assert sandbox_command(*arguments).returncode == 2
    assert list(tmp_path.iterdir()) == []


def sqlite_of_another_program(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE numbers (id INTEGER)")
    database.close()


def text(file: Path) -> None:
    file.write_text("the plan for next year, all of it, in plain text; " * 100)


@pytest.mark.parametrize("make", [sqlite_of_another_program, text])
def test_a_file_of_another_program_is_refused_and_not_touched(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    file = tmp_path / "other.db"
    make(file)
    before = file.read_bytes()

    done = sandbox_command("--port", "0", "--db", file)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {file}: ")
    assert done.stderr.count("\n") == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_a_database_in_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = sandbox_command("--port", "0", "--db", tmp_path / "absent" / "db")

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "absent" in done.stderr


def test_a_database_in_use_is_refused(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        done = sandbox_command("--port", "0", "--db", server.database)

        assert (done.returncode, done.stderr) == (1, f"Error: {server.database}: in use by another process\n")
        assert put(server, 12025550100).status_code == 200


def test_the_account_outlives_the_process(tmp_path: Path) -> None:
    server = SandboxServer(tmp_path)
    with server:
        api_of(server).call("PUT", "/ate", ATE)
        server.seed(
            {
                "type": "sipuri",
                "number": "12025550101",
                "host": "h",
                "forwarding": {"type": "sip", "sip_id": 4, "cli_type": "N"},
            }
        )
        server.remove(102)
        before = [{**number, "registered": True} for number in server.account()]
    with server:
        assert [{**number, "registered": True} for number in server.account()] == before
        assert server.secret_matches("12025550100", "canary-secret")
        put(server, 12025550102)
        assert api_of(server).ids() == {"12025550100": 101, "12025550102": 103}


@pytest.mark.parametrize("answered_before_the_kill", [1, 40, 200])
def test_kill_9_loses_no_answered_write(tmp_path: Path, answered_before_the_kill: int) -> None:
    server = SandboxServer(tmp_path).start()
    answered: set[str] = set()
    sent: set[str] = set()

    def write(first: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.headers.update(HEADERS | {"Authorization": f"Bearer {server.token}"})
            for number in range(first, first + 100_000):
                sent.add(str(number))
                body = {"host": "h", "number": number}
                try:
                    answer = session.put(f"{server.url}/api/v1/number/external/sipuri", json=body, timeout=10)
                except requests.RequestException:
                    return
                assert answer.json() == {"success": True}
                answered.add(str(number))

    writers = [threading.Thread(target=write, args=(first * 100_000,)) for first in range(1, 5)]
    try:
        for writer in writers:
            writer.start()
        while len(answered) < answered_before_the_kill:
            time.sleep(0.001)
    finally:
        server.kill()
    for writer in writers:
        writer.join()
    with server:
        kept = {number["number"] for number in server.account()}
        logged = {str(entry["body"]["number"]) for entry in server.requests()}

    assert answered <= kept <= sent
    assert kept == logged


def test_a_full_disk_is_an_error_and_never_a_success(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        put(server, 12025550100)
        used = max(path.stat().st_size for path in tmp_path.iterdir())
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (used, hard))
        number = 12025550100
        while (answer := put(server, number := number + 1)).status_code == 200:
            assert number < 12025550199, "the limit had no effect"

        assert answer.status_code == 500
        assert answer.json()["message"].startswith("the sandbox's database failed: ")
        kept = [stored["number"] for stored in server.account()]
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))
        assert [stored["number"] for stored in server.account()] == kept
        assert str(number) not in kept
        assert put(server, number).json() == {"success": True}
    with server:
        assert [stored["number"] for stored in server.account()] == [*kept, str(number)]


def test_no_file_and_no_output_holds_the_token_or_a_sip_password(tmp_path: Path) -> None:
    with SandboxServer(tmp_path) as server:
        api = api_of(server)
        api.call("PUT", "/ate", ATE)
        api.call("PATCH", "/ate/101", ATE)
        api.call("PUT", "/ate", {**ATE, "port": "5060"})
        api.call("PUT", "/ate", {"nested": [{"Secret": "canary-secret"}]})
        api.call("PUT", "/ate", raw='{"secret": "canary-secret"')
        api.call("PUT", "/ate", {"login": server.token})
        api.call("GET", f"/{server.token}?{server.token}")
        server.seed({**ATE, "type": "ate", "number": "12025550101"})
        server.edit(101, secret="canary-secret")
        assert server.secret_matches("12025550100", "canary-secret")
        server.kill()

    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"canary-secret" not in content, file
        assert server.token.encode() not in content, file


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_and_ends_where_the_event_loop_takes_no_signals(
    tmp_path: Path, sign: signal.Signals
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import asyncio\n"
        "def refuse(*_: object) -> None:\n"
        "    raise NotImplementedError\n"
        "asyncio.SelectorEventLoop.add_signal_handler = refuse\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "pulumi_plusofon.sandbox", "--port", "0", "--db", tmp_path / "account.db"],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PLUSOFON_TOKEN": "token"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("plusofon sandbox: http://")
    process.send_signal(sign)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0


def test_the_ready_file_is_there_whole_once_requests_are_answered(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, makes_token=True) as server:
        file = tmp_path / "sandbox.ready"
        assert json.loads(file.read_text()) == {
            "url": server.url,
            "pid": server.pid,
            "token": server.token,
        }
        # It may hold the token.
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert server.account() == []


def test_a_ready_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SandboxError) as caught:
        SandboxServer(tmp_path, "--ready-file", str(tmp_path / "nowhere" / "ready")).start()
    assert str(caught.value).splitlines()[1:] == [
        f"Error: {tmp_path}/nowhere/ready: No such file or directory"
    ]
