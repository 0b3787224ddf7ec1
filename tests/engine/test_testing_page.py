"""docs/testing.md: its project and its tests run as they stand there, and its tables have what there is."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.testing import Result, StackMaker
from support.kit_runs import kit_run
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "testing.md").read_text()
NUMBERS = [
    {"type": "sipuri", "number": number, "host": "sip.operator.example"}
    for number in ("442079460131", "442079460132")
]


def section(heading: str) -> str:
    return re.split(r"^##+ ", PAGE.split(f"# {heading}\n")[1], flags=re.MULTILINE)[0]


def block(heading: str, language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", section(heading), re.MULTILINE | re.DOTALL)
    return str(found)


def named(heading: str, first: str, column: int = 0) -> set[str]:
    """What stands in backquotes in a column of the table whose first heading this is."""
    table = section(heading).split(f"\n| {first} |")[1].split("\n\n")[0]
    cells = [line.split("|")[column + 1] for line in table.splitlines()[2:]]
    return {name for cell in cells for name in re.findall(r"`(\w+)[`(]", cell)}


def write_project(folder: Path) -> None:
    files = re.findall(r"`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in files] == [
        "Pulumi.yaml",
        "__main__.py",
        "tests/test_program.py",
        "tests/test_stack.py",
    ]
    (folder / "tests").mkdir()
    for name, text in files:
        (folder / name).write_text(text)


@pytest.mark.rest
def test_the_project_of_the_page_passes_its_tests(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "account.json").write_text(json.dumps({"numbers": NUMBERS}))
    run = kit_run(tmp_path, block("A copy of your account", "python"))
    assert "5 passed" in run.text, run.text


@pytest.mark.parametrize(
    ("now", "wrong", "says"),
    [
        ('    secret=pulumi.Config().require_secret("sipPassword"),\n', "", None),
        ('login="desk"', 'login="desk", port=70000', "ExternalNumber desk: port: must be"),
        ("group_id=9, ", "", "NumberForwarding desk: group_id: is required for type group"),
        ("group_id=9", "group_id=8", "AssertionError"),
    ],
)
def test_a_wrong_program_fails_the_unit_test_of_the_page(
    tmp_path: Path, now: str, wrong: str, says: str | None
) -> None:
    write_project(tmp_path)
    program = (tmp_path / "__main__.py").read_text()
    assert now in program
    (tmp_path / "__main__.py").write_text(program.replace(now, wrong))
    run = kit_run(tmp_path, "", "--ignore=tests/test_stack.py")
    assert list(run.outcomes.values()) in (["ERROR"], ["FAILED"]), run.text
    assert (says or block("A first test", "text").strip()) in run.text


def test_a_failure_is_shown_as_on_the_page(tmp_path: Path) -> None:
    run = kit_run(tmp_path, block("When a test fails", "python"))
    assert block("When a test fails", "text") in run.text
    assert "plusofon requests" in run.text


def test_the_tables_have_each_argument() -> None:
    arguments = set(inspect.signature(StackMaker.__call__).parameters)
    assert named("Stacks", "argument") == arguments - {"self", "source"}


def _public(kind: type) -> set[str]:
    fields = {field.name for field in dataclasses.fields(kind)}
    return {name for name in {*fields, *vars(kind)} if not name.startswith("_")}


def test_the_tables_have_all_that_a_result_has() -> None:
    assert named("Stacks", "of a result") == _public(Result)
