"""Where a sandbox without `--db` lives: a folder of the user's own, with database, token and port.

So the next start has the same account, at the same address, with the same token. Never holds a token that a
person has given.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

USUAL_PORT: Final = 8700
_MOST_PORT: Final = 65_535


@dataclass(frozen=True)
class Home:
    """The folder of one user's sandbox."""

    folder: Path

    @property
    def database(self) -> Path:
        """The account's file."""
        return self.folder / "sandbox.db"

    @property
    def port(self) -> int:
        """The port of the last start, or the usual one."""
        try:
            text = self._port_file.read_text("ascii", errors="replace").strip()
        except FileNotFoundError:
            return USUAL_PORT
        except OSError as error:
            raise click.ClickException(f"{self._port_file}: {error.strerror}") from None
        return int(text) if text.isdecimal() and 0 < int(text) <= _MOST_PORT else USUAL_PORT

    def keep_port(self, port: int) -> None:
        """Take note of the port for the next start."""
        _write(self._port_file, str(port))

    @property
    def token_file(self) -> Path:
        """The token that was made at the first start; its owner's alone."""
        return self.folder / "sandbox.token"

    def make_token(self) -> str:
        """A new token, kept for the next start."""
        token = secrets.token_urlsafe(32)
        _write(self.token_file, token)
        return token

    @property
    def _port_file(self) -> Path:
        return self.folder / "sandbox.port"


def own_home() -> Home:
    """The home of this user's sandbox; its folder is made if it is new."""
    folder = _state_folder() / "plusofon"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}; name a file with --db") from None
    return Home(folder)


def _state_folder() -> Path:
    try:
        home = Path.home()
    except RuntimeError:
        raise click.ClickException("this user has no home folder: name a file with --db") from None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    variable, usual = (
        ("LOCALAPPDATA", home / "AppData" / "Local")
        if sys.platform == "win32"
        else ("XDG_STATE_HOME", home / ".local" / "state")
    )
    given = Path(os.environ.get(variable, ""))
    # A relative path counts as none, says the XDG specification.
    return given if given.is_absolute() else usual


def _write(file: Path, text: str) -> None:
    """Write the whole file or nothing, for its owner alone."""
    new = file.with_name(f"{file.name}.new")
    try:
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        new.write_text(text, "ascii")
        new.replace(file)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
