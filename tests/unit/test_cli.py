"""The `plusofon` command: for people a table, for machines JSON, for scripts an exit status."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from pulumi_plusofon.api import Client
from pulumi_plusofon.command.main import main
from support.subcommands import subcommands
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.clock import Clock

ONE = {
    "id": 101,
    "type": "АТС",
    "number": "79104445566",
    "source": "21201588169353@sip.plusofon.ru",
    "customer_id": 42291,
    "status": False,
}
TWO = {"type": "SIP-URI", "number": "79104445567", "source": "[red]sip[/red]", "host": "4229@ext.plusofon.ru"}
LIST = Answer(body={"external_numbers": [ONE, TWO], "success": True})
REGISTERED = {"login": "111", "status": "OK", "date": "2021-02-10 00:00:00"}
STATUSES = Answer(body={"status": [REGISTERED], "success": True})
COMMANDS = [["numbers"], ["numbers", "--json"], ["status", "111"], ["status", "111", "--json"]]


@pytest.fixture
def plusofon(wire: Wire, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Callable[..., Result]:
    """The command, with the server of this test and a token in its environment."""
    assert clock.slept == []
    monkeypatch.setenv("PLUSOFON_TOKEN", TOKEN)
    monkeypatch.setenv("PLUSOFON_BASE_URL", wire.url)
    monkeypatch.setenv("PLUSOFON_MAX_RETRIES", "0")
    return lambda *words: CliRunner().invoke(main, list(words))


def test_numbers_are_plain_columns_in_a_pipe(plusofon: Callable[..., Result], wire: Wire) -> None:
    wire.script(LIST)
    result = plusofon("numbers")
    assert result.exit_code == 0
    heading, first, second = result.stdout.splitlines()
    assert heading.split("  ")[0].strip() == "id"
    assert first.split() == ["101", "+79104445566", "ate", "no", "21201588169353@sip.plusofon.ru", "-"]
    assert second.split() == ["-", "+79104445567", "sipuri", "-", "[red]sip[/red]", "4229@ext.plusofon.ru"]


def test_a_servers_text_acts_on_no_terminal(plusofon: Callable[..., Result], wire: Wire) -> None:
    odd = {"type": "ate\x1b[2J", "number": "79104445566\n", "host": "x"}
    source = {"type": "ate", "number": "79104445567", "source": "a\x1b]0;yours\x07b\nc"}
    wire.script(Answer(body={"external_numbers": [odd, source], "success": True}))
    lines = plusofon("numbers").stdout.splitlines()
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("answer", [LIST, refusal(401, "no")])
def test_the_command_leaves_no_connection_open(
    plusofon: Callable[..., Result], wire: Wire, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    closed: list[Client] = []
    close = Client.close

    def noted(client: Client) -> None:
        closed.append(client)
        close(client)

    monkeypatch.setattr(Client, "close", noted)
    wire.script(answer)
    plusofon("numbers")
    assert len(closed) == len(wire.asked) == 1


def test_numbers_are_values_in_json(plusofon: Callable[..., Result], wire: Wire) -> None:
    wire.script(LIST)
    result = plusofon("numbers", "--json")
    assert result.exit_code == 0
    first, second = json.loads(result.stdout)
    assert first == {
        "id": 101,
        "number": "79104445566",
        "e164": "+79104445566",
        "type": "ate",
        "registered": False,
        "source": "21201588169353@sip.plusofon.ru",
        "inbound_uri": None,
    }
    assert (second["id"], second["registered"]) == (None, None)


def test_an_empty_account_is_no_failure(plusofon: Callable[..., Result], wire: Wire) -> None:
    wire.script(Answer(body={"external_numbers": [], "success": True}))
    assert plusofon("numbers").exit_code == 0
    assert json.loads(plusofon("numbers", "--json").stdout) == []


def test_registrations_are_a_table(plusofon: Callable[..., Result], wire: Wire) -> None:
    wire.script(STATUSES)
    result = plusofon("status", "111")
    assert result.exit_code == 0
    heading, row = result.stdout.splitlines()
    assert heading.split() == ["login", "status", "date", "age"]
    assert row.split()[:4] == ["111", "OK", "2021-02-10", "00:00:00"]
    assert re.fullmatch(r"[0-9]{4,} d( [0-9]+ h)?", " ".join(row.split()[4:]))
    assert wire.asked[0].json == {"logins": ["111"]}


def test_registrations_are_values_in_json(plusofon: Callable[..., Result], wire: Wire) -> None:
    wire.script(STATUSES)
    result = plusofon("status", "--json")
    [row] = json.loads(result.stdout)
    assert row.pop("age_seconds") > 86_400 * 365 * 5
    assert row == REGISTERED


def test_a_login_that_the_account_does_not_know_is_a_failure_that_names_it(
    plusofon: Callable[..., Result], wire: Wire
) -> None:
    wire.script(STATUSES)
    result = plusofon("status", "222", "111", "333")
    assert result.exit_code == 1
    assert "111" in result.stdout
    assert result.stderr == "Error: the account knows no login 222, 333\n"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_failure_is_one_line_on_stderr_and_status_1(
    plusofon: Callable[..., Result], wire: Wire, words: list[str]
) -> None:
    wire.script(refusal(401, f"bad token {TOKEN}"))
    result = plusofon(*words)
    assert result.exit_code == 1
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "HTTP 401: bad token [secret]" in line


@pytest.mark.parametrize("words", COMMANDS)
def test_a_missing_token_is_one_line_and_status_1(
    plusofon: Callable[..., Result], wire: Wire, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    result = plusofon(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert line == "Error: PLUSOFON_TOKEN: missing; set it to the account's token"
    assert "PLUSOFON_TOKEN" in line
    assert wire.asked == []


@pytest.mark.parametrize("words", [["nmbers"], ["numbers", "--yaml"], ["numbers", "79104445566"]])
def test_wrong_usage_is_status_2_and_asks_nothing(
    plusofon: Callable[..., Result], wire: Wire, words: list[str]
) -> None:
    result = plusofon(*words)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    assert wire.asked == []


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["numbers", "--help"], ["--version"]])
def test_help_needs_no_token(words: list[str]) -> None:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0
    assert result.stdout


def test_no_option_takes_a_token() -> None:
    # What stands in argv is read by every user of the machine.
    options = {
        word for command in subcommands().values() for option in command.params for word in option.opts
    }
    assert "--token" not in options


def test_the_help_of_the_group_has_the_first_sentence_of_each_subcommand() -> None:
    written = CliRunner().invoke(main, ["-h"]).stdout
    joined = " ".join(written.split())
    for name, command in subcommands().items():
        first_sentence = (command.help or "").partition("\n\n")[0].strip()
        assert f"{name} {' '.join(first_sentence.split())}" in joined
