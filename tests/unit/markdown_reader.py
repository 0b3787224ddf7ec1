"""Markdown as a service reads it: what a text shows, and what of it stands outside of code spans."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

_READER: Final = MarkdownIt("commonmark").enable("table")
_HARMLESS: Final = ("text", "code_inline")


def inlines(markdown: str) -> list[Token]:
    """The texts of a page: paragraphs, headings and cells."""
    return [token for token in _READER.parse(markdown) if token.type == "inline"]


def cells(markdown: str) -> list[Token]:
    """The cells of a page's tables, row after row, without the headings."""
    tokens = _READER.parse(markdown)
    return [token for before, token in pairwise(tokens) if before.type == "td_open"]


def shown(inline: Token) -> str:
    """The letters that a reader sees. Raises `AssertionError` for anything that is more than text."""
    children = inline.children or []
    assert [child.type for child in children if child.type not in _HARMLESS] == []
    return "".join(child.content for child in children)


def outside_code(inline: Token) -> str:
    """What services look through for links and names; a blank stands for each code span."""
    return "".join(child.content if child.type == "text" else " " for child in inline.children or [])
