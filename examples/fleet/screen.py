"""Show a rollout to a person: bars in a terminal, plain lines in a pipe, and a table of the results.

Progress goes to standard error, so that standard output holds the table or the JSON alone.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from threading import Lock
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

    from declaration import Customer
    from stacks import Result

_STYLES: Final = {"as declared": "dim", "rolled out": "green", "failed": "red"}
_CALM: Final = "as declared"
# With more customers than this, those with nothing to do would hide the others.
_MOST_CALM: Final = 40
# In a pipe nothing is cut to the width of a screen that is not there.
_PIPE_WIDTH: Final = 1000


class Screen:
    """The progress of all customers, from entering the context to leaving it."""

    def __init__(self, customers: Sequence[Customer]) -> None:
        self._live = sys.stderr.isatty()
        self._console = Console(stderr=True, highlight=False, width=None if self._live else _PIPE_WIDTH)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console, disable=not self._live)
        self._total = self._progress.add_task("customers", total=len(customers))
        self._done = 0
        self._count = len(customers)
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, customer: Customer) -> Bar:
        """Show that a customer's turn has come."""
        return Bar(self._progress, customer)

    def end(self, bar: Bar, result: Result) -> None:
        """Show how it ended for a customer."""
        bar.close()
        with self._lock:
            self._done += 1
            line = f"[{self._done}/{self._count}] {result.customer}: {result.outcome}"
        if result.problem:
            line += f": {result.problem}"
        self._console.print(Text(line, style=_STYLES.get(result.outcome, "yellow")))
        self._progress.advance(self._total)

    def say(self, text: str) -> None:
        """Say something beside the bars."""
        self._console.print(Text(text))


class Bar:
    """One customer's bar: resources done, of those declared."""

    def __init__(self, progress: Progress, customer: Customer) -> None:
        self._progress = progress
        # Its numbers, their forwardings, and what the engine keeps of itself: the stack and the provider.
        forwards = sum(isinstance(entry, dict) and bool(entry.get("forward")) for entry in customer.numbers)
        total = len(customer.numbers) + forwards + 2
        self._task: TaskID = progress.add_task(customer.name, total=total)
        self._seen: set[str] = set()

    def advance(self, urn: str) -> None:
        """Count a resource; a replaced one comes twice and is one."""
        self._seen.add(urn)
        self._progress.update(self._task, completed=len(self._seen))

    def close(self) -> None:
        """Make room for the next one."""
        self._progress.remove_task(self._task)


def print_table(results: Sequence[Result]) -> None:
    """How it ended for each, for a person; of many, those with nothing to do are counted."""
    shown = [result for result in results if result.outcome != _CALM or len(results) <= _MOST_CALM]
    live = sys.stdout.isatty()
    headings = ("customer", "outcome", "changes", "seconds", "problem")
    table = Table(*headings, box=box.ROUNDED if live else None, pad_edge=live)
    for result in shown:
        changes = ", ".join(f"{count} {kind}" for kind, count in sorted(result.changes.items())) or "-"
        cells = (result.customer, result.outcome, changes, f"{result.seconds:.1f}", result.problem or "-")
        # What a server says is text, never markup.
        table.add_row(*map(Text, cells), style=_STYLES.get(result.outcome, "yellow"))
    console = Console(width=None if live else _PIPE_WIDTH)
    if shown:
        console.print(table)
    if calm := len(results) - len(shown):
        console.print(f"{_CALM}: {calm} customers")


def print_json(results: Sequence[Result]) -> None:
    """The same for a machine."""
    sys.stdout.write(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2) + "\n")
