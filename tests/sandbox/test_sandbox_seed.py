"""An account filled at the start: targets, odd entries, a copy of another account, and old databases."""

from __future__ import annotations

import json
import shlex
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.sandbox.state.store import Store
from pulumi_plusofon.testing import SandboxError, SandboxServer
from support.sandbox_command import sandbox_command
from support.vendor_api import Api

if TYPE_CHECKING:
    from pathlib import Path

ODD = {"number": "447700900119", "type": "fax", "source": "somewhere"}
SEED: dict[str, Any] = {
    "customer_id": 42299,
    "numbers": [
        {"id": 7, "type": "ate", "number": "447700900101", "host": "h", "port": 5060, "login": "1"},
        {"id": 3, "type": "sipuri", "number": "447700900102", "host": "h", "registered": False},
    ],
    "targets": {"group": [{"id": 9, "name": "Support"}]},
    "entries": [ODD, {"number": 12, "type": None}],
}
# The tables of a database of version 1.
VERSION_1 = """
CREATE TABLE numbers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, number TEXT NOT NULL UNIQUE, host TEXT NOT NULL,
    port INTEGER, login TEXT, secret_digest BLOB, changed_at REAL NOT NULL, registers_at REAL
);
CREATE TABLE forwardings (
    number_id INTEGER PRIMARY KEY REFERENCES numbers (id) ON DELETE CASCADE, body TEXT NOT NULL
);
CREATE TABLE requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    operation TEXT, body TEXT, status INTEGER, fault TEXT, wrote INTEGER NOT NULL
);
CREATE TABLE digest_key (key BLOB NOT NULL);
INSERT INTO digest_key VALUES (x'00');
INSERT INTO numbers VALUES (101, 'sipuri', '447700900101', 'h', NULL, NULL, NULL, 1.0, NULL);
INSERT INTO forwardings VALUES (101, '{"type": "group", "group_id": 9, "cli_type": "Y"}');
PRAGMA application_id = 0x504C5346;
PRAGMA user_version = 1;
"""


def listed(server: SandboxServer) -> list[dict[str, Any]]:
    numbers: list[dict[str, Any]] = Api(server.url, server.token).call("GET").json()["external_numbers"]
    return numbers


def refused(tmp_path: Path, *options: str | Path) -> str:
    """The one line that the command ends with; the account of the folder has nothing then."""
    database = tmp_path / "account.db"
    done = sandbox_command("--port", "0", "--db", database, *options)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    store = Store(database)
    assert store.numbers() == []
    store.close()
    return line


def seeded(tmp_path: Path, seed: Any = None) -> Path:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED if seed is None else seed))
    return file


def test_a_new_account_has_what_its_seed_says_and_keeps_it(tmp_path: Path) -> None:
    server = SandboxServer(tmp_path, "--seed", str(seeded(tmp_path)))
    with server:
        numbers = listed(server)
        assert [entry.get("id") for entry in numbers] == [3, 7, None, None]
        assert numbers[0]["customer_id"] == 42299
        assert (numbers[1]["source"], numbers[1]["status"]) == ("1@h", True)
        assert numbers[2:] == SEED["entries"]
        assert "2 numbers from" in server.output
        assert "it knows no SIP password of them" in server.output
        assert not server.secret_matches("447700900101", "unknown")
        server.remove(3)
    with server:
        assert [entry.get("id") for entry in listed(server)] == [7, None, None]
        assert listed(server)[0]["customer_id"] == 42299
        assert "was not used again" in server.output


def test_the_commands_own_customer_id_wins(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, "--seed", str(seeded(tmp_path)), "--customer-id", "5") as server:
        assert listed(server)[0]["customer_id"] == 5


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ('{\n "numbers": [,]}', "not JSON, line 2, column 14"),
        ('{"entries": [{"number": NaN}]}', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "body: "),
        ('{"colour": 1}', "colour: not allowed"),
        (
            '{"numbers": [{"type": "ate", "number": "447700900101", "host": "h", "port": 1}]}',
            "numbers.0: login: required",
        ),
        ('{"targets": {"sip": [{"id": 4, "name": "\\ud800"}]}}', "targets.sip.0.name: "),
        ('{"numbers": [{"id": 9223372036854775807}]}', "numbers.0.id: "),
        ('{"targets": {"fax": []}}', "targets.fax"),
    ],
)
def test_a_bad_seed_is_one_line_with_the_place_and_leaves_nothing(
    tmp_path: Path, content: str, error: str
) -> None:
    file = tmp_path / "seed.json"
    file.write_text(content)
    line = refused(tmp_path, "--seed", file)
    assert line.startswith(f"Error: {file}: ")
    assert error in line


