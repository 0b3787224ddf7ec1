"""The official release of the engine, where its server can be reached; where it cannot, that is known soon.

Takes the programs out of the release's archive and leaves the rest. No installer is run, no profile edited.
"""

from __future__ import annotations

import http.client
import io
import platform
import queue
import shutil
import tarfile
import threading
import urllib.request
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from bootstrap.engine import PROGRAMS

if TYPE_CHECKING:
    from pathlib import Path

    from bootstrap.console import Step

ADDRESS = "https://get.pulumi.com/releases/sdk/pulumi-v{version}-{system}-{machine}.tar.gz"
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
SILENCE_SECONDS = 5.0
UNREACHABLE = (OSError, http.client.HTTPException)


def download(version: str, folder: Path, step: Step) -> bool:
    """Put the release's programs into `folder` and say so, or leave it empty."""
    machine = MACHINES.get(platform.machine().lower())
    if machine is None:
        return False
    step.say("looking for the official release")
    response = _open(ADDRESS.format(version=version, system=platform.system().lower(), machine=machine))
    if response is None:
        return False
    try:
        with response, tarfile.open(fileobj=_Counted(response, step), mode="r|gz") as archive:
            _extract(archive, folder)
    except (*UNREACHABLE, tarfile.TarError, EOFError):
        _empty(folder)
    if {program.name for program in folder.iterdir()} != set(PROGRAMS):
        _empty(folder)
        return False
    return True


def _open(address: str) -> IO[bytes] | None:
    """Open the archive, or give up soon: some networks answer nothing, not even the look-up of a name."""
    answers: queue.Queue[IO[bytes] | None] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(address, timeout=SILENCE_SECONDS))  # noqa: S310 - https only
        except UNREACHABLE:
            answers.put(None)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=2 * SILENCE_SECONDS)
    except queue.Empty:
        return None


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    for member in archive:
        name = PurePosixPath(member.name).name
        source = archive.extractfile(member) if member.isfile() and name in PROGRAMS else None
        if source is not None:
            with source, (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target)
            (folder / name).chmod(0o755)


def _empty(folder: Path) -> None:
    for program in folder.iterdir():
        program.unlink()


class _Counted(io.RawIOBase):
    """A download that says how far it is."""

    def __init__(self, response: IO[bytes], step: Step) -> None:
        super().__init__()
        self._response = response
        self._step = step
        self._megabytes = 0.0

    def read(self, size: int = -1) -> bytes:
        data = self._response.read(size)
        self._megabytes += len(data) / 1e6
        self._step.say(f"downloading the official release, {self._megabytes:.0f} MB")
        return data
