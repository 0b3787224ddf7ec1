"""Names of an export's resources, and hostile texts that end no literal of its files."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.export import program, snapshot
from pulumi_plusofon.command.export.literals import quoted
from unit.exports import declared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

MISTAKES = """\
"447700900131": a
"+44 7700 900131": b
"84951234567": c
x: d
"447700900199": e
"447700900132": ""
"447700900133": a
"""


def test_names_come_from_a_file(export: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "names.yaml").write_text('"+44 7700 900131": office\n447700900132: "Отдел продаж"\n')
    assert export("ours", "--names", "names.yaml").exit_code == 0
    assert [resource["name"] for resource in declared(tmp_path / "ours")][:3] == [
        "office",
        "Отдел продаж",
        "447700900133",
    ]
    text = (tmp_path / "ours" / "__main__.py").read_text("utf-8")
    assert "office = ExternalNumber(" in text
    assert "отдел_продаж = ExternalNumber(" in text


def test_a_file_of_names_may_have_numbers_that_a_filter_hides(
    export: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "names.yaml").write_text('"+44 7700 900131": office\n447700900132: sales\n')
    assert export("ours", "--names", "names.yaml", "--type", "sipuri").exit_code == 0
    assert [resource["name"] for resource in declared(tmp_path / "ours")] == ["sales"]


@pytest.mark.parametrize(
    ("names", "errors"),
    [
        ("- office\n", ['names.yaml: must map numbers to names, such as "+44 7700 900131": office']),
        (
            MISTAKES,
            [
                "names.yaml: +44 7700 900131: stands twice",
                "names.yaml: 84951234567: ",
                "names.yaml: x: must be a phone number",
                "names.yaml: 447700900199: is not in the account",
                "names.yaml: 447700900132: its name must be a text",
                "names.yaml: a: is the name of +447700900131, too",
            ],
        ),
        (
            '"447700900131": same\n"447700900132": same\n',
            ["names.yaml: same: is the name of +447700900131, too"],
        ),
        ('"447700900131": a\n"447700900131": b\n', ["names.yaml, line 2: the key 447700900131 stands twice"]),
    ],
)
def test_a_mistake_in_the_names_is_reported_by_its_place(
    export: Callable[..., Result], tmp_path: Path, names: str, errors: list[str]
) -> None:
    (tmp_path / "names.yaml").write_text(names)
    result = export("ours", "--names", "names.yaml")
    assert result.exit_code == 1
    lines = result.stderr.split("Error: ")[1].splitlines()
    assert len(lines) == len(errors)
    assert all(line.startswith(error) for line, error in zip(lines, errors, strict=True))
    assert not (tmp_path / "ours").exists()


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@given(TEXTS)
def test_a_literal_is_the_text_in_python_and_in_yaml(text: str) -> None:
    literal = quoted(text)
    assert "\n" not in literal
    assert ast.literal_eval(literal) == text
    assert yaml.safe_load(f"- {literal} # end") == [text]


@given(names=st.lists(TEXTS, min_size=1, max_size=4), host=TEXTS)
def test_no_name_or_host_breaks_a_program(names: list[str], host: str) -> None:
    entries = [
        ListedNumber(at, "sipuri", f"4477009001{at:02}", source="h", customer_id=1)
        for at in range(1, len(names) + 1)
    ]
    taken = snapshot.take(entries)
    hostile = snapshot.Snapshot(
        tuple(
            snapshot.Declarable(declarable.entry, {**declarable.inputs, "host": host}, declarable.marks)
            for declarable in taken.numbers
        ),
        (),
        1,
    )
    named = {declarable.entry.number: name for declarable, name in zip(hostile.numbers, names, strict=True)}
    tree = ast.parse(program.as_program(hostile, named, "ours")["__main__.py"])
    calls = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    assert [ast.literal_eval(call.args[0]) for call in calls if isinstance(call, ast.Call)] == names
    listed = yaml.safe_load(program.as_config(hostile, named, "ours")["numbers.yaml"])
    assert [entry.get("name", "") for entry in listed] == names
    assert all(entry["host"] == host for entry in listed)
