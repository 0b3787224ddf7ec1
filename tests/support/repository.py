"""A copy of this repository as a fresh clone would have it, in which commands may be run as they stand."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_COMMAND_SECONDS = 1200


class Clone:
    """The repository's own files, those not yet committed too, and nothing else."""

    def __init__(self, folder: Path) -> None:
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

    def changed(self) -> str:
        """What the commands changed in the repository's own files."""
        return self.run("git status --porcelain | grep -v '^A ' || true")
