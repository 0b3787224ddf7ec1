"""The sandbox's command in the process of the tests, for runs that end before anything is served."""

from __future__ import annotations

from subprocess import CompletedProcess
from typing import TYPE_CHECKING

from click.testing import CliRunner

from pulumi_plusofon.sandbox.process.command import sandbox

if TYPE_CHECKING:
    from pathlib import Path


def sandbox_command(*arguments: str | Path, **environment: str) -> CompletedProcess[str]:
    """How the command ends with these arguments, and what it prints; the environment has no token."""
    given = [str(argument) for argument in arguments]
    ended = CliRunner().invoke(
        sandbox, given, prog_name="plusofon sandbox", env={"PLUSOFON_TOKEN": None, **environment}
    )
    if not isinstance(ended.exception, SystemExit | None):
        raise ended.exception
    return CompletedProcess(given, ended.exit_code, ended.stdout, ended.stderr)
