"""Show a run to a person: its progress, and the figures beside their budgets."""

from __future__ import annotations

import contextlib
import sys
import time
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pulumi_plusofon.command.output.tables import as_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from .results import Figure

COLUMNS: Final = ("what", "measured", "budget", "holds", "beside")
_HOLDS: Final = {None: "", True: "holds", False: "DOES NOT HOLD"}


@contextlib.contextmanager
def progress(steps: int) -> Iterator[Callable[[str], AbstractContextManager[None]]]:
    """Give a context for one of so many steps: a bar in a terminal, a line at the end of each in a pipe."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=steps)
        done = 0

        @contextlib.contextmanager
        def step(what: str) -> Iterator[None]:
            nonlocal done
            bar.update(task, description=what)
            started = time.monotonic()
            yield
            done += 1
            bar.advance(task)
            if not console.is_terminal:
                click.echo(f"[{done}/{steps}] {what}: {time.monotonic() - started:.1f} s", err=True)

        yield step


def show(figures: Sequence[Figure]) -> None:
    """Print the figures, a table for each section."""
    for section, members in groupby(figures, key=lambda figure: figure.section):
        click.echo(f"\n{section}" if not sys.stdout.isatty() else "")
        as_table(section, [row(figure) for figure in members], COLUMNS, sys.stdout)


def row(figure: Figure) -> dict[str, Any]:
    """A figure in words."""
    return {
        "what": figure.what,
        "measured": f"{_number(figure.value)} {figure.unit}",
        "budget": _budget(figure),
        "holds": _HOLDS[figure.holds],
        "beside": figure.beside,
    }


def _budget(figure: Figure) -> str:
    if figure.most is not None:
        return f"at most {_number(figure.most)}"
    return "" if figure.least is None else f"at least {_number(figure.least)}"


def _number(value: float) -> str:
    """As exact as it deserves: 427, 60.5, 1.04."""
    if value == int(value) or value >= 100:  # noqa: PLR2004 - three digits are enough
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004 - as above
