"""The start of a sandbox: token, socket, database; one line for each error, and no traceback."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import click

from pulumi_plusofon.sandbox.api.wire import check, parse_json
from pulumi_plusofon.sandbox.errors import DatabaseRefused, Refusal
from pulumi_plusofon.sandbox.seeding import Seed, plant
from pulumi_plusofon.sandbox.state.sandbox import Sandbox
from pulumi_plusofon.sandbox.state.settings import Settings
from pulumi_plusofon.sandbox.state.store import Store

from .home import USUAL_PORT, Home, own_home
from .reporting import RequestLog, say_ready
from .server import LOOPBACK, listen, serve
from .tokens import Token, given_token, is_own, own_token

if TYPE_CHECKING:
    import socket
    from pathlib import Path


class Files(NamedTuple):
    """The files that a person may name: the token, what says that it is ready, what the account has."""

    token: Path | None
    ready: Path | None
    seed: Path | None


def launch(
    port: int | None,
    db: Path | None,
    files: Files,
    options: dict[str, float],
    customer_id: int | None = None,
    *,
    log: bool = False,
) -> None:
    """Serve until a signal asks for the end; `options` are the settings at the start.

    Without `db` the account is the user's own (`home`). `customer_id` is the account's own id, None for that
    of its seed or the usual one.
    """
    try:
        settings = check(Settings, options)
    except Refusal as refusal:
        raise click.UsageError(refusal.message) from None
    token = given_token(files.token)
    seed = None if files.seed is None else _read_seed(files.seed)
    home = None if db else own_home()
    database = db or own_home().database
    with _listener(port, home) as listener:
        try:
            store = Store(database)
        except DatabaseRefused as refused:
            raise click.ClickException(str(refused)) from None
        # From here on the home is this process's alone.
        token = own_token(home) if token is None or is_own(token, home) else token
        taken = listener.getsockname()[1]
        if home is not None:
            _keep_port(home, taken, port)
        if seed is not None:
            _plant(store, seed, files.seed, database)
        known = customer_id or store.directory.customer_id
        if known is not None:
            settings = settings.model_copy(update={"customer_id": known})
        _serve(listener, Sandbox(store, token.text, settings), token, files.ready, log=log)
        store.close()


def _serve(
    listener: socket.socket, sandbox: Sandbox, token: Token, ready_file: Path | None, *, log: bool
) -> None:
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    facts: dict[str, object] = {"url": url, "pid": os.getpid()}
    if not token.is_given:
        facts["token"] = token.text
    ready = _ReadyFile(ready_file) if ready_file else None

    def on_ready() -> None:
        say_ready(url, token)
        if ready:
            ready.write(facts)

    serve(listener, sandbox, on_ready, RequestLog() if log else None)


def _listener(port: int | None, home: Home | None) -> socket.socket:
    """A socket on the port that a person gave, else on that of the last start, else on a free one."""
    wanted = port if port is not None else home.port if home else USUAL_PORT
    try:
        return listen(wanted)
    except OSError as error:
        if port is None and home and error.errno == errno.EADDRINUSE:
            return listen(0)
        raise click.ClickException(f"port {wanted}: {error.strerror}") from None


def _keep_port(home: Home, taken: int, asked: int | None) -> None:
    if asked is None and taken != home.port:
        click.echo(f"plusofon sandbox: port {home.port} is in use by another program; {taken} is free")
    home.keep_port(taken)


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
