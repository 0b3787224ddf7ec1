"""`plusofon export`: a living account as a project, or as a copy for the sandbox. Sends GETs alone.

One `GET /api/v1/number/external`; for a copy also the lists of what forwardings can lead to. Never overwrites
a file unasked.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .asking import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.api import Client, ListedNumber, Target, TargetKind
    from pulumi_plusofon.migration.snapshot import Snapshot

# Fewer than this are read before a person looks.
_SHOWS_PROGRESS: Final = 200
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
    from pulumi_plusofon.migration.snapshot import matching  # noqa: PLC0415 - slow, see `asking`

    if form == "seed" and names:
        raise click.UsageError("--names is for a project: a copy has no resources")
    if form == "seed":
        account, targets, problems = ask(_account)
        _write_seed(target, matching(account, pattern, number_type), targets, problems, force=force)
        return
    listed = matching(ask(lambda client: client.list_numbers()), pattern, number_type)
    snapshot = _snapshot(listed)
    if not snapshot.numbers:
        _show_left_out(snapshot)
        raise click.ClickException("the account has no number that can be exported; nothing was written")
    written = _write_project(target, form, snapshot, names, force=force)
    if as_json:
        click.echo(_as_json(written, snapshot))
    else:
        _show_left_out(snapshot)
        click.echo(f"{len(snapshot.numbers)} numbers in {target}: {', '.join(written)}")
        click.echo(f"Next: cd {target}; pulumi stack init NAME; plusofon adopt --stack NAME --preview")
    if strict and snapshot.left_out:
        raise click.ClickException(f"{len(snapshot.left_out)} entries are left out")


def _account(
    client: Client,
) -> tuple[tuple[ListedNumber, ...], dict[TargetKind, tuple[Target, ...]], list[str]]:
    """All that a copy needs; a list of targets that cannot be had is a problem, not the end."""
    from pulumi_plusofon.advice import with_advice  # noqa: PLC0415
    from pulumi_plusofon.api import ApiError  # noqa: PLC0415
    from pulumi_plusofon.schema.fields import NAMED  # noqa: PLC0415

    targets: dict[TargetKind, tuple[Target, ...]] = {}
    problems = []
    listed = client.list_numbers()
    for kind in NAMED:
        try:
            targets[kind] = client.list_targets(kind)
        except ApiError as error:  # noqa: PERF203 - of four lists
            problems.append(with_advice(error, "command"))
    return listed, targets, problems


def _snapshot(listed: list[ListedNumber]) -> Snapshot:
    from pulumi_plusofon.migration.snapshot import take  # noqa: PLC0415

    if len(listed) < _SHOWS_PROGRESS or not sys.stderr.isatty():
        return take(listed)
    return take(listed, _counted(listed))


def _counted(listed: list[ListedNumber]) -> Iterator[ListedNumber]:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    yield from track(listed, "Reading numbers", console=Console(stderr=True), transient=True)


def _write_project(
    folder: Path, form: str, snapshot: Snapshot, names: Path | None, *, force: bool
) -> list[str]:
    from pulumi_plusofon.migration import program  # noqa: PLC0415
    from pulumi_plusofon.migration.naming import NamesError, names_of  # noqa: PLC0415

    try:
        named = names_of(snapshot.numbers, names)
    except NamesError as error:
        raise click.ClickException(str(error)) from None
    make = program.as_program if form == "program" else program.as_config
    files = make(snapshot, named, program.project_name(folder.resolve().name))
    _write({folder / name: text for name, text in files.items()}, force=force)
    return list(files)


def _write_seed(
    file: Path,
    listed: list[ListedNumber],
    targets: dict[TargetKind, tuple[Target, ...]],
    problems: list[str],
    *,
    force: bool,
) -> None:
    from pulumi_plusofon.migration.seed import copy_of  # noqa: PLC0415

    copy = copy_of(listed, targets)
    _write({file: json.dumps(copy, ensure_ascii=False, indent=2) + "\n"}, force=force, private=True)
    for problem in problems:
        click.echo(f"left out: {problem}", err=True)
    click.echo(f"{len(listed)} entries in {file}")
    click.echo("It has no SIP passwords and no forwardings: the API shows neither.")
    click.echo(f"Next: plusofon sandbox --db copy.db --seed {file}")


def _write(files: dict[Path, str], *, force: bool, private: bool = False) -> None:
    """Write all files, each whole or not at all; without `force` none that is there."""
    there = [str(file) for file in files if file.exists() or file.is_symlink()]
    if there and not force:
        raise click.ClickException(
            f"{', '.join(there)}: exists already, and nothing was written; --force overwrites it"
        )
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            new = file.with_name(f"{file.name}.new")
            new.touch(mode=0o600 if private else 0o666)
            new.write_text(text, "utf-8", newline="\n")
            new.replace(file)
    except OSError as error:
        raise click.ClickException(f"{error.filename or ''}: {error.strerror}") from None


def _show_left_out(snapshot: Snapshot) -> None:
    if not snapshot.left_out:
        return
    from pulumi_plusofon.tables import as_table  # noqa: PLC0415

    rows = _left_out(snapshot)
    click.echo(f"Left out, {len(rows)} of the account's entries:", err=True)
    as_table("Left out", rows, ("number", "id", "reason"), sys.stderr)


def _left_out(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {"number": one.entry.number, "id": one.entry.id, "reason": one.reason} for one in snapshot.left_out
    ]


def _as_json(written: list[str], snapshot: Snapshot) -> str:
    from pulumi_plusofon.tables import to_json  # noqa: PLC0415

    return to_json({"written": written, "numbers": len(snapshot.numbers), "left_out": _left_out(snapshot)})
