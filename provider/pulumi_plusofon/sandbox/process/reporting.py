"""Print what a running sandbox reports: where it is, how to use it, and with `--log` a line for each request.

Never prints a token that a person has given: they have it, and the output may be a log that others read.
"""

from __future__ import annotations

import shlex
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.sandbox.state.store import LoggedRequest

    from .tokens import Token


def say_ready(url: str, token: Token) -> None:
    """Say where it is; a person at a terminal, and one whose token is new, also get the lines to paste."""
    click.echo(f"plusofon sandbox: {url}")
    is_for_a_person = sys.stdout.isatty()
    if is_for_a_person or token.is_new:
        for line in _to_paste(url, token):
            click.echo(line)
    elif token.file is not None and not token.is_given:
        click.echo(f"plusofon sandbox: the token is in {token.file}")


def _to_paste(url: str, token: Token) -> Iterator[str]:
    if not token.is_given:
        yield f"export PLUSOFON_TOKEN={shlex.quote(token.text)}"
    yield f"export PLUSOFON_BASE_URL={url}"
    yield f"page: {url}/" if token.is_given else f"page: {url}/#token={token.text}"


class RequestLog:
    """Prints each request of the API once it is answered; the page's and the control plane's are none."""

    def __init__(self) -> None:
        self._is_read = True

    def __call__(self, logged: LoggedRequest, seconds: float) -> None:
        """Print one line."""
        if not self._is_read:
            return
        moment = datetime.fromtimestamp(logged.time).astimezone().isoformat(timespec="milliseconds")
        # A path may have any character, also one that acts on a terminal.
        path = logged.path.encode("unicode_escape").decode("ascii")
        answer = "no-answer" if logged.status is None else str(logged.status)
        fault = [] if logged.fault is None else [f"fault={logged.fault}"]
        line = " ".join([moment, logged.method, path, answer, f"{seconds * 1000:.0f}ms", *fault])
        try:
            click.echo(line)
        except OSError as error:
            # The reader is gone, or the disk is full: requests go on being answered.
            self._is_read = False
            click.echo(f"plusofon sandbox: no more lines about requests: {error.strerror}", err=True)
