"""A copy of an account: what it has, and that a sandbox which starts from it lists the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.api import Client, Connection, ListedNumber, Target
from pulumi_plusofon.command.export.seed import copy_of
from pulumi_plusofon.command.main import main
from pulumi_plusofon.command.options import ask
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.sandbox.seeding import Seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

NUMBERS: list[dict[str, Any]] = [
    {
        "id": 501,
        "type": "ate",
        "number": "447700900131",
        "host": "sip.operator.example",
        "port": 5070,
        "login": "u",
        "secret": "theirs",
    },
    {
        "id": 502,
        "type": "ate",
        "number": "447700900132",
        "host": "sip.operator.example:5070",
        "port": 5060,
        "login": "v",
        "secret": "theirs",
        "registered": False,
    },
    {
        "id": 503,
        "type": "sipuri",
        "number": "447700900133",
        "host": "A.operator.example,b.operator.example",
        "forwarding": {"type": "group", "group_id": 9, "cli_type": "Y"},
    },
]
ODD: list[dict[str, Any]] = [
    {"id": 504, "type": "fax", "number": "447700900134", "customer_id": 42291},
    {"type": "SIP-URI", "number": "447700900135", "source": "h.example", "customer_id": 42291},
    {"id": 506, "type": "АТС", "number": "447700900136", "source": "21201588169353", "customer_id": 42291},
    {"id": 501, "type": "SIP-URI", "number": "447700900137", "source": "h.example", "customer_id": 42291},
    {"id": 508, "type": "SIP-URI", "number": "0123", "source": "h.example", "customer_id": 42291},
    {"id": 2**60, "type": "SIP-URI", "number": "447700900138", "source": "h.example", "customer_id": 42291},
]
OF_THE_COPY = 1_000_000_042_291
TARGETS: dict[str, list[dict[str, Any]]] = {
    "group": [{"id": 9, "name": "Support", "number": "200"}],
    "sip": [{"id": 4, "name": "Анна", "number": "101", "login": "anna"}],
}


@pytest.fixture
def export(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """The command in a folder of its own, with an account of numbers, odd entries and targets."""
    for name, value in {"TOKEN": sandbox.token, "BASE_URL": sandbox.url, "MAX_RETRIES": "0"}.items():
        monkeypatch.setenv(f"PLUSOFON_{name}", value)
    monkeypatch.chdir(tmp_path)
    sandbox.seed_targets(**TARGETS)
    sandbox.seed(*NUMBERS)
    sandbox.seed_entries(*ODD)
    sandbox.clear_requests()
    return lambda *words: CliRunner().invoke(main, ["export", *words])


def listed(sandbox: SandboxServer) -> list[ListedNumber]:
    client = Client(Settings(sandbox.token, base_url=sandbox.url))
    try:
        return sorted(client.list_numbers(), key=lambda entry: entry.number)
    finally:
        client.close()


def test_a_sandbox_of_a_copy_lists_what_the_account_does(
    export: Callable[..., Result], sandbox: SandboxServer, tmp_path: Path
) -> None:
    before, targets = listed(sandbox), sandbox.targets()
    result = export("copy.json", "--as", "seed")
    assert result.exit_code == 0, result.output
    assert "3 numbers and 6 other entries in copy.json\n" in result.stdout
    assert "no SIP passwords and no forwardings" in result.stdout
    assert {request["method"] for request in sandbox.requests()} == {"GET"}
    file = tmp_path / "copy.json"
    assert file.stat().st_mode & 0o077 == 0
    text = file.read_text("utf-8")
    assert "theirs" not in text
    copy = json.loads(text)
    # An account of its own: what is of the one is not of the other.
    assert copy["customer_id"] == OF_THE_COPY
    sandbox.reset()
    sandbox.control("POST", "seed", copy)
    # An id that cannot be read is not known, so the copy lists that entry without one.
    unreadable = {entry for entry in before if "its id" in (entry.trouble or "")}
    assert {entry.number for entry in unreadable} == {"447700900138"}
    assert [replace(entry, inbound_uri=None) for entry in listed(sandbox)] == [
        replace(
            entry,
            trouble=None if entry in unreadable else entry.trouble,
            customer_id=OF_THE_COPY,
            inbound_uri=None,
        )
        for entry in before
    ]
    assert sandbox.targets() == targets
    assert [entry["forwarding"] for entry in sandbox.account()] == [None] * 3


def test_the_same_account_gives_the_same_copy(export: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    export("copy.json", "--as", "seed")
    before = file.read_bytes()
    file.chmod(0o644)
    result = export("copy.json", "--as", "seed")
    assert (result.exit_code, file.read_bytes()) == (1, before)
    assert "copy.json: exists already, and nothing was written" in result.stderr
    assert export("copy.json", "--as", "seed", "--force").exit_code == 0
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (before, 0o600)


def test_filters_choose_what_is_in_a_copy(export: Callable[..., Result], tmp_path: Path) -> None:
    result = export("copy.json", "--as", "seed", "--match", "*13[13]", "--json")
    assert json.loads(result.stdout) == {"written": ["copy.json"], "numbers": 2, "left_out": []}
    copy = json.loads((tmp_path / "copy.json").read_text("utf-8"))
    assert ([number["id"] for number in copy["numbers"]], copy["entries"]) == ([501, 503], [])
    result = export("none.json", "--as", "seed", "--match", "7*")
    assert (result.exit_code, (tmp_path / "none.json").exists()) == (1, False)
    assert export("x", "--as", "seed", "--names", "y").exit_code == 2


def test_a_list_of_targets_that_fails_is_left_out_with_a_notice(
    export: Callable[..., Result], sandbox: SandboxServer, tmp_path: Path
) -> None:
    sandbox.fault("status", "groups", status=500, times=9)
    result = export("copy.json", "--as", "seed", "--strict")
    assert result.exit_code == 1
    assert "groups" in result.stderr
    assert set(json.loads((tmp_path / "copy.json").read_text("utf-8"))["targets"]) == {
        "sip",
        "scenario",
        "call_queue",
    }


def test_a_command_can_send_nothing_but_gets(export: Callable[..., Result], sandbox: SandboxServer) -> None:
    assert export("ours").exit_code == 0
    connection = Connection("sipuri", "447700900139", "sip.operator.example")
    with pytest.raises(Exception, match="not sent, because of plusofon:readOnly"):
        ask(lambda client: client.connect(connection))
    assert {request["method"] for request in sandbox.requests()} == {"GET"}


TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=20)
ENTRIES = st.builds(
    ListedNumber,
    id=st.none() | st.integers(1, 4) | st.integers(2**52, 2**62),
    type=st.sampled_from(["ate", "sipuri", "fax"]),
    number=st.from_regex("[0-9]{1,17}", fullmatch=True) | st.sampled_from(["447700900131", "447700900132"]),
    source=st.none() | TEXTS | st.sampled_from(["a@b", "a@", "@b", ",", " , a", "a@b:1"]),
    customer_id=st.none() | st.integers(1, 2**62),
    registered=st.none() | st.booleans(),
)
NAMED = st.builds(
    Target,
    id=st.none() | st.integers(1, 3) | st.just(2**60),
    name=TEXTS | st.just("x" * 2000),
    number=st.none() | TEXTS,
    login=st.none(),
)


@given(st.lists(ENTRIES, max_size=8), st.lists(NAMED, max_size=5))
def test_no_account_makes_a_copy_that_the_sandbox_refuses(
    entries: list[ListedNumber], groups: list[Target]
) -> None:
    copy = copy_of(entries, {"group": groups})
    seed = Seed.model_validate(json.loads(json.dumps(copy.content)))
    assert len(seed.numbers) + len(seed.entries) == len(entries)
    assert (
        len({number.id for number in seed.numbers})
        == len({number.number for number in seed.numbers})
        == len(seed.numbers)
    )
    ids = [entry.id for entry in seed.targets["group"]]
    assert len(set(ids)) == len(ids) == len(groups) - len(copy.left_out)
