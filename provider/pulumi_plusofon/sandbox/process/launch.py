"""The start of a sandbox: token, socket, database; one line for whatever is wrong, and no traceback."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import click

from pulumi_plusofon.sandbox.api.wire import check
from pulumi_plusofon.sandbox.errors import DatabaseRefused, Refusal
from pulumi_plusofon.sandbox.state.settings import Settings
from pulumi_plusofon.sandbox.state.store import Store

from .server import LOOPBACK, listen, serve

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN_VARIABLE = "PLUSOFON_TOKEN"  # noqa: S105  a name, no token


def launch(port: int, db: Path, token_file: Path | None, options: dict[str, float]) -> None:
    """Serve until told to stop; `options` are the settings at the start."""
    try:
        settings = check(Settings, options)
    except Refusal as refusal:
        raise click.UsageError(refusal.message) from None
    token = _given_token(token_file)
    try:
        listener = listen(port)
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror}") from None
    with listener:
        try:
            store = Store(db)
        except DatabaseRefused as refused:
            raise click.ClickException(str(refused)) from None
        if token is None:
            token = secrets.token_urlsafe(32)
            click.echo(f"plusofon sandbox: token {token}")
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        serve(listener, store, token, settings, on_ready=lambda: click.echo(f"plusofon sandbox: {address}"))
        store.close()


def _given_token(file: Path | None) -> str | None:
    source = file or _TOKEN_VARIABLE
    try:
        token = file.read_text("utf-8").strip() if file else os.environ.get(_TOKEN_VARIABLE, "")
    except OSError as error:
        raise click.ClickException(f"{source}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{source}: not text") from None
    if not token and file is None:
        return None
    if not (token and token.isascii() and token.isprintable() and " " not in token):
        raise click.ClickException(f"{source}: not a token, which is printable ASCII without spaces")
    return token