def test_a_seed_on_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    numbers = [{"type": "sipuri", "number": str(447700900000 + n), "host": "h" * 2000} for n in range(900)]
    file = seeded(tmp_path, {"numbers": numbers})
    sandbox = f"{shlex.quote(sys.executable)} -m pulumi_plusofon.sandbox --port 0 --db account.db"
    done = subprocess.run(
        ["sh", "-c", f"ulimit -f 256; exec {sandbox} --seed {file.name}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("Error: account.db: ")
    with SandboxServer(tmp_path) as server:
        assert listed(server) == []


def test_a_seed_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "absent.json"
    assert refused(tmp_path, "--seed", file) == f"Error: {file}: No such file or directory"


@pytest.mark.parametrize(
    "second",
    [
        {"numbers": [{**SEED["numbers"][1], "id": 7, "number": "447700900103"}]},
        {"numbers": [SEED["numbers"][1], SEED["numbers"][1]]},
        {"targets": {"sip": [{"id": 4, "name": "a"}, {"id": 4, "name": "b"}]}},
        {"targets": {"sip": [{"id": 4, "name": "a"}]}, "numbers": [{"type": "ate"}]},
        {
            "numbers": [SEED["numbers"][1]],
            "targets": {"sip": [{"id": 4, "name": "a"}, {"id": 4, "name": "b"}]},
            "entries": [ODD],
            "customer_id": 5,
        },
    ],
)
def test_a_seed_that_is_refused_adds_nothing(sandbox: SandboxServer, second: dict[str, Any]) -> None:
    sandbox.seed(SEED["numbers"][0])
    before = sandbox.control("GET", "account")
    with pytest.raises(SandboxError, match="400"):
        sandbox.control("POST", "seed", second)
    assert sandbox.control("GET", "account") == before
    assert sandbox.settings()["customer_id"] == 42291


def test_targets_are_renamed_and_removed(sandbox: SandboxServer) -> None:
    sandbox.seed_targets(group=[{"id": 9, "name": "Support"}, {"id": 10, "name": "Support"}])
    sandbox.rename_target("group", 9, "Help")
    sandbox.remove_target("group", 10)
    assert sandbox.targets()["group"] == [{"id": 9, "name": "Help", "number": None, "login": None}]
    for path in ("targets/group/10", "targets/sip/9", "targets/fax/9", f"targets/group/{2**70}"):
        for method in ("PATCH", "DELETE"):
            with pytest.raises(SandboxError, match="404"):
                sandbox.control(method, path, {"name": "x"})


@pytest.mark.parametrize("number", ["447700900119", "+44 7700 900119", 447700900119])
def test_a_number_that_an_odd_entry_has_is_connected_already(
    sandbox: SandboxServer, number: str | int
) -> None:
    odd = {**ODD, "number": number}
    sandbox.seed_entries(odd)
    assert sandbox.control("GET", "account")["entries"] == [odd]
    answer = Api(sandbox.url, sandbox.token).call("PUT", "/sipuri", {"host": "h", "number": 447700900119})
    assert answer.status_code == 400
    assert "already connected" in answer.text


def test_a_database_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "account.db")
    database.executescript(VERSION_1)
    database.close()
    with SandboxServer(tmp_path) as server:
        assert [entry["id"] for entry in listed(server)] == [101]
        assert server.account()[0]["forwarding"] == {"type": "group", "group_id": 9, "cli_type": "Y"}
        server.seed_targets(group=[{"id": 9, "name": "Support"}])
    with SandboxServer(tmp_path) as server:
        assert server.targets()["group"][0]["name"] == "Support"


def test_a_database_of_a_later_version_is_refused_untouched(tmp_path: Path) -> None:
    file = tmp_path / "db"
    database = sqlite3.connect(file)
    database.executescript(VERSION_1 + "PRAGMA user_version = 99;")
    database.close()
    before = file.read_bytes()
    assert sandbox_command("--port", "0", "--db", file).returncode == 1
    assert file.read_bytes() == before
