"""The fleet example: one declaration over many stacks, and going on where it stopped."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import held_account, sent
from support.crash_recovery import kill_with_all_it_started
from support.fleet_runs import FLEET, FleetRuns
from support.repository import ROOT, Clone
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "fleet.md").read_text()
OFFICE = "447700900141"
NORTH = {OFFICE}
SOUTH = {"447700900142", "447700900143"}
CANARY = "canary-Zq7-not-to-be-repeated"
pytestmark = pytest.mark.rest


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[FleetRuns]:
    """A fleet whose customers' accounts are empty, searched for secrets in clear at the end."""
    fleet = FleetRuns(tmp_path)
    try:
        fleet.start()
        yield fleet
        assert fleet.commands.read_text()
        assert fleet.in_clear() == []
    finally:
        fleet.stop()


def _held(fleet: FleetRuns) -> dict[str, set[str]]:
    return {name: set(held_account(sandbox)) for name, sandbox in fleet.sandboxes.items()}


def _other_host(customer: dict[str, Any]) -> None:
    customer["numbers"][1]["host"] = "fax-2.operator.example"


def test_a_fleet_rolls_out_what_it_can_and_goes_on_where_it_stopped(fleet: FleetRuns) -> None:
    results = fleet.run(status=1, SOUTH_TOKEN=CANARY)
    assert {name: result["outcome"] for name, result in results.items()} == {
        "north": "rolled out",
        "south": "failed",
    }
    assert "HTTP 401" in results["south"]["problem"]
    assert shows_no_traceback(fleet.said), "a run that failed leaves nothing that Python complains of"
    assert CANARY not in fleet.said
    assert _held(fleet) == {"north": NORTH, "south": set()}

    for sandbox in fleet.sandboxes.values():
        sandbox.clear_requests()
    assert fleet.outcomes() == {"north": "as declared", "south": "rolled out"}
    assert sent(fleet.sandboxes["north"]) == []
    assert _held(fleet) == {"north": NORTH, "south": SOUTH}

    fleet.environment["NORTH_SIP_PASSWORD"] += "-2"
    results = fleet.run()
    assert results["north"]["changes"] == {"same": 2, "update": 1}, "a new SIP password is a new declaration"
    assert results["south"]["outcome"] == "as declared"
    assert fleet.sandboxes["north"].secret_matches(OFFICE, fleet.environment["NORTH_SIP_PASSWORD"])
    assert _in_a_terminal(fleet).count("as declared") == 4

    north = fleet.sandboxes["north"]
    fleet.sandboxes["south"].remove(next(entry["id"] for entry in fleet.sandboxes["south"].account()))
    results = fleet.run("--all", status=1, SOUTH_TOKEN=north.token, SOUTH_URL=north.url)
    assert {name: result["outcome"] for name, result in results.items()} == {
        "north": "rolled out",
        "south": "failed",
    }
    assert "the token is account 42291's" in results["south"]["problem"]
    assert fleet.outcomes() == {"north": "as declared", "south": "rolled out"}, (
        "not with the token in the state"
    )
    assert _held(fleet) == {"north": NORTH, "south": SOUTH}


def test_a_fleet_asks_the_rules_before_anything_is_sent(fleet: FleetRuns) -> None:
    fleet.declare(_premium_rate)
    results = fleet.run(status=1)
    assert {name: result["outcome"] for name, result in results.items()} == {
        "north": "rolled out",
        "south": "failed",
    }
    assert "no-premium-rate-destination: Calls never go to" in results["south"]["problem"]
    assert "forwarding-destination-allowed" in results["south"]["problem"]
    assert _held(fleet) == {"north": NORTH, "south": set()}
    assert [request for request in sent(fleet.sandboxes["south"]) if not request.startswith("GET")] == []

    settings = fleet.folder / "rules.json"
    settings.write_text('{"forwarding-destination-allowed": {"allowedCountries": ["RU", "GB"]}}')
    problem = fleet.run("--policy-pack-config", str(settings), status=1)["south"]["problem"]
    assert "no-premium-rate-destination" in problem
    assert "forwarding-destination-allowed" not in problem


