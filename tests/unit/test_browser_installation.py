"""The script that gets a browser for the page's tests: nothing where there is one, else Debian's."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from support.repository import ROOT
from support.setup_fakes import program

if TYPE_CHECKING:
    from pathlib import Path


def install(folder: Path, *present: str) -> tuple[int, str]:
    """The status of the script with these programs alone, and how apt-get was called."""
    for name in ("bash", "env"):
        (folder / name).symlink_to(str(shutil.which(name)))
    called = folder / "called"
    for name in present:
        program(folder / name, f'#!/bin/bash\necho "{name} $*" >>{called}\n')
    program(folder / "id", "#!/bin/bash\necho 0\n")
    done = subprocess.run(
        [ROOT / "tools" / "install_browser.sh"], env={"PATH": str(folder)}, capture_output=True, check=False
    )
    return done.returncode, called.read_text() if called.exists() else ""


def test_a_browser_that_is_there_is_taken(tmp_path: Path) -> None:
    assert install(tmp_path, "apt-get", "google-chrome") == (0, "")


def test_debians_chromium_is_installed_where_there_is_none(tmp_path: Path) -> None:
    status, called = install(tmp_path, "apt-get")
    assert status == 0
    assert called.splitlines() == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends chromium",
    ]


def test_a_system_without_apt_is_an_error(tmp_path: Path) -> None:
    assert install(tmp_path) == (1, "")
