"""What the subcommands share: one question to the account, rows as a table or JSON, an error as a line."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_plusofon.api import Client

_Answer = TypeVar("_Answer")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def ask(question: Callable[[Client], _Answer]) -> _Answer:
    """The answer to `question`, with the settings of the environment; what fails ends with status 1."""
    # The API's modules take a good part of the time that `--help` may take.
    from pulumi_plusofon.advice import with_advice  # noqa: PLC0415
    from pulumi_plusofon.api import Client  # noqa: PLC0415
    from pulumi_plusofon.runtime import PlusofonError, Settings  # noqa: PLC0415

    try:
        with closing(Client(Settings.from_environment())) as client:
            return question(client)
    except PlusofonError as error:
        raise click.ClickException(with_advice(error, "command")) from None


def show(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    """Print `rows`, as a table or as JSON."""
    from pulumi_plusofon.tables import as_table, to_json  # noqa: PLC0415 - tables are slow to import

    if as_json:
        click.echo(to_json(rows))
    else:
        as_table(title, rows, columns, sys.stdout)
