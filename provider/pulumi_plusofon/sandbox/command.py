"""The command line of the sandbox: where the token comes from, where the account is kept, which port."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from .errors import DatabaseRefused, Refusal
from .server import LOOPBACK, listen, serve
from .settings import Settings
from .store import Store
from .wire import check

_TOKEN_VARIABLE = "PLUSOFON_TOKEN"  # noqa: S105  a name, no token


@click.command()
@click.option(
    "--port", default=8700, show_default=True, type=click.IntRange(0, 65_535), help="0 takes a free one."
)
@click.option(
    "--db",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="SQLite file of the account; made if new.",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"File with the token to accept.  [default: {_TOKEN_VARIABLE}, else one is made and printed]",
)
@click.option("--latency", default=0.0, show_default=True, metavar="SECONDS", help="Added to every answer.")
@click.option(
    "--registers-after",
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="From connecting to registered.",
)
@click.option("--no-ids", is_flag=True, help="Leave `id` out of the list.")
def sandbox(
    port: int, db: Path, token_file: Path | None, latency: float, registers_after: float, *, no_ids: bool
) -> None:
    """Serve the Plusofon API for external numbers on this machine, for development and tests."""
    try:
        settings = check(Settings, {"latency": latency, "registers_after": registers_after, "no_ids": no_ids})
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
    try:
        token = file.read_text("utf-8").strip() if file else os.environ.get(_TOKEN_VARIABLE, "")
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"{file}: cannot be read as text") from None
    source = file or _TOKEN_VARIABLE
    if not token:
        if file:
            raise click.ClickException(f"{source}: no token in it")
        return None
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise click.ClickException(f"{source}: not a token, which is printable ASCII without spaces")
    return token
