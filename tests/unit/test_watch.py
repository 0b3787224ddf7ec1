"""`plusofon status --watch` as a process: lines in a pipe, a table in a terminal, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAITING = {"login": "900101", "status": "PENDING", "date": "2026-03-07 08:00:00"}
GOOD = {"login": "900101", "status": "OK", "date": "2026-03-07 08:00:05"}
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"
_SECONDS = 30


def statuses(*entries: dict[str, Any]) -> Answer:
    return Answer(body={"status": list(entries), "success": True})


@pytest.fixture
def start(wire: Wire) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a watch of 900101; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []
    # What a background job of a shell ignores, its children ignore, too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def run(*words: str, output: int = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
        settings = {"PLUSOFON_TOKEN": TOKEN, "PLUSOFON_BASE_URL": wire.url}
        process = subprocess.Popen(
            [sys.executable, "-m", "pulumi_plusofon", "status", "900101", "--watch", "--every", "1", *words],
            env={**os.environ, **settings, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    signal.signal(signal.SIGINT, before)
    for process in started:
        process.kill()
        process.wait()
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()


def lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Its status, and what is left of its output."""
    output, errors = process.communicate(timeout=_SECONDS)
    return process.returncode, output, errors


def test_a_pipe_gets_a_line_for_each_change_and_ctrl_c_is_no_failure(wire: Wire, start: Any) -> None:
    wire.script(statuses(WAITING), statuses(WAITING), refusal(401, "no"), refusal(401, "no"), statuses(GOOD))
    process = start()
    first, failed, last = lines(process, 3)
    process.send_signal(signal.SIGINT)
    assert ended(process) == (0, "", "")
    assert re.fullmatch(rf"{TIME}  900101  PENDING  since 2026-03-07 08:00:00 \(.*\)", first)
    assert re.fullmatch(rf"{TIME}  reading the registration status.*HTTP 401: no.*", failed)
    assert re.fullmatch(rf"{TIME}  900101  OK  since 2026-03-07 08:00:05 \(.*\)", last)
    assert len(wire.asked) >= 5


def test_json_is_one_object_for_each_change(wire: Wire, start: Any) -> None:
    wire.script(statuses(), refusal(500, "broken"), statuses(GOOD))
    process = start("--json")
    missing, failed, good = map(json.loads, lines(process, 3))
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 0
    assert {key: missing[key] for key in ("login", "status", "date", "age_seconds")} == {
        "login": "900101",
        "status": None,
        "date": None,
        "age_seconds": None,
    }
    assert set(failed) == {"time", "error"}
    assert "broken" in failed["error"]
    assert good.pop("age_seconds") >= 0
    assert re.fullmatch(TIME, good.pop("time"))
    assert good == GOOD


def test_a_failed_request_is_shown_at_once_and_not_repeated_before_the_next(wire: Wire, start: Any) -> None:
    wire.script(Answer(503), statuses(GOOD))
    process = start(PLUSOFON_MAX_RETRIES="100")
    failed, good = lines(process, 2)
    assert "503" in failed
    assert "  OK  " in good


def test_the_first_sight_of_an_unregistered_login_ends_the_watch(wire: Wire, start: Any) -> None:
    wire.script(statuses(GOOD), statuses(WAITING))
    status, output, errors = ended(start("--fail-if-unregistered"))
    assert status == 1
    assert [line.split("  ")[2] for line in output.splitlines()] == ["OK", "PENDING"]
    assert errors == "Error: not registered: 900101\n"


def test_an_unknown_login_ends_the_watch_where_that_is_asked_for(wire: Wire, start: Any) -> None:
    wire.script(statuses())
    status, output, errors = ended(start("--fail-if-unregistered"))
    assert (status, errors) == (1, "Error: the account knows no login 900101\n")
    assert output.rstrip().endswith("900101  not known")


def test_a_token_that_is_missing_ends_the_watch_before_it_begins(wire: Wire, start: Any) -> None:
    status, output, errors = ended(start(PLUSOFON_TOKEN=""))
    assert (status, output) == (1, "")
    assert errors == "Error: PLUSOFON_TOKEN: missing; set it to the account's token\n"
    assert wire.asked == []


def test_a_terminal_gets_one_table_that_stays_in_its_place(wire: Wire, start: Any) -> None:
    wire.script(statuses(WAITING), refusal(401, "no"), statuses(GOOD))
    ours, theirs = pty.openpty()
    process = start(output=theirs, TERM="xterm", COLUMNS="100")
    os.close(theirs)
    shown = ""
    deadline = time.monotonic() + _SECONDS
    while "OK" not in shown and time.monotonic() < deadline:
        shown += os.read(ours, 65_536).decode()
    process.send_signal(signal.SIGINT)
    assert process.wait(_SECONDS) == 0
    os.close(ours)
    assert "Registrations (1)" in shown
    assert shown.index("PENDING") < shown.index("the table is of before") < shown.index("OK")
    assert "Ctrl-C ends it" in shown
    assert "HTTP 401" in shown
    # The cursor goes back up to where the table began.
    assert "\x1b[1A" in shown
