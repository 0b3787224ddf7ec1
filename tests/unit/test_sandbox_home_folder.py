"""Where a sandbox without `--db` is kept on each system, and what becomes of a damaged note of its port."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from pulumi_plusofon.sandbox.process.home import USUAL_PORT, Home, own_home


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, ".local/state/plusofon"),
        ("linux", {"XDG_STATE_HOME": "relative"}, ".local/state/plusofon"),
        ("linux", {"XDG_STATE_HOME": "{home}/own"}, "own/plusofon"),
        ("darwin", {"XDG_STATE_HOME": "{home}/own"}, "Library/Application Support/plusofon"),
        ("win32", {}, "AppData/Local/plusofon"),
        ("win32", {"LOCALAPPDATA": "{home}/local"}, "local/plusofon"),
    ],
)
def test_the_folder_is_the_one_that_the_system_has_for_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], folder: str
) -> None:
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(home=tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    home = own_home()
    assert home.folder == tmp_path / folder
    assert home.folder.stat().st_mode & 0o777 == 0o700


def test_a_user_without_a_home_is_asked_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_cls: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(homeless))
    with pytest.raises(click.ClickException, match="this user has no home folder: name a file with --db"):
        own_home()


@pytest.mark.parametrize("text", ["", "no port", "0", "65536", "-1", "\u0663"])
def test_a_note_that_is_no_port_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "sandbox.port").write_text(text)
    assert Home(tmp_path).port == USUAL_PORT


def test_a_port_is_kept_for_the_next_start(tmp_path: Path) -> None:
    assert Home(tmp_path).port == USUAL_PORT
    Home(tmp_path).keep_port(8765)
    assert Home(tmp_path).port == 8765
    assert [file.name for file in tmp_path.iterdir()] == ["sandbox.port"]
