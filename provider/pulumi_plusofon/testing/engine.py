"""The program `pulumi` as a test runs it: in a session of its own, ended with all that it started.

Passes no setting of the person on. Decides nothing about stacks.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.pulumi_cli.runner import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COMMANDS: Final = ("pulumi", "pulumi-language-python")
_OF_THE_PERSON: Final = ("PLUSOFON_", "PULUMI_")
_ENDING_SECONDS: Final = 10.0
_LOOKS_EVERY: Final = 0.01
# Linux has the processes as files, also where there is no `ps`.
_PROC: Final = Path("/proc/self")


class EngineMissingError(Exception):
    """There is no engine; the text says what is missing and what to do."""


class EngineTimeoutError(Exception):
    """A command took longer than it may; it and its processes are ended."""


@dataclass(frozen=True)
class EngineRan:
    """A command that has run: its exit status and all that it printed."""

    status: int
    text: str


class Engine:
    """The engine with a home and a backend of its own in `folder`, which must be new."""

    def __init__(
        self,
        folder: Path,
        variables: Mapping[str, str],
        passphrase: str | None = None,
        beside: Engine | None = None,
    ) -> None:
        """An engine in `folder`; on the backend and with the passphrase of `beside`, if given."""
        path = os.environ.get("PATH", os.defpath)
        self._command = _found(path)
        self.backend: Path = beside.backend if beside else folder / "backend"
        self.passphrase: str = passphrase or (beside.passphrase if beside else secrets.token_urlsafe(12))
        self.backend.mkdir(parents=True, exist_ok=beside is not None)
        _link_plugins(folder / "home")
        interpreter = Path(sys.executable)
        of_others = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_PERSON)}
        self._environment = {
            **of_others,
            # Providers and packs look for `python3` here.
            "PATH": os.pathsep.join([str(interpreter.parent), str(self._command.parent), path]),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": self.backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": self.passphrase,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_PYTHON_CMD": str(interpreter),
            # The log of events is one of the engine's tools for its own makers.
            "PULUMI_DEBUG_COMMANDS": "true",
            **variables,
        }

    def run(self, folder: Path, *arguments: str, timeout: float, given: str = "") -> EngineRan:
        """Run `pulumi` in the project's `folder`, whatever its exit status is; `given` is its input."""
        with subprocess.Popen(
            [self._command, "--non-interactive", "--color", "never", *arguments],
            cwd=folder,
            env={**VARIABLES.get(arguments[0], {}), **self._environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        ) as process:
            try:
                text, _ = process.communicate(given, timeout=timeout)
            except subprocess.TimeoutExpired:
                raise EngineTimeoutError(
                    f"pulumi {arguments[0]} took longer than {timeout:g} seconds and was ended"
                ) from None
            finally:
                _end(process)
        return EngineRan(process.returncode, text)


def _link_plugins(home: Path) -> None:
    """Let the engine use the plugins that the person has installed: it installs none itself."""
    home.mkdir(parents=True)
    theirs = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins"
    if theirs.is_dir():
        (home / "plugins").symlink_to(theirs.resolve())


def _found(path: str) -> Path:
    here = str(Path(sys.executable).parent)
    places = os.pathsep.join([path, here])
    command = shutil.which("pulumi", path=places)
    if command:
        places = os.pathsep.join([places, str(Path(command).resolve().parent)])
    missing = [name for name in _COMMANDS if shutil.which(name, path=places) is None]
    if command is None or missing:
        raise EngineMissingError(
            f"{' and '.join(missing)} not on PATH: plusofon_stack runs the Pulumi engine; install it"
            " (https://www.pulumi.com/docs/install)"
        )
    return Path(command)


def _end(process: subprocess.Popen[str]) -> None:
    """End what is left of the session: the command first, in order, then whatever it has started."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    deadline = time.monotonic() + _ENDING_SECONDS
    while (left := list(_session(process.pid))) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_LOOKS_EVERY)


def _session(leader: int) -> Iterator[int]:
    """What a command has left behind: plugins are in groups of their own, but in its session."""
    for pid in _processes():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == leader and not _has_ended(pid):
                yield pid


def _has_ended(pid: int) -> bool:
    """Whether nothing but the entry of the process is left, which its parent alone removes."""
    stat = _PROC.parent / str(pid) / "stat"
    try:
        return stat.read_text("ascii", "replace").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return False


def _processes() -> list[int]:
    if _PROC.exists():
        return [int(entry.name) for entry in _PROC.parent.iterdir() if entry.name.isdecimal()]
    listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True)
    return [int(pid) for pid in listed.stdout.split()]
