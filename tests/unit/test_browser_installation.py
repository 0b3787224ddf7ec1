"""The script that gets what the tests in a browser need: what is there stays, what is not is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.repository import ROOT
from support.setup_fakes import program

if TYPE_CHECKING:
    from pathlib import Path

NPM = "npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel error"


class Machine:
    """A clone without what the tests need, on a machine with these programs alone."""

    def __init__(self, folder: Path) -> None:
        self.clone, self.bin = folder / "clone", folder / "bin"
        self._called = folder / "called"
        self.bin.mkdir()
        for name in ("bash", "env", "dirname"):
            (self.bin / name).symlink_to(str(shutil.which(name)))
        program(self.bin / "id", "#!/bin/bash\necho 0\n")
        self.script = self.clone / "tools" / "install_browser.sh"
        self.script.parent.mkdir(parents=True)
        shutil.copy2(ROOT / "tools" / "install_browser.sh", self.script)
        self.lock = self.clone / "tests" / "browser" / "package-lock.json"
        self.lock.parent.mkdir(parents=True)
        self.lock.touch()

    def has(self, *names: str) -> None:
        for name in names:
            program(self.bin / name, f'#!/bin/bash\necho "{name} $*" >>{self._called}\n')

    def run(self) -> tuple[int, list[str]]:
        """The script's status, and the calls of programs that install."""
        done = subprocess.run(
            [self.script], env={"PATH": str(self.bin)}, capture_output=True, check=False, text=True
        )
        assert bool(done.stderr) == bool(done.returncode)
        return done.returncode, self._called.read_text().splitlines() if self._called.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_there_is_not_installed_again(machine: Machine) -> None:
    machine.has("apt-get", "npm", "google-chrome")
    installed = machine.lock.parent / "node_modules" / ".package-lock.json"
    installed.parent.mkdir()
    installed.touch()
    os.utime(machine.lock, (1, 1))
    assert machine.run() == (0, [])


def test_debians_chromium_and_the_locked_mermaid_are_installed(machine: Machine) -> None:
    machine.has("apt-get", "npm")
    install = "apt-get install --yes --no-install-recommends chromium"
    assert machine.run() == (0, ["apt-get update", install, NPM])


@pytest.mark.parametrize("present", [(), ("chromium",)])
def test_a_system_without_the_means_to_install_is_an_error(
    machine: Machine, present: tuple[str, ...]
) -> None:
    machine.has(*present)
    assert machine.run() == (1, [])
