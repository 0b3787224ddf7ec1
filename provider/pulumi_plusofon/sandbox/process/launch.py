"""The start of a sandbox: token, socket, database; one line for whatever is wrong, and no traceback."""

from __future__ import annotations

import json
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


def launch(
    port: int, db: Path, token_file: Path | None, ready_file: Path | None, options: dict[str, float]
) -> None:
    """Serve until a signal asks for the end; `options` are the settings at the start."""
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
        ready = _ReadyFile(ready_file) if ready_file else None
        facts: dict[str, object] = {
            "url": f"http://{LOOPBACK}:{listener.getsockname()[1]}",
            "pid": os.getpid(),
        }
        if token is None:
            facts["token"] = token = secrets.token_urlsafe(32)
            click.echo(f"plusofon sandbox: token {token}")

        def say_ready() -> None:
            click.echo(f"plusofon sandbox: {facts['url']}")
            if ready:
                ready.write(facts)

        serve(listener, store, token, settings, on_ready=say_ready)
        store.close()


class _ReadyFile:
    """A file that is there, whole, once the sandbox answers; its owner's alone, because of the token."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._new = file.with_name(f"{file.name}.new")
        try:
            self._new.touch(mode=0o600)
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}") from None

    def write(self, facts: dict[str, object]) -> None:
        self._new.write_text(json.dumps(facts), "utf-8")
        self._new.replace(self._file)


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
