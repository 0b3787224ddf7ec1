"""`plusofon targets`: what a forwarding can lead to by an id: SIP accounts, groups, scenarios, call queues.

`GET /api/v1/sip`, `groups`, `scenario` and `call-queues`, of each all pages. A list that fails does not hide
the others. Changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from .asking import as_json_option, ask, show

if TYPE_CHECKING:
    from pulumi_plusofon.api import Client

_COLUMNS: Final = ("kind", "id", "name", "number", "login")


@click.command()
@as_json_option
def targets(*, as_json: bool) -> None:
    """List the SIP accounts, groups, scenarios and call queues, with the ids that a forwarding takes."""
    rows, problems = ask(_targets)
    show("Targets of forwardings", rows, _COLUMNS, as_json=as_json)
    if problems:
        raise click.ClickException("\n".join(problems))


def _targets(client: Client) -> tuple[list[dict[str, Any]], list[str]]:
    from pulumi_plusofon.advice import with_advice  # noqa: PLC0415 - slow, see `asking`
    from pulumi_plusofon.api import ApiError  # noqa: PLC0415
    from pulumi_plusofon.schema.fields import NAMED  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    problems = []
    for kind in NAMED:
        try:
            listed = client.list_targets(kind)
        except ApiError as error:
            problems.append(with_advice(error, "command"))
            continue
        rows += [
            {"kind": kind, **{column: getattr(one, column) for column in _COLUMNS[1:]}}
            for one in sorted(listed, key=lambda one: (one.name, one.id or 0))
        ]
    return rows, problems
