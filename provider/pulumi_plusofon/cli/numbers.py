"""`plusofon numbers`: the account's external numbers. One `GET /api/v1/number/external`."""

from __future__ import annotations

from typing import Final

import click

from .asking import as_json_option, ask, show

_COLUMNS: Final = ("id", "number", "type", "registered", "source", "inbound_uri")


@click.command()
@as_json_option
def numbers(*, as_json: bool) -> None:
    """List the account's external numbers."""
    listed = ask(lambda client: client.list_numbers())
    rows = [{column: getattr(number, column) for column in _COLUMNS} for number in listed]
    show("External numbers", rows, _COLUMNS, as_json=as_json)
