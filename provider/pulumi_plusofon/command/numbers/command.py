"""`plusofon numbers`: the account's external numbers. One `GET /api/v1/number/external`.

With a stack, its account and where each number forwards to as its state has it. Changes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pulumi_plusofon.command.accounts import opened
from pulumi_plusofon.command.drift.comparison import unmanaged
from pulumi_plusofon.command.options import as_json_option, ask, reported, show_numbers, stacks_option
from pulumi_plusofon.command.output.groups import in_no_stack
from pulumi_plusofon.runtime.text import FEW
from pulumi_plusofon.session import own_numbers

from . import inventory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_plusofon.api import ListedNumber

COLUMNS: Final = ("id", "number", "type", "registered", "source", "inbound_uri")


@click.command()
@stacks_option()
@click.option("--unmanaged", is_flag=True, help="List what the account has and none of the stacks.")
@as_json_option
def numbers(*, stacks: tuple[str, ...], unmanaged: bool, as_json: bool) -> None:
    """List the account's external numbers.

    With --stack the account is the stack's, and each number has where it forwards to as the stack last set
    it: the API does not return forwardings. A number of the stack that its account lacks is listed: no.
    """
    if unmanaged and not stacks:
        raise click.UsageError("--unmanaged needs --stack: the stacks that have the managed numbers")
    if len(stacks) > 1 and not unmanaged:
        raise click.UsageError("give one --stack; several are for --unmanaged")
    if unmanaged:
        show_numbers("Unmanaged external numbers", _unmanaged(stacks), COLUMNS, as_json=as_json)
    elif stacks:
        _show_stack(stacks, as_json=as_json)
    else:
        listed = _rows(ask(own_numbers))
        show_numbers("External numbers", listed, COLUMNS, as_json=as_json)


def _rows(listed: Iterable[ListedNumber]) -> list[dict[str, Any]]:
    return [{column: getattr(number, column) for column in COLUMNS} for number in listed]


def _unmanaged(stacks: tuple[str, ...]) -> list[dict[str, Any]]:
    with reported(), opened(stacks, Path.cwd()) as accounts:
        return _rows(unmanaged(accounts))


def _show_stack(stacks: tuple[str, ...], *, as_json: bool) -> None:
    with reported(), opened(stacks, Path.cwd()) as accounts:
        found = inventory.rows(accounts)
    others = [row["number"] for row in found if row["resource"] is None]
    if as_json or len(others) <= FEW:
        others = []
    shown = [row for row in found if not others or row["resource"] is not None]
    show_numbers(f"External numbers of {stacks[0]}", shown, inventory.COLUMNS, as_json=as_json)
    if others:
        click.echo(in_no_stack(others, stacks))
