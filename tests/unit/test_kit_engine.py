"""The engine as the kit finds and starts it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from pulumi_plusofon.testing.engine import Engine, EngineMissingError, EngineTimeoutError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder alone on PATH, with the interpreter in another one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python" / "python3"))
    return folder


def program(folder: Path, name: str, script: str = "") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ((), "pulumi and pulumi-language-python"),
        (("pulumi",), "pulumi-language-python"),
        (("pulumi-language-python",), "pulumi"),
    ],
)
def test_a_missing_engine_is_named(
    programs: Path, tmp_path: Path, there: tuple[str, ...], missing: str
) -> None:
    for name in there:
        program(programs, name)
    with pytest.raises(EngineMissingError, match=f"^{missing} not on PATH: plusofon_stack runs"):
        Engine(tmp_path / "stack", {})


def test_the_engines_environment_has_no_setting_of_the_person(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PULUMI_ACCESS_TOKEN", "PULUMI_STACK", "PLUSOFON_ADOPT"):
        monkeypatch.setenv(name, "theirs")
    monkeypatch.setenv("OTHERS", "kept")
    program(programs, "pulumi-language-python")
    program(programs, "pulumi", "/usr/bin/env")
    text = Engine(tmp_path / "stack", {"PLUSOFON_TOKEN": "ours"}).run(tmp_path, "x", timeout=10).text
    assert "theirs" not in text
    lines = text.splitlines()
    assert {"OTHERS=kept", "PLUSOFON_TOKEN=ours", f"PULUMI_PYTHON_CMD={sys.executable}"} <= set(lines)
    assert f"PULUMI_HOME={tmp_path / 'stack' / 'home'}" in lines


def test_processes_that_a_command_left_behind_are_ended(programs: Path, tmp_path: Path) -> None:
    program(programs, "pulumi-language-python")
    pid_file = tmp_path / "pid"
    left = f"/bin/sh -c 'echo $$ > {pid_file}.new; mv {pid_file}.new {pid_file}; exec sleep 600'"
    monitor = "set -m"  # a process group of its own, as the engine gives its plugins
    script = f"PATH=/bin:/usr/bin\n{monitor}\n{left} >/dev/null 2>&1 &\nwhile [ ! -e {pid_file} ]; do :; done"
    program(programs, "pulumi", script)
    assert Engine(tmp_path / "stack", {}).run(tmp_path, "up", timeout=30).status == 0
    assert not _runs(int(pid_file.read_text()))


def test_a_command_that_takes_too_long_is_ended(programs: Path, tmp_path: Path) -> None:
    program(programs, "pulumi-language-python")
    pid_file = tmp_path / "pid"
    program(programs, "pulumi", f"echo $$ > {pid_file}\nexec /bin/sleep 600")
    with pytest.raises(EngineTimeoutError, match=r"^pulumi up took longer than 0\.5 seconds"):
        Engine(tmp_path / "stack", {}).run(tmp_path, "up", timeout=0.5)
    assert not _runs(int(pid_file.read_text()))


def _runs(pid: int) -> bool:
    """Whether the process is there and no zombie, which its parent alone can remove."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
