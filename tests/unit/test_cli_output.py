"""The command's output on narrow screens, in poor encodings, on full disks: no number is ever cut."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.command.output.tables import as_table
from unit.wire import TOKEN, Answer, Wire

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("id", "number", "type", "source", "inbound_uri")
ROW: dict[str, Any] = {
    "id": 101,
    "number": "447700900123",
    "type": "ate",
    "source": "21201588169353@sip.a-long-name-of-an-operator.example",
    "inbound_uri": "42291447700900123@ext.plusofon.ru",
}
LIST = Answer(
    body={
        "external_numbers": [
            {"id": 101, "type": "АТС", "number": "447700900123", "source": "касса \U0001f600@sip.example"}
        ],
        "success": True,
    }
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [20, 60, 80, 100, 130, 200])
@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_no_value_is_cut_or_broken_at_any_width(
    columns: int, kind: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    screen = kind()
    as_table("External numbers", [ROW], COLUMNS, screen)
    (line,) = [line for line in screen.getvalue().splitlines() if "447700900123 " in line]
    assert all(str(value) in line for value in ROW.values())
    assert ("╭" in screen.getvalue()) is (kind is Terminal and columns >= 130)


def test_a_value_longer_than_any_screen_is_whole_in_a_pipe() -> None:
    pipe = io.StringIO()
    as_table("External numbers", [{**ROW, "source": "x" * 5000}], COLUMNS, pipe)
    assert "x" * 5000 in pipe.getvalue()


def run(
    wire: Wire, *words: str, output: str | Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    settings = {"PLUSOFON_TOKEN": TOKEN, "PLUSOFON_BASE_URL": wire.url, "PLUSOFON_MAX_RETRIES": "0"}
    with open(output or os.devnull, "wb") as file:  # noqa: PTH123 - a device
        return subprocess.run(
            [sys.executable, "-m", "pulumi_plusofon", *words],
            env={**os.environ, **settings, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file if output else subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )


@pytest.mark.parametrize("encoding", ["ascii", "koi8-r", "utf-8"])
@pytest.mark.parametrize("words", [("numbers",), ("numbers", "--json")])
def test_any_encoding_shows_the_number_and_the_address(
    wire: Wire, encoding: str, words: tuple[str, ...]
) -> None:
    wire.script(LIST)
    done = run(wire, *words, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode(encoding)
    assert "447700900123" in said
    assert "@sip.example" in said
    if "--json" in words:
        assert json.loads(said)[0]["source"] == "касса \U0001f600@sip.example"


@pytest.mark.parametrize("words", [("numbers",), ("numbers", "--json"), ("--help",), ("--version",)])
def test_a_full_disk_under_the_output_is_one_line(wire: Wire, words: tuple[str, ...]) -> None:
    wire.script(LIST)
    done = run(wire, *words, output="/dev/full")
    assert done.returncode == 1
    assert done.stderr == b"plusofon: No space left on device\n"
