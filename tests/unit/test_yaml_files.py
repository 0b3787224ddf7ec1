"""YAML files: what YAML would take in silence is refused in one line, with the file's name and no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.runtime.yaml import FileError, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-Zq7-not-to-be-repeated"
QUOTES = "YAML reads a number there as another one: put it in quotes"
ALIASES = "has an alias to itself, or aliases of too many aliases"
LAUGHS = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]\n"
    for last, this in zip("abcdefg", "bcdefgh", strict=True)
)
WRONG: list[tuple[str | bytes, str]] = [
    (f"secret: {CANARY}\na: [", "numbers.yaml, line 2: is no YAML"),
    (f"secret: {CANARY}: {CANARY}", "numbers.yaml, line 1: is no YAML"),
    (f"a: !{CANARY} b", "numbers.yaml, line 1: is no YAML"),
    ("a: 1\n---\nb: 2\n", "numbers.yaml, line 2: is no YAML"),
    ("a: 2026-13-45", "numbers.yaml: is no YAML"),
    ("a: \x07", "numbers.yaml: is no YAML"),
    ("? [a]\n: 1", "numbers.yaml, line 1: a key is no text"),
    ("numbers: []\na: 1\nnumbers: [b]", "numbers.yaml, line 3: the key numbers stands twice"),
    (f"- forward: {{type: {CANARY}}}\n  forward: {{}}", "numbers.yaml, line 2: the key forward stands twice"),
    ('- "host": a\n  host: b', "numbers.yaml, line 2: the key host stands twice"),
    ('- "a\\nb": 1\n  "a\\nb": 2', "numbers.yaml, line 2: the key a\N{REPLACEMENT CHARACTER}b stands twice"),
    ("number: 00447700123456", f"numbers.yaml, line 1: {QUOTES}"),
    ("number: 0x1fffffff", f"numbers.yaml, line 1: {QUOTES}"),
    ("number: 7_910_444_55_66", f"numbers.yaml, line 1: {QUOTES}"),
    ("number: 7:55", f"numbers.yaml, line 1: {QUOTES}"),
    ("a: &a [*a]", f"numbers.yaml, line 1: {ALIASES}"),
    ("a: &a {b: *a}", f"numbers.yaml, line 1: {ALIASES}"),
    ("a: &a\n  <<: *a", f"numbers.yaml, line 1: {ALIASES}"),
    ("a: {<<: 1}", "numbers.yaml, line 1: << merges mappings alone"),
    (LAUGHS, f"numbers.yaml, line 1: {ALIASES}"),
    ("[" * 5000 + "]" * 5000, "numbers.yaml, line 1: is nested more than 50 levels deep"),
    ("{a: " * 5000 + "1" + "}" * 5000, "numbers.yaml, line 1: is nested more than 50 levels deep"),
    (
        f"a: 1\n<<<<<<< HEAD\nsecret: {CANARY}\n=======\n>>>>>>> b\n",
        "numbers.yaml: has a merge conflict that is not resolved, in line 2",
    ),
    (
        b"\0GITCRYPT\0\x8f\x00\xff",
        "numbers.yaml: is locked by git-crypt: run `git-crypt unlock`",
    ),
    (f"secret: {CANARY}".encode("utf-16"), "numbers.yaml: is not in UTF-8: save it as such"),
    ("secret: \xe4".encode("latin-1"), "numbers.yaml: is not in UTF-8: save it as such"),
]


@pytest.mark.parametrize(("content", "expected"), WRONG)
def test_content_that_no_file_may_have_is_reported_in_one_line(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    file = tmp_path / "numbers.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FileError) as refused:
        read_yaml(file)
    assert str(refused.value) == expected
    assert refused.value.__cause__ is None
    assert CANARY not in repr(refused.value)


def test_a_file_that_cannot_be_read_is_reported_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"^gone\.yaml: cannot be read: No such file or directory$"):
        read_yaml(tmp_path / "gone.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(FileError, match=r"^conf/folder\.yaml: cannot be read: Is a directory$"):
        read_yaml(tmp_path / "folder.yaml", "conf/folder.yaml")


def test_a_file_that_yaml_and_people_read_alike_is_read(tmp_path: Path) -> None:
    file = tmp_path / "numbers.yaml"
    file.write_bytes(
        "\ufeffstandard: &standard {type: group, group_id: 9, cli_type: Y}\n"
        "numbers:\n- {number: 447700900123, secret: '0123', forward: {<<: *standard, group_id: 8}}\n"
        "- {number: '00447700900124', wait: 1.5, forward: *standard}\n".encode()
    )
    group = {"type": "group", "group_id": 9, "cli_type": "Y"}
    assert read_yaml(file) == {
        "standard": group,
        "numbers": [
            {"number": 447700900123, "secret": "0123", "forward": {**group, "group_id": 8}},
            {"number": "00447700900124", "wait": 1.5, "forward": group},
        ],
    }
    file.write_text("")
    assert read_yaml(file) is None


def test_a_file_may_be_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config: {a: 042291, b: 1:30, c: true, d: }")
    assert read_yaml(file, as_written=True) == {"config": {"a": "042291", "b": "1:30", "c": "true", "d": ""}}
