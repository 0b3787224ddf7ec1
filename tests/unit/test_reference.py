"""The pages of docs/reference: current, whole, and with links that lead somewhere."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import pulumi_plusofon
import reference
from pulumi_plusofon import stack
from pulumi_plusofon.policies.rules import RULES
from pulumi_plusofon.runtime.settings import SETTINGS
from pulumi_plusofon.schema.kinds import KINDS
from reference_pages import json_fields
from reference_pages.text import signature, table, type_of
from support.subcommands import subcommands

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {file.name: file.read_text() for file in reference.FOLDER.glob("*.md")}


def test_the_pages_are_what_the_code_says() -> None:
    texts = reference.files()
    stale = [file.name for file, text in texts.items() if PAGES.get(file.name) != text]
    assert stale == [], "run .venv/bin/python tools/reference.py"
    assert {file.name for file in texts} == set(PAGES), "a page that nothing writes"


def test_a_page_that_is_not_current_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    checked = CliRunner().invoke(reference.main, ["--check"])
    assert checked.exit_code == 1
    assert "reference/commands.md: is not current" in checked.output
    assert not (tmp_path / "reference" / "commands.md").exists()
    assert CliRunner().invoke(reference.main, []).exit_code == 0
    assert CliRunner().invoke(reference.main, ["--check"]).output == ""


def test_every_public_name_is_on_a_page() -> None:
    text = "".join(PAGES.values())
    names = [*pulumi_plusofon.__all__, *stack.__all__]
    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []


def test_every_argument_setting_rule_and_option_is_on_its_page() -> None:
    arguments = [("external-number.md", name) for name in KINDS[0].inputs]
    arguments += [("number-forwarding.md", name) for name in KINDS[1].inputs]
    settings = [
        ("settings.md", name)
        for setting in SETTINGS
        for name in (f"plusofon:{setting.key}", setting.variable)
    ]
    rules = [("policies.md", rule.name) for rule in RULES]
    assert [
        (page, name) for page, name in (*arguments, *settings, *rules) if f"`{name}`" not in PAGES[page]
    ] == []
    for name, command in subcommands().items():
        section = PAGES["commands.md"].partition(f"\n## plusofon {name}\n")[2].partition("\n## ")[0]
        options = [text for option in command.params for text in option.opts if text.startswith("--")]
        assert [text for text in options if f"`{text}" not in section] == [], name


def test_an_example_is_a_program() -> None:
    examples = [
        block
        for page in ("external-number.md", "number-forwarding.md", "account.md")
        for block in re.findall(r"## Example\n\n```python\n(.*?)```", PAGES[page], re.DOTALL)
    ]
    assert len(examples) == 3
    for example in examples:
        imported = {
            alias.name
            for node in ast.walk(ast.parse(example))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert imported <= set(pulumi_plusofon.__all__)
        assert all(re.search(rf"\b{name}\(", example) for name in imported)


def test_an_anchor_of_a_link_is_a_heading() -> None:
    for name, text in PAGES.items():
        for file, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
            page = (reference.FOLDER / (file or name)).read_text()
            headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, f"{name}: {file}#{anchor}"


def test_a_field_without_a_meaning_is_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(json_fields._MEANINGS, "dangers")
    with pytest.raises(KeyError, match="dangers"):
        json_fields.json_fields()


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("pulumi.Input[str | int]", "str | int"),
        ("pulumi.Input[str | Sequence[pulumi.Input[str]]]", "str | Sequence[str]"),
        ("pulumi.Input[NumberType] | None", "str | None"),
        ("pulumi.ResourceOptions | None", "ResourceOptions | None"),
        ("pulumi.Output[int | None]", "int | None"),
    ],
)
def test_a_type_is_what_a_program_writes(annotation: str, expected: str) -> None:
    assert type_of(annotation) == expected


def test_a_bar_in_a_cell_makes_no_column() -> None:
    assert table(("a", "b"), [("x | y", "1\n2")]).splitlines()[-1] == r"| x \| y | 1 2 |"


def test_a_signature_has_one_argument_a_line() -> None:
    text = signature("get_group", pulumi_plusofon.get_group)
    assert text.splitlines()[1:-1] == [
        "get_group(",
        "    *,",
        "    name: str,",
        "    account: Account | None = None,",
        ")",
    ]
    text = signature("declare_numbers", stack.declare_numbers)
    assert "    path: str = 'numbers',\n    profile: str | None = None,\n)" in text
    assert signature("a", stack.leave_out_stack_traces).splitlines()[1] == "a()"
