"""A person's shell, in which commands of a page or of a test run with the engine and an account's token."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from harness.engine_stack import pulumi_environment

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer


class Shell:
    """A person's shell in an empty folder, with the account's token and address."""

    def __init__(self, folder: Path, sandbox: SandboxServer) -> None:
        self.folder = folder
        self.sandbox = sandbox
        (folder / "state").mkdir(parents=True)
        self.environment = {
            **pulumi_environment(folder, folder / "state", "test"),
            "PULUMI_PYTHON_CMD": sys.executable,
            "PLUSOFON_TOKEN": sandbox.token,
            "PLUSOFON_BASE_URL": sandbox.url,
        }

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
