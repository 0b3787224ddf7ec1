"""The start of a sandbox: token, socket, database; one line for whatever is wrong, and no traceback."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import click

from pulumi_plusofon.sandbox.api.wire import check, parse_json
from pulumi_plusofon.sandbox.errors import DatabaseRefused, Refusal
from pulumi_plusofon.sandbox.seeding import Seed, plant
from pulumi_plusofon.sandbox.state.settings import Settings
from pulumi_plusofon.sandbox.state.store import Store

from .server import LOOPBACK, listen, serve

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN_VARIABLE = "PLUSOFON_TOKEN"  # noqa: S105  a name, no token


class Files(NamedTuple):
    """The files that a person may name: the token, what says that it is ready, what the account has."""

    token: Path | None
    ready: Path | None
    seed: Path | None


def launch(
    port: int, db: Path, files: Files, options: dict[str, float], customer_id: int | None = None
) -> None:
    """Serve until a signal asks for the end; `options` are the settings at the start.

    `customer_id` is the account's own id, None for that of its seed or the usual one.
    """
    try:
        settings = check(Settings, options)
    except Refusal as refusal:
        raise click.UsageError(refusal.message) from None
    token = _given_token(files.token)
    seed = None if files.seed is None else _read_seed(files.seed)
    try:
        listener = listen(port)
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror}") from None
    with listener:
        try:
            store = Store(db)
        except DatabaseRefused as refused:
            raise click.ClickException(str(refused)) from None
        if seed is not None:
            _plant(store, seed, files.seed, db)
        known = customer_id or store.directory.customer_id
        if known is not None:
            settings = settings.model_copy(update={"customer_id": known})
        ready = _ReadyFile(files.ready) if files.ready else None
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


def _read_seed(file: Path) -> Seed:
    try:
        return check(Seed, parse_json(file.read_bytes()))
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    except Refusal as refusal:
        raise click.ClickException(f"{file}: {refusal.message}") from None


def _plant(store: Store, seed: Seed, file: Path | None, db: Path) -> None:
    if not store.is_new:
        click.echo(f"plusofon sandbox: {db} has an account already, and {file} was not used again")
        return
    try:
        with store.transaction():
            plant(store, seed)
    except Refusal as refusal:
        store.close()
        raise click.ClickException(f"{file}: {refusal.message}") from None
    except sqlite3.Error as error:
        store.close()
        raise click.ClickException(f"{db}: {error}") from None
    unknown = "; it knows no SIP password of them" if seed.without_password else ""
    click.echo(f"plusofon sandbox: {len(seed.numbers)} numbers from {file}{unknown}")


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
