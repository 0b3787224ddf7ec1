"""Shared parts of the subcommands: a read of the account, rows as a table or JSON, an error as a line."""

from __future__ import annotations

import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.api import ApiError, Client
from pulumi_plusofon.runtime import PlusofonError, Settings
from pulumi_plusofon.schema.targets import NAMED

from .output.numbers import with_e164, with_plus
from .output.tables import as_table, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pulumi_plusofon.api import Target, TargetKind

_Answer = TypeVar("_Answer")
_Command = TypeVar("_Command", bound="Callable[..., Any]")
config_option = click.option(
    "--policy-pack-config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    # The engine's own variable for its option of this name.
    envvar="PULUMI_OPTION_POLICY_PACK_CONFIG",
    show_envvar=True,
    help="The settings of the policies, as `pulumi up` takes them.",
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def stacks_option(*, required: bool = False) -> Callable[[_Command], _Command]:
    """The option that names stacks of the project in the working folder."""
    return click.option(
        "--stack",
        "stacks",
        metavar="STACK",
        multiple=True,
        required=required,
        help="A stack of the project in this folder, whose token, address and state are used.",
    )


@contextmanager
def reported() -> Iterator[None]:
    """A block in which an error for a person becomes a line and exit status 1."""
    try:
        yield
    except PlusofonError as error:
        raise click.ClickException(with_advice(error, "command")) from None


def ask(question: Callable[[Client], _Answer]) -> _Answer:
    """The answer to `question`, with the settings of the environment; what fails ends with status 1.

    No command changes the account: the client refuses what is no GET.
    """
    with reported(), closing(Client(replace(Settings.from_environment(), read_only=True))) as client:
        return question(client)


def targets_of(client: Client) -> tuple[dict[TargetKind, tuple[Target, ...]], list[str]]:
    """The targets of forwardings by kind, and a line for each list that cannot be had: it hides no other."""
    targets: dict[TargetKind, tuple[Target, ...]] = {}
    problems = []
    for kind in NAMED:
        try:
            targets[kind] = client.list_targets(kind)
        except ApiError as error:  # noqa: PERF203 - of four lists
            problems.append(with_advice(error, "command"))
    return targets, problems


def show(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    """Print `rows`, as a table or as JSON."""
    if as_json:
        click.echo(to_json(rows))
    else:
        print_table(title, rows, columns)


def show_numbers(
    title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool
) -> None:
    """Print `rows` with a phone number each, as a table or as JSON."""
    show(title, [with_e164(row) if as_json else with_plus(row) for row in rows], columns, as_json=as_json)


def write(file: Path, text: str) -> None:
    """Write a file that the person named."""
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{click.format_filename(file)}: {error.strerror}") from None


def print_table(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...]) -> None:
    """Print `rows` as a table."""
    as_table(title, rows, columns, sys.stdout)
