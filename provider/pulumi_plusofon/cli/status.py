"""`plusofon status`: whether logins are registered. One `GET /api/v1/number/external/status`."""

from __future__ import annotations

from typing import Final

import click

from .asking import as_json_option, ask, show

_COLUMNS: Final = ("login", "status", "date")


@click.command()
@click.argument("logins", nargs=-1)
@as_json_option
def status(logins: tuple[str, ...], *, as_json: bool) -> None:
    """Show whether SIP LOGINS of `ate` numbers are registered (without any: all that the API lists)."""
    statuses = ask(lambda client: client.registration_statuses(logins))
    rows = [{column: getattr(one, column) for column in _COLUMNS} for one in statuses]
    show("Registrations", rows, _COLUMNS, as_json=as_json)
    missing = sorted(set(logins) - {one.login for one in statuses})
    if missing:
        raise click.ClickException(f"the account knows no login {', '.join(missing)}")
