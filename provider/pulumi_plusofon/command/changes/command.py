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
from pulumi_plusofon.command.options import as_json_option, ask, config_option, reported, write
from pulumi_plusofon.command.output.tables import to_json
from pulumi_plusofon.policies.settings_file import read_settings
from pulumi_plusofon.pulumi_cli.files import config_in, find_project
from pulumi_plusofon.pulumi_cli.state import StackError, read_entries
from pulumi_plusofon.runtime.setting_values import AdoptMode
from pulumi_plusofon.runtime.yaml import FileError
from pulumi_plusofon.session import AccountSession, Directory, ReferenceCheck

from . import report
from .changes import changes_of
from .planned import read_preview
from .report import as_markdown, failure_as_markdown
from .targets import Targets, kinds_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.api import Client, ListedNumber

    from .model import CallerChanges
    from .planned import Planned

_FILE: Final = click.Path(path_type=Path)
_OTHER: Final = (
    "the ids of targets were not checked: PLUSOFON_TOKEN is another account's than the one that the stack's"
    " numbers are in"
)


@click.command()
@click.argument("preview", type=click.File("rb"), default="-", metavar="[FILE]")
@config_option
@click.option(
    "--names",
    is_flag=True,
    help="Ask the account of PLUSOFON_TOKEN for its numbers, and for the groups and others that are used.",
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
            rules = read_settings(settings)
            if not names:
                return changes_of(planned, rules)
            return ask(lambda client: changes_of(planned, rules, *_account(client, planned)))
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
    """`plusofon:adopt` as the `up` will have it: of the stack's file, the project's, or the environment."""
    try:
        project = find_project(Path.cwd())
        given = project.of_all("plusofon:adopt") if project else None
        if project and (file := project.stack_file(stack)).exists():
            given = config_in(file).get("plusofon:adopt", given)
    except FileError:
        given = None
    mode = str(given or os.environ.get("PLUSOFON_ADOPT"))
    return mode if mode in get_args(AdoptMode) else "refuse"


def _account(client: Client, planned: Planned) -> tuple[Targets, list[ListedNumber] | None]:
    """The targets of the account, and its list; None where that cannot be had. Raises `WrongAccountError`."""
    session = AccountSession(client)
    try:
        listed = session.entries()
        is_other = any(session.is_other(customer) for customer in planned.customers)
    except ApiError as error:
        click.echo(f"the account's numbers are not known: {with_advice(error, 'command')}", err=True)
        listed, is_other = None, False
    if is_other:
        return Targets(notes=[_OTHER]), listed
    check = ReferenceCheck(Directory(client.list_targets))
    return Targets({kind: check.names(kind) for kind in kinds_used(planned)}, check), listed


def _show(found: CallerChanges, *, as_json: bool) -> None:
    if as_json:
        click.echo(to_json(report.as_json(found)))
        return
    for line, is_danger in report.lines(found):
        click.secho(line, fg="red" if is_danger else None)
