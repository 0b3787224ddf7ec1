"""The fleet example as tests run it: two customers' accounts, one backend, and every command line noted."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import yaml

from harness.engine_stack import BIN, pulumi_environment
from pulumi_plusofon.testing import SandboxServer
from support.crash_recovery import kill_with_all_it_started
from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FLEET = ROOT / "examples" / "fleet"
_SECONDS = 180


class FleetRuns:
    """Runs of the example in `folder`, on a sandbox for each customer of its own file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "fleet.yaml"
        shutil.copy2(FLEET / "fleet.yaml", self.file)
        self.sandboxes: dict[str, SandboxServer] = {}
        self.said = ""
        shims = folder / "shims"
        shims.mkdir()
        self.commands = folder / "commands"
        # What stands on a command line is there for everybody on the machine to read.
        shim = f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{self.commands}"\nexec "{BIN / "pulumi"}" "$@"\n'
        (shims / "pulumi").write_text(shim)
        (shims / "pulumi").chmod(0o755)
        (folder / "state").mkdir()
        environment = pulumi_environment(folder, folder / "state", "test")
        self.environment = {
            **environment,
            "PATH": f"{shims}{os.pathsep}{environment['PATH']}",
            "TMPDIR": str(folder / "temporary"),
            "NORTH_SIP_PASSWORD": f"sip-{secrets.token_urlsafe(12)}",
            # A shell's settings for one account, which must count for no customer.
            "PLUSOFON_CUSTOMER_ID": "1",
            "PLUSOFON_BASE_URL": "http://127.0.0.1:9",
        }
        (folder / "temporary").mkdir()

    def start(self) -> None:
        """Start a sandbox for each customer."""
        for customer, account in (("north", "42291"), ("south", "42292")):
            (self.folder / customer).mkdir()
            options = ("--registers-after", "0", "--customer-id", account)
            sandbox = SandboxServer(self.folder / customer, *options).start()
            self.sandboxes[customer] = sandbox
            self.environment[f"{customer.upper()}_URL"] = sandbox.url
            self.environment[f"{customer.upper()}_TOKEN"] = sandbox.token

    def stop(self) -> None:
        """Stop the sandboxes."""
        for sandbox in self.sandboxes.values():
            sandbox.stop()

    def declare(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the file's south, whose numbers have no secrets."""
        data = yaml.safe_load(self.file.read_text())
        change(data["customers"][1])
        self.file.write_text(yaml.safe_dump(data, sort_keys=False))

    def run(self, *options: str, status: int = 0, **environment: str) -> dict[str, dict[str, Any]]:
        """Roll the file out; the results by customer."""
        run = self.begin(*options, **environment)
        return self.end(run, status)

    def begin(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        """Begin to roll the file out, in a process group of its own as a shell gives it one."""
        return subprocess.Popen(
            [sys.executable, str(FLEET / "fleet.py"), str(self.file), "--json", *options],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def end(self, run: subprocess.Popen[str], status: int) -> dict[str, dict[str, Any]]:
        """Wait for a run; the results by customer, none if it was killed."""
        try:
            out, err = run.communicate(timeout=_SECONDS)
        finally:
            if run.poll() is None:
                kill_with_all_it_started(run)
                run.communicate()
        self.said += out + err
        assert run.returncode == status, f"exit {run.returncode}\n{out}{err}"
        return {outcome["customer"]: outcome for outcome in json.loads(out or "[]")}

    def outcomes(self, *options: str, status: int = 0, **environment: str) -> dict[str, str]:
        """Roll the file out; what became of each customer."""
        return {
            name: outcome["outcome"]
            for name, outcome in self.run(*options, status=status, **environment).items()
        }

    def until_at_work(self, customer: str) -> None:
        """Wait until the fault that was ordered for the customer's sandbox is carried out."""
        deadline = time.monotonic() + _SECONDS
        while not any(fault["done"] for fault in self.sandboxes[customer].faults()):
            assert time.monotonic() < deadline, f"{customer} was to be at work"
            time.sleep(0.05)

    def pulumi(self, *arguments: str) -> str:
        """Run `pulumi` by hand, beside a copy of the example's project file: pulumi writes there."""
        by_hand = self.folder / "by-hand"
        by_hand.mkdir(exist_ok=True)
        shutil.copy2(FLEET / "Pulumi.yaml", by_hand)
        done = subprocess.run(
            ["pulumi", "--non-interactive", "--cwd", str(by_hand), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        self.said += done.stdout + done.stderr
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def in_clear(self) -> list[str]:
        """Where a token or a SIP password stands in clear."""
        places = {"what was printed": self.said}
        for name in ("state", "home", "temporary", "commands"):
            for file in [self.folder / name, *(self.folder / name).rglob("*")]:
                if file.is_file():
                    places[str(file)] = file.read_bytes().decode("utf-8", "replace")
        canaries = [
            self.environment["NORTH_SIP_PASSWORD"],
            *(sandbox.token for sandbox in self.sandboxes.values()),
        ]
        return [place for place, text in places.items() if any(canary in text for canary in canaries)]
