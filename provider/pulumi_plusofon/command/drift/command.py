"""`plusofon drift`: what differs between stacks and the account, and what no stack has.

Asks `pulumi` for states and settings, without a lock, and the API with GETs alone. Writes nothing but the
file of `--markdown`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pulumi_plusofon.command.accounts import opened
from pulumi_plusofon.command.options import as_json_option, print_table, reported, stacks_option, write
from pulumi_plusofon.command.output.numbers import with_plus
from pulumi_plusofon.command.output.tables import to_json

from . import report
from .comparison import compare
from .report import as_markdown, failure_as_markdown

if TYPE_CHECKING:
    from .comparison import Comparison

_DIFFERS: Final = 7
# Of one kind on a terminal.
_MOST: Final = 20


@click.command()
@stacks_option(required=True)
@as_json_option
@click.option(
    "--markdown", "file", metavar="FILE", type=click.Path(path_type=Path), help="Also write it as Markdown."
)
@click.pass_context
def drift(context: click.Context, *, stacks: tuple[str, ...], as_json: bool, file: Path | None) -> None:
    """Compare the numbers of stacks with their accounts; exit status 7 where they differ.

    A number is changed, gone, unregistered, or unmanaged: in the account, and in none of the stacks. So name
    all stacks of the account. The target of a forwarding may be missing in the account. Run it in the
    project's folder. Forwardings and SIP passwords are not seen, because the API does not return them.
    """
    comparison = _compared(stacks, file)
    if file is not None:
        write(file, as_markdown(comparison, stacks))
    _show(comparison, stacks, as_json=as_json)
    if comparison.differences:
        context.exit(_DIFFERS)


def _compared(stacks: tuple[str, ...], file: Path | None) -> Comparison:
    try:
        with reported(), opened(stacks, Path.cwd()) as accounts:
            return compare(accounts)
    except click.ClickException as error:
        if file is not None:
            # Else a pipeline would show the file of an earlier run.
            write(file, failure_as_markdown(error.message))
        raise


def _show(comparison: Comparison, stacks: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(to_json(report.as_json(comparison, stacks)))
        return
    if comparison.differences:
        shown, lines = report.folded(comparison.differences, stacks, _MOST)
        if shown:
            print_table("Differences", [with_plus(vars(difference)) for difference in shown], report.COLUMNS)
        for line in lines:
            click.echo(line)
        click.echo()
        for line in report.advice(comparison.differences):
            click.echo(line)
    else:
        click.echo(report.agreement(comparison, stacks))
    for line in comparison.not_checked:
        click.echo(line)
    click.echo(report.NOT_SEEN)
