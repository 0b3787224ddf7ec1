"""The script that gets what the tests in a browser need: nothing that is there, else Chromium and Mermaid."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.repository import ROOT
from support.setup_fakes import program

if TYPE_CHECKING:
    from pathlib import Path

APT = ["apt-get update", "apt-get install --yes --no-install-recommends chromium"]
NPM = "npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel error"


def install(folder: Path, *present: str, mermaid: bool = False) -> tuple[int, list[str]]:
    """The status of the script in a clone on a machine with these programs, and what it called."""
    clone, path = folder / "clone", folder / "bin"
    browser = clone / "tests" / "browser"
    browser.mkdir(parents=True)
    (browser / "package-lock.json").write_text("{}")
    if mermaid:
        (browser / "node_modules").mkdir()
        (browser / "node_modules" / ".package-lock.json").write_text("{}")
    (clone / "tools").mkdir()
    script = shutil.copy2(ROOT / "tools" / "install_browser.sh", clone / "tools")
    path.mkdir()
    for name in ("bash", "env", "dirname"):
        (path / name).symlink_to(str(shutil.which(name)))
    called = folder / "called"
    for name in present:
        program(path / name, f'#!/bin/bash\necho "{name} $*" >>{called}\n')
    program(path / "id", "#!/bin/bash\necho 0\n")
    done = subprocess.run([script], env={"PATH": str(path)}, capture_output=True, check=False)
    return done.returncode, called.read_text().splitlines() if called.exists() else []


def test_installed_programs_are_used(tmp_path: Path) -> None:
    assert install(tmp_path, "apt-get", "npm", "google-chrome", mermaid=True) == (0, [])


def test_debians_chromium_and_the_locked_mermaid_are_installed_where_there_is_none(tmp_path: Path) -> None:
    assert install(tmp_path, "apt-get", "npm") == (0, [*APT, NPM])


@pytest.mark.parametrize(("present", "called"), [(["npm"], []), (["apt-get"], APT)])
def test_a_system_without_apt_or_npm_is_an_error(
    tmp_path: Path, present: list[str], called: list[str]
) -> None:
    assert install(tmp_path, *present) == (1, called)
