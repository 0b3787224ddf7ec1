"""Adopt a stack's numbers: plan, back up, record, verify, undo.

Every command that runs the program runs with PLUSOFON_READ_ONLY: no write reaches the account, whatever is
declared. Changes the stack's state alone, and copies it before.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.command.accounts import opened
from pulumi_plusofon.pulumi_cli.runner import (
    StackError,
    json_of,
    lock_holders,
    read_json,
    run,
    run_shown,
    words,
)
from pulumi_plusofon.pulumi_cli.state import read_config
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.runtime.settings import NAMESPACE
from pulumi_plusofon.runtime.text import plain

from . import plan as recording
from . import undo as undoing
from .backups import back_up, way_back

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.pulumi_cli.runner import Environment, Ran

    from .plan import Plan
    from .undo import Undoing

# E99: with checkpoints the engine serializes the whole state after each step. Nothing that a recording does
# is lost with its state: the next one does it again. The last two save time (E136, E152).
_READS: Final = {
    "PLUSOFON_READ_ONLY": "true",
    "PULUMI_SKIP_CHECKPOINTS": "true",
    "PLUSOFON_LEAN": "true",
    "GOGC": os.environ.get("GOGC", "400"),
}
_RECORDS: Final = {**_READS, "PLUSOFON_ADOPT": "record"}


@dataclass(frozen=True)
class Adoption:
    """The adoption of what a stack declares; the project is in `folder`."""

    stack: str
    folder: Path

    def plan(self) -> Plan:
        """What a recording would do. One preview and one listing. Raises `StackError`."""
        self._require_records()
        steps = _steps(self.folder, "preview", "--json", "--stack", self.stack)
        with opened([self.stack], self.folder) as accounts:
            # Where it cannot be listed, one line says so, and not a row for each resource.
            accounts[0].entries()
            accounts[0].require_own()
            with accounts[0].reported():
                return recording.plan(steps, accounts[0].session)

    def back_up(self) -> Path:
        """Copy the state. Raises `StackError`."""
        return back_up(self.stack, self.folder)

    def record(self, copy: Path) -> None:
        """Run the program so that it records, without policy packs. Raises `StackError`.

        What the account has must come into the state before it can be changed: no policy refuses it.
        """
        ran = self._run("up", "--yes", "--skip-preview", environment=_RECORDS)
        if ran.status:
            raise StackError(
                "the recording did not end well, see above; nothing was sent to the account, and the same"
                f" command goes on where it stopped; {way_back(self.stack, copy)}"
            )

    def prove(self) -> None:
        """Preview the stack without recording: nothing may differ. Raises `StackError`."""
        ran = run(
            self.folder,
            *("preview", "--diff", "--expect-no-changes", "--stack", self.stack),
            environment={**_READS, "PLUSOFON_ADOPT": None},
        )
        if ran.status:
            raise StackError(
                f"the preview that is to show no changes failed:\n{ran.output.strip()}\n{words(ran)}\n"
                "Nothing was sent to the account: declare what it has, or let all of it go with --undo."
            )

    def undoing(self) -> Undoing:
        """What would leave the state. Raises `StackError`."""
        return undoing.undoing(read_json(self.folder, "stack", "export", "--stack", self.stack))

    def let_go(self, leaving: Undoing, copy: Path) -> None:
        """Take resources out of the state. Raises `StackError`."""
        for urns in leaving.batches():
            ran = self._run("state", "remove", "--yes", "--force", *urns, environment={})
            if ran.status:
                raise StackError(
                    "`pulumi state remove` failed, see above; the same command goes on;"
                    f" {way_back(self.stack, copy)}"
                )

    def _require_records(self) -> None:
        """Refuse a configuration in which the run would not record: it wins over the environment."""
        config = read_config(self.stack, self.folder)
        mode = config.get(f"{NAMESPACE}:adopt")
        if mode not in (None, "record"):
            raise StackError(
                f"{NAMESPACE}:adopt: {plain(mode)} in the configuration of {self.stack} wins over this"
                f" command: `pulumi config rm {NAMESPACE}:adopt --stack {self.stack}`, then run it again"
            )
        Settings.load(config.get, keys=config)

    def _run(self, *arguments: str, environment: Environment) -> Ran:
        """Run a command that writes the state. Raises `StackError` where another run holds its lock."""
        ran = run_shown(self.folder, *arguments, "--stack", self.stack, environment=environment)
        if ran.status and (holders := lock_holders(ran.output)):
            raise StackError(
                f"{self.stack} is locked by {', '.join(holders)}: run this again when that run has ended; if"
                f" it was killed, `pulumi cancel --yes --stack {self.stack}` releases the lock"
            )
        return ran


def _steps(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The steps of a preview; raises `StackError` with what it says is wrong."""
    ran = run(folder, *arguments, environment=_RECORDS)
    try:
        preview = json_of(replace(ran, status=0), *arguments)
    except StackError:
        if not ran.status:
            raise
        preview = {}
    if ran.status:
        errors = [
            diagnostic
            for diagnostic in preview.get("diagnostics", ())
            if diagnostic.get("severity") == "error"
        ]
        lines = [plain(line) for each in errors for line in str(each.get("message", "")).splitlines()]
        text = "\n".join(dict.fromkeys(filter(str.strip, lines))) or words(ran)
        raise StackError(f"the preview of the program failed:\n{text}")
    if "changeSummary" not in preview:
        raise StackError(f"`pulumi {' '.join(arguments)}` printed no preview: another engine may be on PATH")
    steps: list[dict[str, Any]] = preview.get("steps") or []
    return steps