def _premium_rate(customer: dict[str, Any]) -> None:
    customer["numbers"][0]["forward"] = {
        "type": "number",
        "destination_number": "+44 909 879 0123",
        "cli_type": "N",
    }


def _in_a_terminal(fleet: FleetRuns) -> str:
    """What a run that finds nothing to do shows on a terminal: lines, bars and the table."""
    master, terminal = pty.openpty()
    with os.fdopen(master, "rb", 0) as screen:
        run = subprocess.Popen(
            [sys.executable, str(FLEET / "fleet.py"), str(fleet.file)],
            env={**fleet.environment, "TERM": "xterm", "COLUMNS": "120"},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
        )
        os.close(terminal)
        shown = b""
        # Linux tells the end of a terminal by an error, others by nothing more to read.
        try:
            while part := screen.read(4096):
                shown += part
        except OSError:
            assert run.wait() == 0
    assert run.wait() == 0
    text = shown.decode()
    assert re.search("customers .*\N{BOX DRAWINGS HEAVY HORIZONTAL}+.*2/2", text)
    return text


def test_ctrl_c_saves_what_is_under_way_and_leaves_the_rest(fleet: FleetRuns) -> None:
    fleet.sandboxes["north"].fault("slow", "connect", seconds=2)
    run = fleet.begin("--parallel", "1")
    fleet.until_at_work("north")
    os.killpg(run.pid, signal.SIGINT)
    results = fleet.end(run, 1)
    assert {name: result["outcome"] for name, result in results.items()} == {
        "north": "cancelled",
        "south": "left",
    }
    assert "nothing else is begun" in fleet.said
    assert shows_no_traceback(fleet.said)
    assert sent(fleet.sandboxes["south"]) == []
    assert _held(fleet) == {"north": NORTH, "south": set()}
    assert fleet.outcomes() == {"north": "rolled out", "south": "rolled out"}
    assert held_account(fleet.sandboxes["north"])[OFFICE]["forwarding"]
    assert [request for request in sent(fleet.sandboxes["north"]) if request.startswith("PUT")] == ["PUT ate"]


def test_changes_of_a_killed_run_do_not_count_as_rolled_out(fleet: FleetRuns) -> None:
    assert set(fleet.outcomes().values()) == {"rolled out"}
    before = fleet.file.read_text()
    declared = held_account(fleet.sandboxes["south"])
    fleet.declare(_other_host)
    fleet.sandboxes["south"].fault("slow", "update", seconds=2)
    run = fleet.begin()
    fleet.until_at_work("south")
    kill_with_all_it_started(run)
    fleet.end(run, -signal.SIGKILL)
    fleet.file.write_text(before)
    results = fleet.run(status=1)
    assert results["north"]["outcome"] == "as declared"
    assert "currently locked" in results["south"]["problem"]
    fleet.pulumi("cancel", "--yes", "--stack", "south")
    assert fleet.outcomes() == {"north": "as declared", "south": "rolled out"}
    assert held_account(fleet.sandboxes["south"]) == declared


def test_the_page_does_what_it_says(fleet: FleetRuns, tmp_path: Path) -> None:
    clone = Clone(tmp_path / "clone", is_set_up=True)
    blocks = re.findall(r"^```(console|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    commands = [
        line.removeprefix("$ ") for kind, block in blocks for line in block.splitlines() if kind == "console"
    ]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        cwd=clone.folder,
        env=fleet.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    fleet.said += done.stdout
    assert done.returncode == 0, done.stdout
    # Who is done first is a race.
    lines = {re.sub(r"^\[\d/", "[n/", " ".join(line.split())) for line in done.stdout.splitlines()}
    promised = [line for kind, block in blocks for line in block.splitlines() if kind == "text"]
    assert len(promised) > 5
    expected = [re.sub(r"^\[\d/", "[n/", " ".join(line.split())) for line in promised]
    assert [line for line in expected if line not in lines] == []
    assert _held(fleet) == {"north": NORTH, "south": set()}, "the page destroys south at its end"
