"""`plusofon doctor`: errors of engine, Python, settings, account and project, and what to do about each.

Asks `pulumi` without a lock, and the API with GETs alone. Changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click

from pulumi_plusofon.command.options import as_json_option
from pulumi_plusofon.command.output.tables import to_json

from . import account, interpreter, machine, project, settings
from .findings import State
from .subject import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .findings import Finding

CHECKS: Final = (
    *machine.CHECKS,
    *interpreter.CHECKS,
    *settings.CHECKS,
    *account.CHECKS,
    *project.CHECKS,
)
_TOPIC: Final = max(len(check.topic) for check in CHECKS)
_STATE: Final = max(map(len, get_args(State)))
_SHOWN: Final = 3


@click.command()
@click.option(
    "--stack", metavar="STACK", help="A stack of the project in this folder, whose settings are examined."
)
@as_json_option
@click.pass_context
def doctor(context: click.Context, *, stack: str | None, as_json: bool) -> None:
    """Check the engine, Python, the settings, the account and the project.

    Each finding is good, a notice, a problem, or unknown. The exit status is 1 where there is a problem.
    Without --stack the settings are those of the environment alone.
    """
    findings = []
    if not as_json:
        click.echo(_columns("topic", "state", "text"))
    with opened(Path.cwd(), stack) as subject:
        for check in CHECKS:
            findings.append(check.finding(subject))
            if not as_json:
                # At once: the next check may wait for a machine that does not answer.
                click.echo(_columns(findings[-1].topic, findings[-1].state, findings[-1].text))
    if as_json:
        click.echo(to_json([asdict(finding) for finding in findings]))
    else:
        click.echo("\n".join(["", *_advice(findings)]).rstrip())
    if any(finding.state == "problem" for finding in findings):
        context.exit(1)


def _columns(topic: str, state: str, text: str) -> str:
    return f"{topic:{_TOPIC}}  {state:{_STATE}}  {text}"


def _advice(findings: Sequence[Finding]) -> list[str]:
    """What to do, once for all findings that it is the same for, problems first."""
    topics: dict[str, list[str]] = {}
    for finding in sorted(findings, key=lambda finding: finding.state != "problem"):
        if finding.advice:
            topics.setdefault(finding.advice, []).append(finding.topic)
    return [f"{_joined(names)}: {advice}" for advice, names in topics.items()]


def _joined(topics: Sequence[str]) -> str:
    if len(topics) > _SHOWN:
        return f"{', '.join(topics[:_SHOWN])} and {len(topics) - _SHOWN} more"
    return ", ".join(topics)
