"""The sandbox's command in the process of the tests, for runs that end before anything is served."""

from __future__ import annotations

from subprocess import CompletedProcess
from typing import TYPE_CHECKING

from click.testing import CliRunner

from pulumi_plusofon.command.main import main

if TYPE_CHECKING:
    from pathlib import Path


def sandbox_command(*arguments: str | Path, **environment: str) -> CompletedProcess[str]:
    """How the command ends with these arguments, and what it prints; the environment has no token."""
    given = [str(argument) for argument in arguments]
    # By way of the group: click keeps on a command the names of the help option of its first call.
    ended = CliRunner().invoke(
        main, ["sandbox", *given], prog_name="plusofon", env={"PLUSOFON_TOKEN": None, **environment}
    )
    if not isinstance(ended.exception, SystemExit | None):
        raise ended.exception
    return CompletedProcess(given, ended.exit_code, ended.stdout, ended.stderr)
