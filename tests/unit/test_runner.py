"""The environment of the commands of `pulumi` that we run: only those that save nothing skip checkpoints."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.pulumi_cli.runner import VARIABLES, run, run_shown
from pulumi_plusofon.testing.engine import Engine
from stacks import with_variables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SKIPS = "PULUMI_SKIP_CHECKPOINTS=true"


def _run(folder: Path, command: str) -> str:
    return run(folder, command).output


def _run_shown(folder: Path, command: str) -> str:
    return run_shown(folder, command).output


def _kit(folder: Path, command: str) -> str:
    return Engine(folder / "stack", {}).run(folder, command, timeout=10).text


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pulumi` that prints its environment."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (folder / name).write_text("#!/bin/sh\nexec /usr/bin/env\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python" / "python3"))


@pytest.mark.parametrize("ours", [_run, _run_shown, _kit])
def test_a_preview_of_ours_works_out_no_state_that_it_throws_away(
    ours: Callable[[Path, str], str], tmp_path: Path
) -> None:
    assert SKIPS in ours(tmp_path, "preview").splitlines()


@pytest.mark.parametrize("ours", [_run, _run_shown, _kit])
@pytest.mark.parametrize("command", ["up", "refresh", "destroy", "stack"])
def test_a_command_that_saves_a_state_saves_it_at_each_step(
    command: str, ours: Callable[[Path, str], str], tmp_path: Path
) -> None:
    assert SKIPS not in ours(tmp_path, command).splitlines()


def test_a_fleets_preview_has_the_variables_and_its_up_has_not() -> None:
    stack: Any = SimpleNamespace(workspace=SimpleNamespace(env_vars={"PULUMI_PYTHON_CMD": "python3"}))
    with with_variables(stack, VARIABLES["preview"]):
        assert stack.workspace.env_vars == {
            "PULUMI_PYTHON_CMD": "python3",
            "PULUMI_SKIP_CHECKPOINTS": "true",
        }
    assert stack.workspace.env_vars == {"PULUMI_PYTHON_CMD": "python3"}
