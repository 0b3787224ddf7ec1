"""`plusofon status`: whether logins are registered. One `GET /api/v1/number/external/status`.

With `--watch` one such request every few seconds. Changes nothing.
"""

from __future__ import annotations

import click

from pulumi_plusofon.command.options import as_json_option, reported, show

from .registrations import Look, columns, failures, look, sources, with_age
from .watch import watch as keep_watching


@click.command()
@click.argument("logins", nargs=-1)
@click.option(
    "--stack",
    metavar="STACK",
    help="The logins of this stack's `ate` numbers, asked with its token and address; LOGINS selects some.",
)
@click.option("--watch", is_flag=True, help="Ask again and again, and show what changes; Ctrl-C ends it.")
@click.option(
    "--every",
    metavar="SECONDS",
    type=click.FloatRange(min=1),
    default=5.0,
    show_default=True,
    help="With --watch: how often.",
)
@click.option(
    "--fail-if-unregistered",
    "fails",
    is_flag=True,
    help="Exit with status 1 where a login is not registered; with --watch at the first such sight.",
)
@as_json_option
def status(
    *, logins: tuple[str, ...], stack: str | None, watch: bool, every: float, fails: bool, as_json: bool
) -> None:
    """Show whether SIP LOGINS of `ate` numbers are registered (without any: all that the API lists).

    The age is the time since the status' date. The API does not say in which time zone that is: it is read as
    UTC.
    """
    if watch:
        with reported(), sources(logins, stack, retries=0) as asked:
            keep_watching(asked, every, fails=fails, as_json=as_json)
        return
    with reported(), sources(logins, stack) as asked:
        seen = look(asked)
    _print(seen, of_stack=stack is not None, as_json=as_json)
    problems = failures(seen, fails=fails)
    if problems:
        raise click.ClickException(problems)


def _print(seen: Look, *, of_stack: bool, as_json: bool) -> None:
    # A login that the account does not know is an error below, and no row.
    rows = [row if as_json else with_age(row) for row in seen.rows if row["status"] is not None]
    show("Registrations", rows, columns(of_stack=of_stack), as_json=as_json)
