"""`plusofon status --watch`: fetch registrations again and again, until Ctrl-C.

In a terminal it is one table that stays in its place, in a pipe a line for each change. A request that fails
is shown, and the watch goes on. Changes nothing.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Protocol

import click
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.command.output.tables import folded, to_json
from pulumi_plusofon.runtime import PlusofonError, clock

from .registrations import Look, Source, columns, failures, look, with_age

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class _View(Protocol):
    """Where a watch is shown."""

    def show(self, seen: Look) -> None:
        """Show a look."""
        ...

    def show_error(self, text: str) -> None:
        """Show that a look failed."""
        ...


def watch(asked: Sequence[Source], every: float, *, fails: bool, as_json: bool) -> None:
    """Ask every so many seconds; ends with Ctrl-C, or, if it `fails`, where a login is not registered."""
    is_live = sys.stdout.isatty() and not as_json
    with ExitStack() as screen:
        view = _Screen(screen.enter_context(_live()), every) if is_live else _Lines(as_json=as_json)
        try:
            _repeat(asked, every, view, fails=fails)
        except KeyboardInterrupt:
            # It is how a person ends a watch.
            return


def _repeat(asked: Sequence[Source], every: float, view: _View, *, fails: bool) -> None:
    while True:
        try:
            seen = look(asked)
        except PlusofonError as error:
            view.show_error(with_advice(error, "command"))
        else:
            view.show(seen)
            problems = failures(seen, fails=fails)
            if fails and problems:
                raise click.ClickException(problems)
        clock.sleep(every)


def _live() -> Live:
    return Live(console=Console(file=sys.stdout), auto_refresh=False)


class _Screen:
    """One table, and under it the time of its request, or why that failed."""

    def __init__(self, live: Live, every: float) -> None:
        self._live = live
        self._every = every
        self._rows: list[dict[str, Any]] = []

    def show(self, seen: Look) -> None:
        self._rows = [with_age(row) for row in seen.rows]
        self._draw(f"{_now()}, every {self._every:g} s; Ctrl-C ends it")

    def show_error(self, text: str) -> None:
        self._draw(f"{_now()}, and the table is of before: {text}")

    def _draw(self, line: str) -> None:
        of_stack = any("resource" in row for row in self._rows)
        table = folded("Registrations", self._rows, columns(of_stack=of_stack))
        self._live.update(Group(table, Text(line)), refresh=True)


class _Lines:
    """One line for each change: of a login's status or date, or of the error."""

    def __init__(self, *, as_json: bool) -> None:
        self._write: Callable[[dict[str, Any]], str] = _as_object if as_json else _as_line
        self._before: dict[tuple[str | None, str], Any] = {}
        self._error: str | None = None

    def show(self, seen: Look) -> None:
        self._error = None
        now = {_key(row): (row["status"], row["date"]) for row in seen.rows}
        for row in seen.rows:
            key = _key(row)
            if key not in self._before or self._before[key] != now[key]:
                self._print(row)
        # Only where all logins of the account are asked for: those that are wanted always have a row.
        for resource, login in self._before.keys() - now.keys():
            gone = {"login": login, "status": None, "date": None, "age_seconds": None}
            self._print(gone if resource is None else {**gone, "resource": resource})
        self._before = now

    def show_error(self, text: str) -> None:
        if text != self._error:
            self._print({"error": text})
        self._error = text

    def _print(self, change: dict[str, Any]) -> None:
        click.echo(self._write({"time": _now(), **change}))


def _key(row: dict[str, Any]) -> tuple[str | None, str]:
    return row.get("resource"), row["login"]


def _as_object(change: dict[str, Any]) -> str:
    return to_json(change, on_one_line=True)


def _as_line(change: dict[str, Any]) -> str:
    if "error" in change:
        return f"{change['time']}  {change['error']}"
    words = [change["time"], change["login"], change.get("resource"), change["status"] or "not known"]
    if change["date"]:
        age = with_age(change)["age"]
        words.append(f"since {change['date']}" + (f" ({age})" if age else ""))
    return "  ".join(filter(None, words))


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
