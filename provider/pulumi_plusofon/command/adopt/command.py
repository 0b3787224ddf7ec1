"""`plusofon adopt`: the numbers that a stack declares and the account has come into the stack's state.

A preview, a table, a question, the recording `up` (`PLUSOFON_ADOPT=record`), and a preview as proof. Nothing
but GETs reaches the API: the run records, and its client refuses every write. Killed at any moment, the same
command goes on. `--undo` takes what was recorded out of the state again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pulumi_plusofon.command.options import as_json_option, reported, show_numbers
from pulumi_plusofon.runtime.text import counted, some

from .adoption import Adoption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .plan import Plan
    from .undo import Undoing

COLUMNS: Final = ("number", "id", "kind", "resource", "differs", "on_trust")
# Lines about what is always the same, and rows of a table.
_MOST: Final = 10
_MOST_ROWS: Final = 30
LEAVING: Final = ("number", "kind", "resource", "protected")


@click.command()
@click.option("--stack", required=True, metavar="STACK", help="A stack of the project in this folder.")
@click.option("--preview", "only_preview", is_flag=True, help="Show what would be recorded, and stop.")
@click.option("--undo", is_flag=True, help="Take what was recorded out of the state; the account stays.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
def adopt(
    stack: str,
    *,
    only_preview: bool,
    undo: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Record the account's numbers in STACK's state, as its program declares them.

    Nothing is changed in the account. SIP passwords, ports and forwardings are taken on trust: the API shows
    none of them.
    """
    adoption = Adoption(stack, Path.cwd())
    with reported():
        if undo:
            _undo(adoption.undoing(), adoption, only_preview=only_preview, yes=yes, as_json=as_json)
            return
        plan = adoption.plan()
        _show(plan, as_json=as_json)
        _require_recordable(plan)
        if only_preview:
            return
        if plan.rows:
            _confirm(f"Record these {len(plan.rows)} resources of {stack}?", yes=yes)
            copy = _copied(adoption)
            click.echo("Policies are not checked while recording. The next `pulumi preview` checks them.")
            adoption.record(copy)
        adoption.prove()
    numbers = sum(row.kind == "ExternalNumber" for row in plan.rows)
    click.echo(
        f"{counted(numbers, 'number')} and {counted(len(plan.rows) - numbers, 'forwarding')} recorded;"
        " nothing was sent to the account, and a preview of the stack shows no changes"
        if plan.rows
        else f"nothing to record: a preview of {stack} shows no changes"
    )


def _show(plan: Plan, *, as_json: bool) -> None:
    rows = [{name: getattr(row, name) for name in COLUMNS} for row in plan.rows]
    _print("To be recorded", rows, COLUMNS, "differs", as_json=as_json)


def _require_recordable(plan: Plan) -> None:
    if plan.losses:
        raise click.ClickException(
            f"the run would delete or replace, and nothing was done:\n{_some(plan.losses)}\n"
            "Do not run `pulumi up`: it would. Declare what the state has, or let the state forget it:"
            " `pulumi state delete URN`. If the state is that of a copy, use a backend or a stack of its own."
        )
    if plan.others:
        lines = _some(plan.others)
        raise click.ClickException(
            f"the run would do more than record, and nothing was done:\n{lines}\n"
            "Run `pulumi up` for the rest of the stack first, or take it out of the program."
        )
    if obstacles := plan.obstacles:
        raise click.ClickException(
            f"{counted(len(obstacles), 'resource')} cannot be recorded as declared, and nothing was"
            f" recorded ({some([row.resource for row in obstacles])}): declare what the account has"
            " (`plusofon export` writes it), then run this again"
        )


def _undo(leaving: Undoing, adoption: Adoption, *, only_preview: bool, yes: bool, as_json: bool) -> None:
    rows = [{name: getattr(resource, name) for name in LEAVING} for resource in leaving.leaving]
    _print("To leave the state", rows, LEAVING, "protected", as_json=as_json)
    if leaving.obstacles:
        lines = _some(leaving.obstacles)
        raise click.ClickException(f"resources of others depend on them, and nothing was done:\n{lines}")
    if only_preview:
        return
    if not rows:
        click.echo(f"nothing in {adoption.stack} was recorded")
        return
    _confirm(f"Let these {len(rows)} resources of {adoption.stack} go?", yes=yes)
    adoption.let_go(leaving, _copied(adoption))
    click.echo(f"{counted(len(rows), 'resource')} left the state; the account is as it was")


def _copied(adoption: Adoption) -> Path:
    copy = adoption.back_up()
    click.echo(f"The state as it was: {copy}")
    return copy


def _print(
    title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], first: str, *, as_json: bool
) -> None:
    """Print the rows, of many those whose column `first` says something, and some of the others."""
    if as_json or len(rows) <= _MOST_ROWS:
        if rows or as_json:
            show_numbers(title, rows, columns, as_json=as_json)
        return
    shown = sorted(rows, key=lambda row: not row[first])[:_MOST_ROWS]
    show_numbers(title, shown, columns, as_json=False)
    click.echo(f"and {len(rows) - len(shown)} more ({len(rows)} in all): --preview --json lists them")


def _some(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in some(lines, _MOST, "\n").splitlines())


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on: look with --preview, then give --yes")
    click.confirm(question, abort=True)
