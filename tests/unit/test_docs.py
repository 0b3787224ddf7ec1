"""The pages that promise something name tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()


def test_every_promise_names_a_test() -> None:
    promises = RELIABILITY.partition("\n## Promises\n")[2].partition("\n## ")[0].split("\n**")[1:]
    assert len(promises) >= 10
    assert [promise for promise in promises if "`test_" not in promise] == []


def test_every_test_that_a_page_names_exists() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "docs").glob("*.md"))
    named = set(re.findall(r"`(test_\w+)`", pages))
    code = "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 20
    assert [name for name in sorted(named) if f"def {name}(" not in code] == []


def test_every_page_that_a_page_links_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
