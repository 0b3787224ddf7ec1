"""The `plusofon` command: what the account holds, in a terminal, a pipe or a script.

Reads the account with the settings of the environment (`PLUSOFON_TOKEN` and the others); changes
nothing in it. Exit status 0 good, 1 the operation failed, 2 wrong usage.
"""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pulumi_plusofon.sandbox.process.command import sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_plusofon.api import Client

_Answer = TypeVar("_Answer")
_NUMBER_COLUMNS = ("id", "number", "type", "registered", "source", "inbound_uri")
_STATUS_COLUMNS = ("login", "status", "date")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-plusofon")
def main() -> None:
    """Look at the external numbers of a Plusofon account.

    The account is the one of PLUSOFON_TOKEN; PLUSOFON_BASE_URL and the other settings of the
    environment are those of the Pulumi resources.
    """


main.add_command(sandbox)


@main.command()
@_as_json
def numbers(*, as_json: bool) -> None:
    """List the account's external numbers."""
    _show(
        "External numbers",
        [
            {column: getattr(number, column) for column in _NUMBER_COLUMNS}
            for number in _ask(lambda client: client.list_numbers())
        ],
        _NUMBER_COLUMNS,
        as_json=as_json,
    )


@main.command()
@click.argument("logins", nargs=-1)
@_as_json
def status(logins: tuple[str, ...], *, as_json: bool) -> None:
    """Tell whether SIP LOGINS of `ate` numbers are registered (without any: all that the API tells of)."""
    statuses = _ask(lambda client: client.registration_statuses(logins))
    _show(
        "Registrations",
        [{column: getattr(one, column) for column in _STATUS_COLUMNS} for one in statuses],
        _STATUS_COLUMNS,
        as_json=as_json,
    )
    missing = sorted(set(logins) - {one.login for one in statuses})
    if missing:
        raise click.ClickException(f"the account knows no login {', '.join(missing)}")


def _ask(question: Callable[[Client], _Answer]) -> _Answer:
    # The API's modules take a good part of the time that `--help` may take.
    from pulumi_plusofon.advice import with_advice  # noqa: PLC0415
    from pulumi_plusofon.api import Client  # noqa: PLC0415
    from pulumi_plusofon.runtime import PlusofonError, Settings  # noqa: PLC0415

    try:
        with closing(Client(Settings.from_environment())) as client:
            return question(client)
    except PlusofonError as error:
        raise click.ClickException(with_advice(error, "command")) from None


def _show(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    from .output import as_table, to_json  # noqa: PLC0415 - tables are slow to import

    if as_json:
        click.echo(to_json(rows))
    else:
        as_table(title, rows, columns, sys.stdout)
