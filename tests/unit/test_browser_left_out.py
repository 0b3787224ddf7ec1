"""The tests in a browser on a machine without one: left out and reported, or failed in the pipeline."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from support import browser
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_LINE: Final = (
    "test_drawings_in_a_browser.py cannot run: there is no chromium on PATH; run tools/install_browser.sh"
)


def collect(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What pytest says of the tests in a browser, on a machine whose PATH is an empty folder."""
    kept = {name: value for name, value in os.environ.items() if name != "CI" and "PYTEST" not in name}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/browser"],
        cwd=ROOT,
        env={**kept, "PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_tests_in_a_browser_are_left_out_without_one_and_the_end_says_so(tmp_path: Path) -> None:
    ran = collect(tmp_path)
    assert ran.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("left out: ")]
    assert (
        "test_drawings_in_a_browser.py (there is no chromium on PATH; run tools/install_browser.sh)" in line
    )


def test_tests_in_a_browser_fail_in_the_pipeline_without_one(tmp_path: Path) -> None:
    ran = collect(tmp_path, CI="true")
    assert ran.returncode == pytest.ExitCode.INTERRUPTED
    assert _LINE in ran.stdout.splitlines()
    assert "Traceback" not in ran.stdout


def test_only_what_was_asked_for_is_reported_as_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    drawings = browser.FOLDER / "test_drawings_in_a_browser.py"
    assert [line.split()[0] for line in browser.left_out([f"{drawings}::test_a"])] == [drawings.name]
    assert len(browser.left_out([str(ROOT / "tests")])) > 1
    assert browser.left_out([str(ROOT / "tests" / "unit")]) == []


def test_tests_of_mermaid_are_left_out_where_it_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chromium").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(browser._PROGRAMS, "mermaid", tmp_path / "mermaid.min.js")
    monkeypatch.setitem(browser._PROGRAMS, "pyright", tmp_path / "chromium")
    assert browser.left_out([str(browser.FOLDER)]) == [
        "test_mermaid_in_a_browser.py (there is no mermaid; run tools/install_browser.sh)"
    ]
