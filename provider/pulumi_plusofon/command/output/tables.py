"""Rows for people and for machines: a table in a terminal, plain columns in a pipe, JSON on request."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANY_WIDTH: Final = 1_000_000  # wider than any row
_WORDS: Final = {None: "-", True: "yes", False: "no"}


def to_json(values: Sequence[dict[str, Any]] | dict[str, Any], *, on_one_line: bool = False) -> str:
    """Rows as a JSON array, or one object; texts as they are where the output's encoding has every letter."""
    letters = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(values, ensure_ascii=not letters, indent=None if on_one_line else 2)


def as_table(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], to: TextIO) -> None:
    """Print rows as a table whose headings are the columns' names, each value whole and on one line.

    A screen that is too narrow for the frame gets the plain columns of a pipe, whose lines it breaks itself.
    """
    screen = Console(file=to)
    framed = _table(title, rows, columns, framed=True)
    if to.isatty() and _width(screen, framed) <= screen.width:
        screen.print(framed)
    else:
        plain = _table(title, rows, columns, framed=False)
        Console(file=to, width=_width(screen, plain)).print(plain)


def folded(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...]) -> Table:
    """A framed table for a part of a screen, which breaks a value in two where it is too narrow."""
    return _table(title, rows, columns, framed=True, no_wrap=False)


def _table(
    title: str,
    rows: Sequence[dict[str, Any]],
    columns: tuple[str, ...],
    *,
    framed: bool,
    no_wrap: bool = True,
) -> Table:
    table = Table(
        title=f"{title} ({len(rows)})" if framed else None,
        box=box.ROUNDED if framed else None,
        title_justify="left",
        pad_edge=framed,
    )
    for column in columns:
        table.add_column(
            column.replace("_", " "), no_wrap=no_wrap, overflow="ellipsis" if no_wrap else "fold"
        )
    for row in rows:
        # What a server says is text, never markup.
        table.add_row(*(Text(_word(row[column])) for column in columns))
    return table


def _width(screen: Console, table: Table) -> int:
    return Measurement.get(screen, screen.options.update(width=_ANY_WIDTH), table).maximum


def _word(value: Any) -> str:
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)
