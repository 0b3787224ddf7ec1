"""The table of usual lengths: what the locked numbering plans say, and used with no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import number_lengths as tool
from pulumi_plusofon.schema import number_lengths
from pulumi_plusofon.schema.numbering import read

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    number_lengths.by_length.cache_clear()
    yield
    number_lengths.by_length.cache_clear()


def test_the_table_is_of_the_locked_version_of_the_plans() -> None:
    locked = re.search(r"^phonenumbers==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked
    assert json.loads(number_lengths.FILE.read_text())["phonenumbers"] == locked[1]


def test_the_table_is_what_the_plans_say() -> None:
    assert number_lengths.by_length() == number_lengths.computed()
    assert number_lengths.FILE.read_text() == tool.text(), "run .venv/bin/python tools/number_lengths.py"


def test_a_table_of_the_installed_version_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(number_lengths, "computed")
    with pytest.raises(ValueError, match=r"can be read as \+74930123456 or \+4930123456"):
        read("4930123456")


def test_a_table_of_another_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = number_lengths.by_length()
    number_lengths.by_length.cache_clear()
    other = tmp_path / "number_lengths.json"
    other.write_text('{"phonenumbers": "9.0.0", "lengths": {}}')
    monkeypatch.setattr(number_lengths, "FILE", other)
    assert number_lengths.by_length() == expected
