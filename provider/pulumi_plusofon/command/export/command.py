"""`plusofon export`: a living account as a project, or as a copy for the sandbox. Sends GETs alone.

One `GET /api/v1/number/external`; for a copy also the lists of what forwardings can lead to. Never overwrites
a file unasked.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import track

from pulumi_plusofon.command.options import ask, reported, targets_of
from pulumi_plusofon.command.output.numbers import with_e164, with_plus
from pulumi_plusofon.command.output.tables import as_table, to_json
from pulumi_plusofon.runtime.text import counted
from pulumi_plusofon.session import own_numbers

from . import program, snapshot
from .files import write_files
from .names import names_of
from .seed import copy_of
from .snapshot import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_plusofon.api import Client, ListedNumber, Target, TargetKind

# Fewer than this are read before a person looks.
_SHOWS_PROGRESS: Final = 200
# Entries that are left out for one reason.
_MOST: Final = 10
_FORMS: Final = ("program", "config", "seed")


@click.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "form",
    type=click.Choice(_FORMS),
    default="program",
    show_default=True,
    help="A program, a list in YAML, or a copy for `plusofon sandbox --seed` (DIR is then a file).",
)
@click.option("--match", "pattern", metavar="GLOB", help='Numbers that fit, such as "+7495*".')
@click.option("--type", "number_type", type=click.Choice(["ate", "sipuri"]), help="Numbers of this type.")
@click.option(
    "--names",
    type=click.Path(dir_okay=False, path_type=Path),
    help="YAML that maps numbers to the names of their resources.  [default: the digits]",
)
@click.option("--force", is_flag=True, help="Overwrite the files of an earlier export.")
@click.option("--strict", is_flag=True, help="Exit 1 where the account has what is left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def export(
    target: Path,
    form: str,
    pattern: str | None,
    number_type: str | None,
    names: Path | None,
    *,
    force: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Write the account's external numbers into the new project DIR, as they are.

    Nothing is changed in the account. What cannot be declared is listed with its reason and left out.
    """
    if form == "seed" and names:
        raise click.UsageError("--names is for a project: a copy has no resources")
    if form == "seed":
        report = _seed(target, pattern, number_type, force=force)
    else:
        report = _project(target, form, pattern, number_type, names, force=force)
    if as_json:
        values = {
            "written": report.written,
            "numbers": report.numbers,
            "left_out": list(map(with_e164, report.left_out)),
        }
        click.echo(to_json(values))
    else:
        _show_left_out(report.left_out)
        click.echo("\n".join(report.lines))
    if strict and report.left_out:
        raise click.ClickException(f"{len(report.left_out)} entries of the account are left out")


@dataclass(frozen=True)
class _Report:
    """What was written and what was left out; `lines` are for a person."""

    written: list[str]
    numbers: int
    left_out: list[dict[str, Any]]
    lines: tuple[str, ...]


def _project(
    folder: Path,
    form: str,
    pattern: str | None,
    number_type: str | None,
    names: Path | None,
    *,
    force: bool,
) -> _Report:
    listed = ask(own_numbers)
    chosen = _chosen(listed, pattern, number_type)
    taken = snapshot.take(listed, _counted(chosen))
    left_out = [
        {"number": entry.entry.number, "id": entry.entry.id, "reason": entry.reason}
        for entry in taken.left_out
    ]
    if not taken.numbers:
        _show_left_out(left_out)
        raise click.ClickException("the account has no number that can be exported; nothing was written")
    with reported():
        named = names_of(taken.numbers, names, listed)
        make = program.as_program if form == "program" else program.as_config
        files = make(taken, named, program.project_name(folder.resolve().name))
        write_files({folder / name: text for name, text in files.items()}, force=force)
    count = len(taken.numbers)
    lines = (
        f"{counted(count, 'number')} in {folder}: {', '.join(files)}",
        f"Next: cd {quote(str(folder))}; pulumi stack init NAME; plusofon adopt --stack NAME --preview",
    )
    return _Report(list(files), count, left_out, lines)


def _seed(file: Path, pattern: str | None, number_type: str | None, *, force: bool) -> _Report:
    listed, targets, problems = ask(_account)
    copy = copy_of(_chosen(listed, pattern, number_type), targets)
    content = copy.content
    with reported():
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        write_files({file: text}, force=force, private=True)
    left_out = [{"number": None, "id": None, "reason": reason} for reason in (*problems, *copy.left_out)]
    count = len(content["numbers"])
    lines = (
        f"{counted(count, 'number')} and {len(content['entries'])} other entries in {file}",
        "It has no SIP passwords and no forwardings: the API shows neither.",
        f"Next: plusofon sandbox --db copy.db --seed {quote(str(file))}",
    )
    return _Report([str(file)], count, left_out, lines)


def _account(
    client: Client,
) -> tuple[tuple[ListedNumber, ...], dict[TargetKind, tuple[Target, ...]], list[str]]:
    """All that a copy needs."""
    return own_numbers(client), *targets_of(client)


def _chosen(
    listed: Sequence[ListedNumber], pattern: str | None, number_type: str | None
) -> list[ListedNumber]:
    chosen = matching(listed, pattern, number_type)
    if listed and not chosen:
        raise click.ClickException(
            f"none of the account's {len(listed)} entries fits --match and --type; nothing was written"
        )
    return chosen


def _counted(listed: Sequence[ListedNumber]) -> Iterable[ListedNumber]:
    """The entries, shown as they are read where a person waits for many."""
    if len(listed) < _SHOWS_PROGRESS or not sys.stderr.isatty():
        return listed
    return track(listed, "Reading numbers", console=Console(stderr=True), transient=True)


def _show_left_out(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    click.echo(f"Left out, {len(rows)} of the account's entries:", err=True)
    by_reason: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_reason.setdefault(row["reason"], []).append(row)
    shown = [with_plus(row) for alike in by_reason.values() for row in alike[:_MOST]]
    as_table("Left out", shown, ("number", "id", "reason"), sys.stderr)
    for reason, alike in by_reason.items():
        if more := len(alike) - len(alike[:_MOST]):
            click.echo(f"and {more} more ({len(alike)} in all): {reason}; --json lists them", err=True)
