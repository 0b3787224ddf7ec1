"""Shards of a fleet at once, on one state store, and the pipelines that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from harness.engine_stack import held_account
from harness.state_store import StateStore
from support.fleet_runs import FleetRuns
from support.pipelines import fleet_github, fleet_kubernetes, run
from support.repository import ROOT, Clone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NORTH = {"447700900141"}
SOUTH = {"447700900142", "447700900143"}
CUSTOMERS = ("NORTH_", "SOUTH_")
pytestmark = [pytest.mark.rest, pytest.mark.timeout(900)]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[FleetRuns]:
    """A fleet whose customers' accounts are empty."""
    fleet = FleetRuns(tmp_path)
    try:
        fleet.start()
        yield fleet
        assert fleet.in_clear() == []
    finally:
        fleet.stop()


def _held(fleet: FleetRuns) -> dict[str, set[str]]:
    return {name: set(held_account(sandbox)) for name, sandbox in fleet.sandboxes.items()}


def test_two_shards_at_once_on_one_store_do_each_customer_once(fleet: FleetRuns, tmp_path: Path) -> None:
    with StateStore(tmp_path) as store:
        fleet.environment |= store.environment
        for sandbox in fleet.sandboxes.values():
            # Both are at work before either can end.
            sandbox.settings(latency=1)
        # A shard needs no variable of a customer that another one has.
        runs = [
            fleet.begin("--shard", "1/2", NORTH_TOKEN="", NORTH_SIP_PASSWORD=""),
            fleet.begin("--shard", "2/2", SOUTH_TOKEN=""),
        ]
        south, north = (fleet.end(run, 0) for run in runs)
        assert [sorted(shard) for shard in (south, north)] == [["south"], ["north"]]
        assert {result["outcome"] for shard in (south, north) for result in shard.values()} == {"rolled out"}
        assert "shard 1/2: 1 customers" in fleet.said
        times = [[request["time"] for request in sandbox.requests()] for sandbox in fleet.sandboxes.values()]
        assert max(map(min, times)) < min(map(max, times)), "they were at work at the same time"
        assert _held(fleet) == {"north": NORTH, "south": SOUTH}

        for sandbox in fleet.sandboxes.values():
            sandbox.settings(latency=0)
            sandbox.clear_requests()
        assert fleet.outcomes("--shard", "2/2") == {"north": "as declared"}
        assert fleet.outcomes() == {"north": "as declared", "south": "as declared"}
        assert [request for sandbox in fleet.sandboxes.values() for request in sandbox.requests()] == []
        held = store.objects()
        assert store.locks() == []
        canaries = [
            fleet.environment["NORTH_SIP_PASSWORD"],
            *(sandbox.token for sandbox in fleet.sandboxes.values()),
        ]
        assert [key for key, text in held.items() if any(canary in text for canary in canaries)] == []


def test_the_pipelines_of_a_fleet_roll_out_every_customer(fleet: FleetRuns, tmp_path: Path) -> None:
    clone = Clone(tmp_path / "clone" / "fleet", is_set_up=True)
    variables = {name: text for name, text in fleet.environment.items() if name.startswith(CUSTOMERS)}
    runner = {name: text for name, text in fleet.environment.items() if name not in variables}
    shared = {name: fleet.environment[name] for name in ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE")}
    jobs = fleet_github(
        {
            **shared,
            "FLEET_FILE": "examples/fleet/fleet.yaml",
            "FLEET_VARIABLES": "\n".join(f"{name}='{value}'" for name, value in variables.items()),
        }
    )
    assert list(jobs) == ["1/4", "2/4", "3/4", "4/4"]
    done = {shard: run(job, clone.folder, runner) for shard, job in jobs.items()}
    assert {shard: run.status for shard, run in done.items()} == dict.fromkeys(jobs, 0), done
    fleet.said += "".join(run.text for run in done.values())
    rolled_out = {shard: run.text.count(": rolled out") for shard, run in done.items()}
    assert rolled_out == {"1/4": 1, "2/4": 0, "3/4": 1, "4/4": 0}
    assert _held(fleet) == {"north": NORTH, "south": SOUTH}

    for sandbox in fleet.sandboxes.values():
        sandbox.clear_requests()
    pods = fleet_kubernetes({**variables, **shared})
    for index, pod in pods.items():
        pod.environment["FLEET_FILE"] = str(fleet.file)
        ran = run(pod, clone.folder, runner)
        assert ran.status == 0, ran.text
        fleet.said += ran.text
        assert f"shard {int(index) + 1}/4: " in ran.text
    assert fleet.said.count(": as declared") == 2
    assert [request for sandbox in fleet.sandboxes.values() for request in sandbox.requests()] == []

    # What the declaration has wrong ends the whole Job.
    fleet.file.write_text("customers: 9")
    spec = yaml.safe_load((ROOT / "docs" / "pipelines" / "fleet-kubernetes.yaml").read_text())["spec"]
    [rule] = spec["podFailurePolicy"]["rules"]
    wrong = run(pods["0"], clone.folder, runner)
    assert rule["action"] == "FailJob"
    assert rule["onExitCodes"]["values"] == [wrong.status]
    assert spec["completionMode"] == "Indexed"
