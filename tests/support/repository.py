"""A copy of this repository as a fresh clone would have it, in which commands may be run as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_COMMAND_SECONDS = 1200


class Clone:
    """The repository's own files, those not yet committed too, and nothing else.

    With `is_set_up` it also has what `make setup` makes of them, which then finds nothing to do.
    """

    def __init__(self, folder: Path, *, is_set_up: bool = False) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
        if is_set_up:
            _take_environment(folder)

    def run(self, script: str) -> str:
        """Run a shell script that stops at its first failing command; what it printed."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PLUSOFON_", "PULUMI_", "MAKE", "MFLAGS")) or name == "PLUSOFON_CACHE"
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def stop_sandbox(self) -> None:
        """Stop the sandbox that `make up` has started here, if it runs: what it holds goes with the clone."""
        home = self.folder / ".sandbox"
        if (home / "address").exists():
            os.kill(json.loads((home / "ready.json").read_text())["pid"], signal.SIGTERM)

    def changed(self) -> str:
        """What the commands changed in the repository's own files."""
        return self.run("git status --porcelain | grep -v '^A ' || true")


def _take_environment(clone: Path) -> None:
    """Give a clone the environment in which the tests run, as one of its own."""
    ours, its = Path(sys.prefix), clone / ".venv"
    shutil.copytree(ours, its, symlinks=True, copy_function=_linked)
    scripts = [file for file in (its / "bin").iterdir() if not file.is_symlink()]
    for file in (its / "pyvenv.cfg", its / "plusofon-packages.stamp", *scripts):
        content = file.read_bytes()
        if str(ours).encode() in content:
            _write_anew(file, _through_a_shell(content).replace(str(ours).encode(), str(its).encode()))
    [editable] = its.glob("lib/python*/site-packages/_pulumi_plusofon.pth")
    _write_anew(editable, str(clone / "provider").encode())


def _write_anew(file: Path, content: bytes) -> None:
    """Write a file that is as yet the same one as that which it was taken from."""
    mode = file.stat().st_mode
    file.unlink()
    file.write_bytes(content)
    file.chmod(mode)


def _through_a_shell(script: bytes) -> bytes:
    """A Python script as installers write it where the interpreter's path has a blank."""
    head = re.compile(rb"\A#!(/.*/python\S*)\n")
    return head.sub(rb"""#!/bin/sh\n'''exec' "\1" "$0" "$@"\n' '''\n""", script)


def _linked(source: str, target: str) -> None:
    """The same file, or a copy where the folders are of two file systems."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
