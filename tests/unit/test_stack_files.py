"""The files of a project's stacks: what another one claims, and which one is this run's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon import InputError
from pulumi_plusofon.stack.environments import require_own_environment
from unit.mock_engine import run
from unit.stack_config import configured

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-Zq7-not-to-be-repeated"
UNKNOWN = "no stack goes on without knowing what another one's file claims"
URL = "https://dev.example"
OURS = f"config: {{plusofon:baseUrl: '{URL}', plusofon:customerId: 42291, project:numbers: []}}"


def _refused(folder: Path) -> list[str]:
    with (
        configured(plusofon__baseUrl=URL, plusofon__customerId="42291", numbers=[], plusofon__timeout="20"),
        pytest.raises(InputError) as refused,
    ):
        run(lambda: require_own_environment(folder))
    assert CANARY not in repr(refused.value)
    assert refused.value.__cause__ is None
    return str(refused.value).splitlines()


def _accepted(folder: Path) -> None:
    with configured(plusofon__baseUrl=URL, plusofon__customerId="42291", numbers=[], plusofon__timeout="20"):
        run(lambda: require_own_environment(folder))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which `plusofon:timeout` is for all stacks."""
    (tmp_path / "Pulumi.yaml").write_text("name: project\nconfig: {plusofon:timeout: {value: '20'}}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\0GITCRYPT\0\x8f\xff", "Pulumi.prod.yaml: is locked by git-crypt: run `git-crypt unlock`"),
        (
            f"config:\n<<<<<<< HEAD\n  plusofon:token: {CANARY}\n=======\n>>>>>>> x\n".encode(),
            "Pulumi.prod.yaml: has a merge conflict that is not resolved, in line 2",
        ),
        (
            f"config:\n  plusofon:token: {CANARY}: {CANARY}\n".encode(),
            "Pulumi.prod.yaml, line 2: is no YAML",
        ),
        (f"config: {{a: {CANARY}}}".encode("utf-16"), "Pulumi.prod.yaml: is not in UTF-8: save it as such"),
        (CANARY.encode(), "Pulumi.prod.yaml: is no stack's file"),
        (f"config: {CANARY}".encode(), "Pulumi.prod.yaml: is no stack's file"),
        (f"- {CANARY}".encode(), "Pulumi.prod.yaml: is no stack's file"),
        (b"config: &a {b: *a}", "Pulumi.prod.yaml, line 1: has an alias to itself"),
        (b"[" * 5000, "Pulumi.prod.yaml, line 1: is nested more than 50 levels deep"),
        (None, "Pulumi.prod.yaml: cannot be read: Is a directory"),
    ],
)
def test_another_stacks_file_that_cannot_be_read_is_reported_in_one_line(
    project: Path, content: bytes | None, expected: str
) -> None:
    file = project / "Pulumi.prod.yaml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    [line] = _refused(project)
    assert line.startswith(expected)
    assert line.endswith(UNKNOWN)


@pytest.mark.parametrize("written", ["42291", "'42291'", '"42291"'])
def test_a_claim_counts_however_it_is_written(project: Path, written: str) -> None:
    (project / "Pulumi.prod.yaml").write_text(f"config:\n  plusofon:customerId: {written}\n")
    [line] = _refused(project)
    assert line.startswith("plusofon:customerId: 42291 is that of the stack prod (Pulumi.prod.yaml)")


def test_a_file_without_claims_is_no_obstacle(project: Path) -> None:
    (project / "Pulumi.empty.yaml").write_text("")
    (project / "Pulumi.none.yaml").write_text("config:\n")
    (project / "Pulumi.salt.yaml").write_text("encryptionsalt: v1:x\n")
    (project / "Pulumi.prod.yaml").write_text("config: {plusofon:customerId: 42293}\n")
    _accepted(project)


def test_the_file_that_a_run_uses_is_its_own_whatever_it_is_called(project: Path) -> None:
    (project / "Pulumi.shared.yaml").write_text(OURS)
    _accepted(project)
    (project / "Pulumi.stack.yaml").write_text("config: {plusofon:customerId: 42292}")
    _accepted(project)


def test_a_copy_of_another_stacks_file_is_no_file_of_ones_own(project: Path) -> None:
    for name in ("prod", "stack"):
        (project / f"Pulumi.{name}.yaml").write_text(OURS)
    assert [line.partition(":")[2].partition(":")[0] for line in _refused(project)] == [
        "customerId",
        "baseUrl",
    ]


@pytest.mark.parametrize("change", [("42291", "42290"), ("project:numbers", "project:file")])
def test_a_file_that_merely_resembles_the_one_in_use_is_another_stacks(
    project: Path, change: tuple[str, str]
) -> None:
    (project / "Pulumi.prod.yaml").write_text(OURS.replace(*change))
    assert "is that of the stack prod" in _refused(project)[-1]
