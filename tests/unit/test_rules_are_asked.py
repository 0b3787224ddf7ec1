"""Every `pulumi up` that a page, a pipeline, an example or a tool shows or runs asks the rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import sandbox_stack
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FLAG = "--policy-pack"
# The pages whose commands are for any project: they say how a shell names its pack for all of them.
WAY = "policies.md#in-every-command"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PIPELINES = sorted((ROOT / "docs" / "pipelines").glob("*.y*ml"))
PROGRAMS = sorted([*(ROOT / "examples").rglob("*.py"), *(ROOT / "examples").rglob("*.sh")])
# Its tests name the pack when they make a stack.
TESTED = ROOT / "examples" / "tested"
# What measures has a sandbox of its own, and no project with a pack.
MEASURING = {ROOT / "tools" / "measure_scale.py"}


def _blocks(text: str) -> list[str]:
    """The commands of a page's blocks, or of a pipeline, each with the lines that continue it."""
    blocks = re.findall(r"^```(?:console|sh)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return re.sub(r"\\?\n\s+(?=--)", " ", "\n".join(blocks)).splitlines()


def _ups(file: Path) -> list[str]:
    text = file.read_text()
    lines = _blocks(text if file.suffix == ".md" else f"```sh\n{text}```\n")
    return [line.strip() for line in lines if re.search(r"\bpulumi\b[^#|]*\bup\b", line)]


@pytest.mark.parametrize("file", [*PAGES, *PIPELINES], ids=lambda file: file.name)
def test_every_up_that_is_shown_asks_the_rules(file: Path) -> None:
    text = file.read_text()
    if WAY in text or f"## {WAY.partition('#')[2].replace('-', ' ').capitalize()}" in text:
        return
    assert [line for line in _ups(file) if FLAG not in line] == []


def test_there_are_ups_to_find() -> None:
    assert len([line for file in [*PAGES, *PIPELINES] for line in _ups(file)]) > 10
    # That of a fleet runs a program, whose own are below.
    ups = {"fleet-github.yml": 0, "fleet-kubernetes.yaml": 0, "github.yml": 1, "gitlab-ci.yml": 1}
    assert {file.name: len(_ups(file)) for file in PIPELINES} == ups


def test_every_up_of_a_program_asks_the_rules() -> None:
    calls = [
        call
        for file in [*PROGRAMS, *sorted((ROOT / "tools").rglob("*.py"))]
        if file not in MEASURING and TESTED not in file.parents
        for call in re.findall(
            r"\bstack\.(?:up|preview)\((.*?)\n {0,12}\)|\bstack\.preview\((.*)\)", file.read_text(), re.DOTALL
        )
    ]
    assert calls
    assert [call for call in calls if "policy_packs=" not in "".join(call)] == []


def test_a_shell_of_the_sandbox_asks_the_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_stack, "HOME", tmp_path)
    environment = sandbox_stack._environment("http://127.0.0.1:1")
    assert environment["PULUMI_OPTION_POLICY_PACK"] == str(ROOT / "policy")
    assert environment["PULUMI_OPTION_POLICY_PACK_CONFIG"] == str(ROOT / "policy" / "config" / "dev.json")
