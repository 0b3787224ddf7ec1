"""docs/policies.md as data: each rule's settings and examples."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from support.repository import ROOT

PAGE = (ROOT / "docs" / "policies.md").read_text()
_INTRODUCTION, *_SECTIONS = re.split(r"^### ", PAGE, flags=re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+\n(?:# \w+\n)?)(.*?)^```$", re.MULTILINE | re.DOTALL)
_BLOCKS = dict(_BLOCK.findall(_INTRODUCTION))
PRELUDE: str = _BLOCKS["python\n"]
# The whole files of settings that the page shows.
FILES: list[str] = [text for language, text in _BLOCK.findall(_INTRODUCTION) if language == "json\n"]


@dataclass(frozen=True)
class Section:
    """What the page says of one rule."""

    rule: str
    refused: str
    accepted: str
    settings: dict[str, Any]

    def numbers(self) -> list[str]:
        """What the external numbers of its accepted example are called."""
        return re.findall(r'ExternalNumber\(\s*"([\w-]+)"', self.accepted)


def _section(text: str) -> Section:
    blocks = dict(_BLOCK.findall(text))
    return Section(
        text.partition("\n")[0].strip("`"),
        blocks["python\n# refused\n"],
        blocks["python\n# accepted\n"],
        json.loads(blocks.get("json\n", "{}")),
    )


SECTIONS = [_section(text) for text in _SECTIONS]
# What all sections show, in one file.
TOGETHER = {rule: settings for section in SECTIONS for rule, settings in section.settings.items()}


def program(*examples: str) -> str:
    """The program that `examples` are, together."""
    return PRELUDE + "".join(examples)


def rows(columns: str) -> list[tuple[str, ...]]:
    """The lines of all tables of the page with this head, as their cells without backticks."""
    tables = re.findall(rf"^\| {re.escape(columns)} \|\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for table in tables
        for line in table.splitlines()
    ]
