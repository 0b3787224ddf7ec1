"""Markdown for a pull request or a page: sections and tables. No text of theirs acts on a Markdown reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Whatever a Markdown reader may act on, in a cell of a table.
_MARKS: Final = re.compile(r"([\\`*_\[\]|~$])")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}


def section(title: str, *paragraphs: str) -> str:
    """A heading and paragraphs that are Markdown already."""
    return "\n\n".join([f"### {title}", *paragraphs]) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table of texts; None is a dash."""
    return "\n".join(
        [_row(map(escaped, columns)), _row(["---"] * len(columns)), *(_row(map(_cell, row)) for row in rows)]
    )


def escaped(text: str) -> str:
    """`text` on one line, and as it stands."""
    safe = "".join(_ENTITIES.get(letter, letter) for letter in " ".join(text.split()))
    return _MARKS.sub(r"\\\1", safe)


def _cell(value: Any) -> str:
    return escaped("-" if value is None else str(value))


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"
