"""`plusofon adopt` on the real engine: what the account has comes into the state, and nothing is sent."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import BIN
from support.crash_recovery import alive, kill_with_all_it_started, processes_of, silent
from support.repository import ROOT
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

ENGINE = "pulumi --non-interactive"
GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}


def number(at: int) -> str:
    return f"4477009001{at:02}"


@pytest.fixture
def living(stack: EngineStack, sandbox: SandboxServer) -> Iterator[EngineStack]:
    """An account with numbers of both types that others connected, and a program that declares them."""
    ate = [
        {
            "type": "ate",
            "number": number(at),
            "host": "sip.operator.example",
            "port": 5060,
            "login": f"user{at}",
            "secret": "theirs",
            "forwarding": GROUP,
        }
        for at in range(6)
    ]
    sipuri = [
        {"type": "sipuri", "number": number(at), "host": "a.operator.example,b.operator.example"}
        for at in range(6, 10)
    ]
    sandbox.seed(*ate, *sipuri)
    sandbox.clear_requests()
    stack.declare(declared())
    yield stack
    assert {request["method"] for request in sandbox.requests()} <= {"GET"}


def declared(**changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    spec: dict[str, dict[str, Any]] = {
        f"n{at}": {
            "type": "ate",
            "number": number(at),
            "host": "sip.operator.example",
            "login": f"user{at}",
            "keep_secret": True,
            "forwards": {f"f{at}": GROUP},
        }
        for at in range(6)
    }
    spec |= {
        f"n{at}": {
            "type": "sipuri",
            "number": number(at),
            "host": ["a.operator.example", "b.operator.example"],
        }
        for at in range(6, 10)
    }
    for name, change in changes.items():
        spec[name] |= change
    return spec


def adopt(stack: EngineStack, *options: str, status: int = 0) -> str:
    """What the command prints; it must end with `status`."""
    ran = stack.plusofon("adopt", "--stack", stack.name, *options)
    assert ran.status == status, ran.text
    return ran.text


def test_an_account_is_recorded_proved_and_let_go(living: EngineStack, sandbox: SandboxServer) -> None:
    before = sandbox.account()
    shown = json.loads(adopt(living, "--preview", "--json"))
    assert {(resource["kind"], resource["on_trust"]) for resource in shown} == {
        ("ExternalNumber", "password, port"),
        ("ExternalNumber", None),
        ("NumberForwarding", "forwarding"),
    }
    assert sorted(resource["id"] for resource in shown if resource["kind"] == "ExternalNumber") == list(
        range(101, 111)
    )
    assert all(resource["number"] and resource["differs"] is None for resource in shown)
    assert not living.resources()
    assert "\nError: there is no terminal to ask on" in adopt(living, status=2)

    said = adopt(living, "--yes")
    assert "10 numbers and 6 forwardings recorded; nothing was sent to the account" in said
    held = living.resources()
    assert held["ExternalNumber n0"]["outputs"]["recorded"] is True
    assert held["NumberForwarding f0"]["id"] == "ate/101"
    [backup] = (living.program / ".plusofon").glob("test-*.json")
    assert backup.stat().st_mode & 0o077 == 0
    assert "nothing to record" in adopt(living, "--yes")

    # A refresh and another `up` keep what was recorded as it is.
    living.refresh()
    living.run("preview", "--expect-no-changes", "--stack", "test")
    said = adopt(living, "--undo", "--yes")
    assert "16 resources left the state; the account is as it was" in said
    assert not living.resources()
    assert "nothing in test was recorded" in adopt(living, "--undo", "--yes")
    assert sandbox.account() == before


def test_a_contradiction_of_the_list_stops_the_whole_adoption(living: EngineStack) -> None:
    living.declare(
        declared(n0={"host": "other.example"}, n7={"host": ["a.operator.example"]}, n9={"number": number(88)})
    )
    said = adopt(living, "--yes", status=1)
    assert "host: the account has sip.operator.example, and the program declares another" in said
    assert "the account has a.operator.example,b.operator.example, and the program declares others" in said
    assert f"{number(88)} is not in the account" in said
    assert "3 resources cannot be recorded as declared, and nothing was recorded" in said
    assert not living.resources()


def test_a_run_that_would_do_more_is_refused(living: EngineStack) -> None:
    adopt(living, "--yes")
    living.declare(declared(n8={"host": "c.operator.example"}))
    said = adopt(living, "--yes", status=1)
    assert "update pulumi-python:dynamic/plusofon:ExternalNumber n8" in said
    assert shows_no_traceback(said)


def test_settings_that_would_not_record_are_refused(living: EngineStack) -> None:
    living.run("config", "set", "plusofon:adopt", "update", "--stack", "test")
    said = adopt(living, "--yes", status=1)
    assert "plusofon:adopt: update in the configuration of test wins over this command" in said
    living.run("config", "rm", "plusofon:adopt", "--stack", "test")
    living.declare(declared(n0={"type": "fax"}))
    said = adopt(living, "--yes", status=1)
    assert "type: must be ate or sipuri" in said
    assert shows_no_traceback(said)


def test_a_recording_checks_no_policies_and_says_so(living: EngineStack) -> None:
    def to(digits: str) -> dict[str, Any]:
        forward = {"type": "number", "destination_number": digits, "cli_type": "Y"}
        return {"forwards": {f"f{digits}": forward}}

    large = "A.operator.example,b.operator.example"
    living.declare(
        declared(n0=to(number(1)), n1=to(number(0)), n2=to("449098790123"), n8={"host": large.split(",")})
    )
    living.environment |= {"PULUMI_OPTION_POLICY_PACK": str(ROOT / "policy")}
    said = adopt(living, "--yes")
    assert "\nPolicies are not checked while recording. The next `pulumi preview` checks them.\n" in said
    assert "no-forwarding-loop" not in said
    held = living.resources()
    assert len(held) == 16
    assert held["ExternalNumber n8"]["inputs"]["host"] == large
    refused = living.run("preview", "--stack", "test", status=None).text
    for rule in ("no-premium-rate-destination", "no-forwarding-loop"):
        assert re.search(rf"\[mandatory\].* {rule}", refused)


def kill(adoption: subprocess.Popen[Any], program: str) -> None:
    """kill -9 of the one process of an adoption that runs `program`, or of all of them."""
    if program == "all":
        kill_with_all_it_started(adoption)
        return
    [found] = (pid for pid, line in command_lines(adoption).items() if program in line)
    os.kill(found, signal.SIGKILL)


def command_lines(adoption: subprocess.Popen[Any]) -> dict[int, str]:
    """The command line of each process of an adoption."""
    return {
        pid: Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        for pid in processes_of(adoption.pid)
    }


@pytest.mark.parametrize(
    ("lists", "killed"),
    [
        (1, "all"),
        *(
            pytest.param(*cell, marks=pytest.mark.rest)
            for cell in (
                (0, "plusofon adopt"),
                (1, "plusofon adopt"),
                (1, ENGINE),
                (1, "pulumi.dynamic"),
            )
        ),
    ],
)
def test_killed_at_any_moment_the_same_command_goes_on(
    living: EngineStack, sandbox: SandboxServer, lists: int, killed: str
) -> None:
    # The first list is for the table; during the second one the recording run holds the lock.
    sandbox.fault("slow", "list", skip=lists, seconds=5)
    adoption = subprocess.Popen(
        [BIN / "plusofon", "adopt", "--stack", "test", "--yes"],
        cwd=living.program,
        env=living.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not silent(sandbox):
        assert adoption.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    engines = [pid for pid, line in command_lines(adoption).items() if ENGINE in line]
    kill(adoption, killed)
    assert adoption.wait(60)
    while any(map(alive, engines)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    sandbox.clear_faults()
    if lists and killed != "pulumi.dynamic":
        # An engine that was killed leaves its lock, and so does one whose output is closed (E85, E130).
        locked = adopt(living, "--yes", status=1)
        here = re.escape(socket.gethostname())
        assert re.search(rf"\nError: test is locked by \S+@{here} \(pid \d+\): ", locked)
        [release] = re.findall(r"`(pulumi cancel .*)`", locked)
        assert living.run(*release.split()[1:]).status == 0
    said = adopt(living, "--yes")
    assert "shows no changes" in said.splitlines()[-1]
    assert len(living.resources()) == 16


def test_the_lock_of_another_run_is_named_and_left_alone(living: EngineStack) -> None:
    locks = living.backend / ".pulumi" / "locks" / "organization" / "engine-test" / "test"
    locks.mkdir(parents=True, exist_ok=True)
    lock = {"pid": 812, "username": "ann", "hostname": "build-7", "timestamp": "2026-11-28T07:00:00Z"}
    (locks / "x.json").write_text(json.dumps(lock))
    said = adopt(living, "--yes", status=1)
    assert (
        "\nError: test is locked by ann@build-7 (pid 812): run this again when that run has ended; if it was"
        " killed, `pulumi cancel --yes --stack test` releases the lock" in said
    )
    assert (locks / "x.json").exists()
    assert not living.resources()
