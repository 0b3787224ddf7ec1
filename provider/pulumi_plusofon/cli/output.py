"""Rows for people and for machines: a table in a terminal, plain columns in a pipe, JSON on request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

# In a pipe nothing is cut to the width of a screen that is not there.
_PIPE_WIDTH: Final = 1000
_WORDS: Final = {None: "-", True: "yes", False: "no"}


def to_json(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as a JSON array, values as they are."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2)


def as_table(title: str, rows: Sequence[dict[str, Any]], columns: tuple[str, ...], to: TextIO) -> None:
    """Print rows as a table whose headings are the columns' names."""
    terminal = to.isatty()
    table = Table(
        title=f"{title} ({len(rows)})" if terminal else None,
        box=box.ROUNDED if terminal else None,
        title_justify="left",
        pad_edge=terminal,
    )
    for column in columns:
        table.add_column(column.replace("_", " "), no_wrap=not terminal)
    for row in rows:
        # What a server says is text, never markup.
        table.add_row(*(Text(_word(row[column])) for column in columns))
    Console(file=to, width=None if terminal else _PIPE_WIDTH).print(table)


def _word(value: Any) -> str:
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)
