"""Waiting until a login is registered at its SIP server, with an end and signs of life.

Reads the status endpoint; changes nothing, and leaves it to the caller what a wait in vain means.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api import ApiError, interruption

if TYPE_CHECKING:
    from pulumi_plusofon.account import Account

_LOG: Final = logging.getLogger(__name__)
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_SIGN_OF_LIFE: Final = 10.0


def wait(account: Account, number: str, login: str, seconds: float) -> str | None:
    """Wait at most `seconds`; None once the login is registered, else why we stopped waiting."""
    started = time.monotonic()
    pause = _SHORTEST_PAUSE
    next_sign = _SIGN_OF_LIFE
    while True:
        try:
            status = _status(account, login)
        except ApiError as failure:
            return f"{number}: {failure}"
        if status is None:
            return None
        waited = time.monotonic() - started
        if waited >= seconds:
            return f"{number}: login {login} is not registered after {seconds:g} s (status: {status})"
        if waited >= next_sign:
            _LOG.info("%s: waiting for login %s to register, %.0f s so far", number, login, waited)
            next_sign += _SIGN_OF_LIFE
        if interruption.ASKED.wait(min(pause, seconds - waited)):
            return f"{number}: interrupted while login {login} was not yet registered (status: {status})"
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _status(account: Account, login: str) -> str | None:
    """None when `login` is registered, else the API's word for what it is."""
    for status in account.statuses([login]):
        if status.login == login:
            return None if status.registered else status.status
    return "none"
