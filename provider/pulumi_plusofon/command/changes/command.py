"""`plusofon changes`: what a preview changes for callers, from what `pulumi preview --json` printed.

Reads a file or a pipe; with --names also the lists of groups and other targets, by GETs. Writes nothing but
the file of `--markdown`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.api import ApiError
from pulumi_plusofon.command.options import as_json_option, ask, config_option, reported, targets_of, write
from pulumi_plusofon.command.output.tables import to_json
from pulumi_plusofon.policies.asking import read_settings
from pulumi_plusofon.pulumi_cli.state import StackError, read_entries
from pulumi_plusofon.runtime.setting_values import AdoptMode
from pulumi_plusofon.runtime.yaml import FileError, read_yaml

from . import report
from .changes import changes_of
from .planned import read_preview
from .report import as_markdown, failure_as_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.api import Client, ListedNumber
    from pulumi_plusofon.routes.words import Names

    from .model import CallerChanges

_FILE: Final = click.Path(path_type=Path)


@click.command()
@click.argument("preview", type=click.File("rb"), default="-", metavar="[FILE]")
@config_option
@click.option(
    "--names",
    is_flag=True,
    help="Ask the account of PLUSOFON_TOKEN for its numbers, and the names of groups and others.",
)
@as_json_option
@click.option("--markdown", "file", metavar="FILE", type=_FILE, help="Also write it as Markdown.")
def changes(
    *, preview: Any, policy_pack_config: Path | None, names: bool, as_json: bool, file: Path | None
) -> None:
    """Report what a preview changes for callers: `pulumi preview --json | plusofon changes`.

    For each number: where calls go now and where they will go, whether it is connected or disconnected, and
    what is dangerous about it, which stands first. The steps are rehearsed by the provider's own code on an
    account in memory: with --names on what the account lists, else on what the state has. The policies are
    asked as well. Exit status 1 where the preview itself failed or the report is not whole.
    """
    found = _read(preview, policy_pack_config, file, names=names)
    _show(found, as_json=as_json)
    if file is not None:
        write(file, as_markdown(found))
    if found.errors:
        raise click.ClickException("the preview failed: see what `pulumi preview` says")
    if not found.is_complete:
        raise click.ClickException("the report is not whole: see what is missing")


def _read(preview: Any, settings: Path | None, file: Path | None, *, names: bool) -> CallerChanges:
    try:
        with reported():
            planned = read_preview(_json(preview), _state_of)
            planned.adopts.setdefault(None, _adopt(planned.stack))
            found, listed = _account() if names else ({}, None)
            return changes_of(planned, read_settings(settings), found, listed)
    except click.ClickException as error:
        if file is not None:
            # Else a pipeline would show the file of an earlier run.
            write(file, failure_as_markdown(error.message))
        raise


def _json(preview: Any) -> Any:
    content = preview.read()
    if not content.strip():
        raise click.ClickException("there is no preview to read: `pulumi preview --json` printed nothing")
    try:
        return json.loads(content)
    except (RecursionError, ValueError):
        raise click.ClickException("this is no output of `pulumi preview --json`") from None


def _state_of(stack: str) -> Sequence[dict[str, Any]] | None:
    """The stack's state, for a preview without what stays; None where this is not the stack's project."""
    try:
        return read_entries(stack, Path.cwd())
    except StackError:
        # The report then says what it does not show, and how to have it.
        return None


def _adopt(stack: str) -> str:
    """`plusofon:adopt` as the `up` will have it: of the stack's file in this folder, else the environment."""
    try:
        config = read_yaml(Path(f"Pulumi.{stack}.yaml")).get("config")
        given = config.get("plusofon:adopt") if isinstance(config, dict) else None
    except (AttributeError, FileError):
        given = None
    mode = str(given or os.environ.get("PLUSOFON_ADOPT"))
    return mode if mode in get_args(AdoptMode) else "refuse"


def _account() -> tuple[Names, tuple[ListedNumber, ...] | None]:
    """The names of targets, and the account's list; None where it cannot be had."""
    (targets, problems), listed = ask(lambda client: (targets_of(client), _listed(client)))
    for line in problems:
        click.echo(f"names are not known: {line}", err=True)
    names: Names = {
        kind: {target.id: target.name for target in found if target.id is not None}
        for kind, found in targets.items()
    }
    return names, listed


def _listed(client: Client) -> tuple[ListedNumber, ...] | None:
    try:
        return client.list_numbers()
    except ApiError as error:
        click.echo(f"the account's numbers are not known: {with_advice(error, 'command')}", err=True)
        return None


def _show(found: CallerChanges, *, as_json: bool) -> None:
    if as_json:
        click.echo(to_json(report.as_json(found)))
        return
    for line, is_danger in report.lines(found):
        click.secho(line, fg="red" if is_danger else None)
