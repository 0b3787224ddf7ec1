"""Choose the token that a sandbox accepts: one that a person gives, that of its last start, or a new one.

Never prints one.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from pathlib import Path

    from .home import Home

VARIABLE: Final = "PLUSOFON_TOKEN"


@dataclass(frozen=True)
class Token:
    """A token: whether a person gave it, whether it was made just now, and the file that has it, if any."""

    text: str
    is_given: bool = False
    is_new: bool = False
    file: Path | None = None


def given_token(file: Path | None) -> Token | None:
    """The token in `file`, else that of the environment; None if there is neither."""
    source = file or VARIABLE
    text = _read(file) if file else os.environ.get(VARIABLE, "")
    if not text and file is None:
        return None
    return Token(_checked(text, source), is_given=True, file=file)


def own_token(home: Home | None) -> Token:
    """The token that this home has, or a new one; without a home always a new one."""
    if home is None:
        return Token(secrets.token_urlsafe(32), is_new=True)
    if home.token_file.exists():
        return Token(_checked(_read(home.token_file), home.token_file), file=home.token_file)
    return Token(home.make_token(), is_new=True, file=home.token_file)


def is_own(token: Token, home: Home | None) -> bool:
    """Whether a token that was given is the one that this home has: it was pasted from there."""
    return home is not None and home.token_file.exists() and _read(home.token_file) == token.text


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: not text") from None


def _checked(text: str, source: Path | str) -> str:
    if not (text and text.isascii() and text.isprintable() and " " not in text):
        raise click.ClickException(f"{source}: not a token, which is printable ASCII without spaces")
    return text
