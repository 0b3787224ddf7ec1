"""The Russian pages show what the English ones show: tests type those blocks, and these are the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# A Russian page, and the section of its English one that is the first without a translation.
PAGES = [
    (ROOT / "README.ru.md", "Failures of generic providers"),
    (ROOT / "docs" / "living-accounts.ru.md", "Later changes"),
]
BLOCK = re.compile(r"^```\w+\n.*?^```$", re.MULTILINE | re.DOTALL)
pages = pytest.mark.parametrize(("page", "end"), PAGES, ids=lambda value: getattr(value, "name", value))


def english(page: Path) -> Path:
    return page.with_name(page.name.replace(".ru.", "."))


def translated(page: Path, end: str) -> str:
    text, heading, _ = english(page).read_text().partition(f"\n## {end}\n")
    assert heading
    return text


def links(text: str) -> list[str]:
    """Where a text leads, but to the page in the other language."""
    return [
        link
        for link in re.findall(r"\]\(([^)]+)\)", text)
        if "living-accounts" not in link and "README" not in link
    ]


@pages
def test_a_russian_page_has_the_blocks_of_the_english_one_in_their_order(page: Path, end: str) -> None:
    blocks = BLOCK.findall(translated(page, end))
    assert len(blocks) > 5
    assert BLOCK.findall(page.read_text()) == blocks


@pages
def test_a_russian_page_has_the_sections_and_the_links_of_the_english_one(page: Path, end: str) -> None:
    ours, theirs = page.read_text(), translated(page, end)
    headings = re.findall(r"^#+ ", theirs, re.MULTILINE)
    assert re.findall(r"^#+ ", ours, re.MULTILINE)[: len(headings)] == headings
    assert set(links(theirs)) <= set(links(ours))


@pages
def test_each_of_two_pages_leads_to_the_other(page: Path, end: str) -> None:
    assert end
    for shown, other in ((page, english(page)), (english(page), page)):
        first = shown.read_text().partition("\n## ")[0]
        assert f"]({other.name})" in first


@pages
def test_a_russian_page_is_in_russian(page: Path, end: str) -> None:
    assert end
    prose = BLOCK.sub("", page.read_text())
    for paragraph in prose.split("\n\n")[1:]:
        words = re.sub(r"`[^`]*`|\]\([^)]*\)|!\[", "", paragraph)
        assert re.search("[а-яё]", words, re.IGNORECASE) or not re.search("[a-z]{4}", words), paragraph
