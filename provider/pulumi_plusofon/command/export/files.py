"""Writes the files of an export: all of them whole, or none. Never overwrites a file unasked.

The texts are written beside their files first, so that an error leaves what was there.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.runtime import PlusofonError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PRIVATE: Final = 0o600
_SHARED: Final = 0o666


class FilesError(PlusofonError):
    """The files cannot be written, and none of them was. The text is one line."""


def write_files(files: Mapping[Path, str], *, force: bool = False, private: bool = False) -> None:
    """Write each text to its file; without `force` none that exists. `private` files are for their owner."""
    there = [str(file) for file in files if file.exists() or file.is_symlink()]
    if there and not force:
        raise FilesError(
            f"{', '.join(there)}: exists already, and nothing was written; --force overwrites it"
        )
    if folders := [str(file) for file in files if file.is_dir()]:
        raise FilesError(f"{', '.join(folders)}: is a directory, and nothing was written")
    mode = _PRIVATE if private else _SHARED & ~_umask()
    try:
        with ExitStack() as unfinished:
            written = {file: _beside(file, text, mode, unfinished) for file, text in files.items()}
            for file, new in written.items():
                new.replace(file)
    except OSError as error:
        raise FilesError(f"{error.filename}: {error.strerror}") from None


def _beside(file: Path, text: str, mode: int, unfinished: ExitStack) -> Path:
    """A new file with the text in the folder of `file`; it goes with `unfinished` unless it was renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    new = Path(name)
    unfinished.callback(new.unlink, missing_ok=True)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    new.chmod(mode)
    return new


def _umask() -> int:
    """The process's own; it can be read only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
