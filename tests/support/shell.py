"""A person's shell, in which commands of a page or of a test run with the engine and an account's token."""

from __future__ import annotations

import copy
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from harness.engine_stack import pulumi_environment
from harness.starts import select_again

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

    from pulumi_plusofon.testing import SandboxServer


class Shell:
    """A person's shell in an empty folder, with the account's token and address."""

    def __init__(self, folder: Path, sandbox: SandboxServer) -> None:
        self.folder = self._home = folder
        self.sandbox = sandbox
        (folder / "state").mkdir(parents=True)
        self.environment = {
            **pulumi_environment(folder, folder / "state", "test"),
            "PULUMI_PYTHON_CMD": sys.executable,
            "PLUSOFON_TOKEN": sandbox.token,
            "PLUSOFON_BASE_URL": sandbox.url,
        }

    def copied(self, home: Path) -> Self:
        """The same shell with all its files in the folder `home`, and with the selected stack."""
        other = copy.copy(self)
        other._home, other.folder = home, home / self.folder.relative_to(self._home)
        shutil.copytree(self._home, home, symlinks=True, dirs_exist_ok=True)
        state = home / "state"
        other.environment = {
            **self.environment,
            "PULUMI_HOME": str(home / "home"),
            "PULUMI_BACKEND_URL": state.as_uri(),
        }
        select_again(home, other.folder, state)
        return other

    def run(self, script: str, *, status: int = 0, **environment: str) -> str:
        """What a script prints; it ends at its first command that fails, with `status`.

        `environment` adds to that of the shell.
        """
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == status, f"{script}\n{done.stdout}"
        assert self.sandbox.token not in done.stdout
        return done.stdout
