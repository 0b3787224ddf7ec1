"""`plusofon routes`: draw where the calls of a stack's numbers go, and report problems.

Reads the state, and with a token the account by GETs. Changes nothing.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pulumi_plusofon.command.options import config_option, reported, stacks_option
from pulumi_plusofon.command.output.tables import to_json
from pulumi_plusofon.policies.settings_file import read_settings
from pulumi_plusofon.routes.drawing import FORMATS, tree
from pulumi_plusofon.schema.phone import number_among

from .mask import masked
from .picture import chosen, picture
from .problems import PROBLEM_KINDS
from .report import as_json, problems, summary, unmanaged
from .sources import of_stacks, of_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .overview import Route
    from .sources import Gathered

_FORMATS: Final = ("tree", "mermaid", "svg", "json")
_ALL: Final = "all"


@click.command()
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@stacks_option()
@click.option(
    "--state",
    metavar="FILE",
    type=click.File("rb"),
    help="A state that `pulumi stack export` wrote, in place of a stack; - reads a pipe.",
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="tree", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--mask", is_flag=True, help="Hide all but the country and the last two digits of numbers.")
@click.option("--only-problems", is_flag=True, help="Show only numbers with problems, and what they lead to.")
@click.option("--check", is_flag=True, help="Exit with status 1 where there are problems.")
@click.option(
    "--allow",
    "allowed",
    type=click.Choice([*PROBLEM_KINDS, _ALL]),
    multiple=True,
    help="A kind of problem that --check lets pass; a profile that would be refused never does.",
)
@config_option
def routes(**options: Any) -> None:
    """Draw where the calls of each number of a stack go, and report problems.

    Forwardings are shown as the stack last set them: the API does not return them.

    With a token the account says which numbers are registered, which are in no stack, and what groups and
    other targets are called. Problems are marked. The policies check the stack as it is and, with
    --stack, of every profile of its data.
    """
    if bool(options["stacks"]) == bool(options["state"]):
        raise click.UsageError("give --stack, or --state FILE")
    gathered = cache(lambda: _gathered(options))
    wanted = [_digits(text, lambda: _numbers(gathered())) for text in options["numbers"]]
    found = gathered()
    shown = _chosen(found, wanted, only_problems=options["only_problems"])
    _show(found, shown, options)
    if options["check"]:
        _check(found, shown, options["allowed"])


def _gathered(options: dict[str, Any]) -> Gathered:
    with reported():
        rules = read_settings(options["policy_pack_config"])
        if options["stacks"]:
            return of_stacks(options["stacks"], Path.cwd(), rules)
        return of_state(options["state"].read(), rules)


def _chosen(found: Gathered, wanted: Sequence[str], *, only_problems: bool) -> list[Route]:
    there = _numbers(found)
    if missing := [number for number in wanted if number not in there]:
        raise click.ClickException(f"{', '.join(missing)}: no such number in the stack or the account")
    return chosen(found.routes, wanted, only_problems=only_problems)


def _numbers(found: Gathered) -> set[str]:
    return {route.number for route in found.routes}


def _digits(number: str, listed: Callable[[], set[str]]) -> str:
    try:
        return number_among(number, listed)
    except ValueError as problem:
        raise click.UsageError(f"{number}: {problem}") from None


def _show(found: Gathered, shown: Sequence[Route], options: dict[str, Any]) -> None:
    mask = masked if options["mask"] else str
    if options["as_json"] or options["form"] == "json":
        click.echo(to_json(as_json(shown, found, mask)))
        return
    asked = bool(options["numbers"])
    # A picture of a stack shows the stack; what else the account has is one line.
    drawn_routes = [route for route in shown if asked or not route.is_unmanaged]
    drawn = picture(found.title, drawn_routes, mask)
    if options["form"] != "tree":
        click.echo(FORMATS[options["form"]](drawn).rstrip("\n"))
        return
    if not drawn_routes:
        click.echo("no numbers")
    letters = (sys.stdout.encoding or "").lower().startswith("utf")
    click.echo(tree.drawn(drawn, ascii_only=not letters).rstrip("\n"))
    click.echo()
    click.echo(summary(drawn_routes, found.profiles))
    if not asked and (line := unmanaged(shown, options["stacks"])):
        click.echo(mask(line))
    _say(map(mask, found.notes))


def _check(found: Gathered, shown: Sequence[Route], allowed: Sequence[str]) -> None:
    context = click.get_current_context()
    mask = masked if context.params["mask"] else str
    passed = PROBLEM_KINDS if _ALL in allowed else allowed
    lines = [mask(line) for line in problems(shown, found, passed)]
    if lines:
        _say(lines)
        context.exit(1)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, err=True)
