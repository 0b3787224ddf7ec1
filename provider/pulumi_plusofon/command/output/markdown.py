"""Markdown for a pull request or a page: sections and tables. No text of theirs acts on a Markdown reader.

GitHub shows nothing of a summary above 1 MiB, so a section has a limit, and says what it leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_BYTES: Final = 500_000
# Of one cell or paragraph, in characters: none is longer that a person wrote.
_LONGEST: Final = 2_000
# Of all paragraphs, so that there is room for a table.
_MOST_TEXT: Final = 250_000
# Room for the paragraph that says how many rows are left out.
_LEFT_OUT: Final = 1_000
# Whatever a Markdown reader may act on, in a cell of a table.
_MARKS: Final = re.compile(r"([\\`*_\[\]|~$])")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# A part of a text that stands whole in a code span: no service looks for links in there.
_PARTS: Final = re.compile(r"[^\s\\`|]+")
# Services find links, people, issues, commits and emoji in the text itself, after escapes are taken out.
_FOUND_BY_SERVICES: Final = re.compile(
    r"""
    [@#]                                            # people, issues, colours
    | :\S                                           # schemes, emoji
    | www\.
    | [!$%&^~][\w"']                                # merge requests, snippets, milestones, epics, labels
    | \b(?:gh|(?-i:[A-Z][A-Z0-9_]*))-[0-9]          # issues, also of other trackers
    | (?<!\w)(?=[0-9]*[a-f])[0-9a-f]{7,64}(?!\w)    # commits
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Table:
    """A table of texts; None is a dash. `elsewhere` says where the rows are that a section leaves out."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    elsewhere: str

    def within(self, most: int) -> str:
        """The table in at most so many bytes, and a paragraph with how many rows are left out."""
        lines = [_row(map(escaped, self.columns)), _row(["---"] * len(self.columns))]
        left = most - _LEFT_OUT - sum(map(_size, lines))
        for row in self.rows:
            line = _row(map(_cell, row))
            left -= _size(line)
            if left < 0:
                break
            lines.append(line)
        said = len(lines) - 2
        more = len(self.rows) - said
        if not more:
            return "\n".join(lines)
        closing = f"**{more} of {counted(len(self.rows), 'row')} left out: {self.elsewhere}.**"
        return "\n".join([*lines, "", closing])


def section(title: str, *parts: str | Table) -> str:
    """A heading, then paragraphs and tables that are Markdown already, in at most `MOST_BYTES`."""
    head = f"### {title}"
    kept = list(_most(parts))
    room = MOST_BYTES - sum(_size(part) + 1 for part in (head, *kept) if isinstance(part, str))
    tables = sum(isinstance(part, Table) for part in kept)
    shown = (part if isinstance(part, str) else part.within(room // tables) for part in kept)
    return "\n\n".join([head, *shown]) + "\n"


def escaped(text: str) -> str:
    """`text` on one line, and as it stands; a part in which a service would find something is a code span."""
    line = " ".join(text.split())
    if len(line) > _LONGEST:
        line = f"{line[:_LONGEST]}… ({len(line) - _LONGEST} more characters)"
    whole, end = [], 0
    for part in _PARTS.finditer(line):
        whole.append(_escaped(line[end : part.start()]))
        whole.append(f"`{part[0]}`" if _FOUND_BY_SERVICES.search(part[0]) else _escaped(part[0]))
        end = part.end()
    return "".join([*whole, _escaped(line[end:])])


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", "".join(_ENTITIES.get(letter, letter) for letter in text))


def _most(parts: Sequence[str | Table]) -> Iterator[str | Table]:
    """The parts, without the paragraphs that are too much; the last part is never left out."""
    room, left_out = _MOST_TEXT, 0
    for part in parts[:-1]:
        room -= _size(part) if isinstance(part, str) else 0
        if room > 0 or not isinstance(part, str):
            yield part
        else:
            left_out += 1
    if left_out:
        yield f"**{counted(left_out, 'paragraph')} left out.**"
    yield from parts[-1:]


def _cell(value: Any) -> str:
    return escaped("-" if value is None else str(value))


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def _size(line: str) -> int:
    """How many bytes a line takes with its end."""
    return len(line.encode("utf-8", "replace")) + 1
