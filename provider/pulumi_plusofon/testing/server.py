"""One sandbox process: start it, wait until it answers, kill it, start it again on its port and database.

Knows the sandbox by its command and by the file that says when it is ready (`--ready-file`), and imports none
of it.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .control import Control, SandboxError

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 10.0
_LOOKS_EVERY: Final = 0.02
# `-m` would import files of the folder, such as a `secrets.py` beside the tests, in place of Python's own;
# Python 3.10 has no `-P`. The end of the input means that the process of the tests is gone, also by kill -9.
_PROGRAM: Final = """
import sys
if sys.path[0] == "":
    del sys.path[0]
import os, signal, threading
def end_with_the_tests():
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=end_with_the_tests, daemon=True).start()
sys.argv[0] = "pulumi_plusofon.sandbox"
import runpy
runpy.run_module("pulumi_plusofon.sandbox", run_name="__main__", alter_sys=False)
"""


@dataclass(frozen=True)
class Ready:
    """What the ready file says: the address, the process, and the token where the command made one."""

    url: str
    pid: int
    token: str | None = None


def wait_until_ready(process: subprocess.Popen[bytes], ready_file: Path, output: Path) -> Ready:
    """Wait until `process`, just started, has written `ready_file`; it must not exist before the start.

    Raises `SandboxError` with what stands in `output` where it ends before, or takes longer than a minute;
    the process is then killed.
    """
    deadline = time.monotonic() + _START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise SandboxError(f"the sandbox did not start:\n{output.read_text('utf-8').strip()}")
        time.sleep(_LOOKS_EVERY)
    return Ready(**json.loads(ready_file.read_text("utf-8")))


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()


class SandboxServer(Control):
    """One sandbox process with its database in `folder`; `options` are the command's own.

    It takes a free port at the first start and keeps it for the next ones, and the database with it, so
    that `kill(); start()` is a crash that a client survives. It is given a random token, unless
    `makes_token` leaves that to the command.
    """

    def __init__(self, folder: Path, *options: str, makes_token: bool = False) -> None:
        super().__init__(token="" if makes_token else secrets.token_urlsafe(24))
        self.folder = folder
        self.database = folder / "account.db"
        self.options = options
        self.port = 0
        self._output = folder / "sandbox.out"
        self._ready_file = folder / "sandbox.ready"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; only while it runs."""
        if self._process is None:
            raise SandboxError("the sandbox is not running")
        return self._process.pid

    @property
    def output(self) -> str:
        """All that the process has printed, on both streams, over all its starts."""
        return self._output.read_text("utf-8")

    def start(self) -> Self:
        """Start the process and wait until it answers."""
        if self._process is not None:
            raise SandboxError("the sandbox is running")
        environment = {name: value for name, value in os.environ.items() if name != "PLUSOFON_TOKEN"}
        if self.token:
            environment["PLUSOFON_TOKEN"] = self.token
        self._ready_file.unlink(missing_ok=True)
        files = ["--db", str(self.database), "--ready-file", str(self._ready_file)]
        with self._output.open("ab") as output:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    _PROGRAM,
                    "--port",
                    str(self.port),
                    *files,
                    *self.options,
                ],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            ready = wait_until_ready(process, self._ready_file, self._output)
        except SandboxError:
            _close_input(process)
            raise
        self._process = process
        self.url = ready.url
        self.port = int(ready.url.rpartition(":")[2])
        self.token = ready.token or self.token
        return self

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Ask the process to end, wait for it, and give its exit status; without a process, 0."""
        if self._process is None:
            return 0
        self._process.send_signal(sign)
        try:
            return self._process.wait(_STOP_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill -9, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            _close_input(self._process)
            self._process = None
        self.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
