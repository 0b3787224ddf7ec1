"""`plusofon targets`: what a forwarding can lead to by an id: SIP accounts, groups, scenarios, call queues.

`GET /api/v1/sip`, `groups`, `scenario` and `call-queues`, of each all pages. A list that fails does not hide
the others. Changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from pulumi_plusofon.session import own_numbers

from .options import as_json_option, ask, show, targets_of

if TYPE_CHECKING:
    from pulumi_plusofon.api import Client, Target, TargetKind

COLUMNS: Final = ("kind", "id", "name", "number", "login")


@click.command()
@as_json_option
def targets(*, as_json: bool) -> None:
    """List the SIP accounts, groups, scenarios and call queues, with the ids that a forwarding takes."""
    listed, problems = ask(_of_own)
    rows = [
        _row(kind, target)
        for kind, ones in listed.items()
        for target in sorted(ones, key=lambda target: (target.name, target.id or 0))
    ]
    show("Targets of forwardings", rows, COLUMNS, as_json=as_json)
    if problems:
        raise click.ClickException("\n".join(problems))


def _of_own(client: Client) -> tuple[dict[TargetKind, tuple[Target, ...]], list[str]]:
    """The targets, once the account is sure to be the one that the settings name."""
    if client.settings.customer_id is not None:
        own_numbers(client)
    return targets_of(client)


def _row(kind: TargetKind, target: Target) -> dict[str, Any]:
    return {"kind": kind, **{column: getattr(target, column) for column in COLUMNS[1:]}}
