"""Writes a run's figures into docs/performance.md, between its markers, and the pictures beside it.

No figure of that page is typed; what stands outside of the markers is left as it is.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from .pictures import draw
from .report import COLUMNS, row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .results import Results

_BETWEEN: Final = re.compile(r"(<!-- figures -->\n).*(<!-- end of figures -->)", re.DOTALL)


def write(results: Results, docs: Path) -> None:
    """Bring the page and its pictures to these results."""
    page = docs / "performance.md"
    text = page.read_text("utf-8")
    page.write_text(_BETWEEN.sub(lambda found: f"{found[1]}{tables(results)}{found[2]}", text), "utf-8")
    draw(results, docs / "performance")


def tables(results: Results) -> str:
    """The figures as Markdown, a table for each section."""
    parts = [", ".join(results.machine.values()) + ".\n\n"]
    for section, members in groupby(results.figures, key=lambda figure: figure.section):
        parts += [f"### {section}\n\n", _line(COLUMNS), _line("---" for _ in COLUMNS)]
        parts += [_line(row(figure).values()) for figure in members]
        parts.append("\n")
    return "".join(parts)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
