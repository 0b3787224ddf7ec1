"""The user's cache folder, where things that take long to get are kept for every clone.

An entry appears all at once, by a rename, so an interrupted one never looks whole. Of
several set-ups at once one fills an entry and the others wait. An entry that is whole is never deleted.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.console import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bootstrap.console import Step

LOCK_POLL = 0.5


def root(environment: Mapping[str, str]) -> Path:
    """Tell where the cache is; PLUSOFON_CACHE moves it."""
    chosen = environment.get("PLUSOFON_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    base = environment.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "pulumi-plusofon"
    except RuntimeError:
        raise SetupError(
            "There is no HOME, and this user has no home folder.",
            "Set PLUSOFON_CACHE to a folder to keep the Pulumi engine in. Then run this again.",
        ) from None


def provide(
    entry: Path, is_whole: Callable[[Path], bool], fill: Callable[[Path], object], step: Step
) -> None:
    """Make sure that `entry` is there and whole; `fill` is given an empty folder to put its contents into."""
    if is_whole(entry):
        return
    with locked(entry.parent / f"{entry.name}.lock", step):
        if is_whole(entry):
            return
        for leftover in entry.parent.glob(f"{entry.name}.partial-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=f"{entry.name}.partial-", dir=entry.parent))
        try:
            fill(staging)
            if entry.exists():
                shutil.rmtree(entry)
            staging.rename(entry)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def locked(file: Path, step: Step) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise SetupError(
            f"{file.parent} cannot be written: {error.strerror}.",
            "Make it writable, or set PLUSOFON_CACHE to another cache folder. Then run this again.",
        ) from None
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                step.say("waiting for another set-up that is at it")
                time.sleep(LOCK_POLL)
        yield
    finally:
        os.close(descriptor)
