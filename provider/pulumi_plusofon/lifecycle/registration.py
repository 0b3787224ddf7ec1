"""Waiting until a login is registered at its SIP server, with a time limit and progress messages.

All waits of an account share one poll (`account.registrations`). Changes nothing, and leaves it to the caller
what a wait that timed out means. Its texts name the number and never the login, which may be a secret.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api import ApiError
from pulumi_plusofon.runtime import clock

if TYPE_CHECKING:
    from pulumi_plusofon.session import AccountSession

_LOG: Final = logging.getLogger(__name__)
_SIGN_OF_LIFE: Final = 10.0
# It is the vendor that registers at the operator, from these addresses (two independent projects name them).
_ADVICE: Final = (
    "; the operator may have to admit the vendor's addresses, 185.54.48.0/22, from which it registers"
)


def wait(session: AccountSession, number: str, login: str, seconds: float) -> str | None:
    """Wait at most `seconds`; None once the login is registered, else why we stopped waiting."""
    started = clock.monotonic()
    next_sign = _SIGN_OF_LIFE
    waited = 0.0
    with session.registrations.waiting(login):
        while True:
            try:
                found = session.registrations.next(login, seconds - waited)
            except ApiError as failure:
                return f"{number}: {failure}"
            if found and found.registered:
                return None
            status = found.status if found else "none"
            waited = clock.monotonic() - started
            if waited >= seconds:
                return (
                    f"{number}: its login is not registered after {seconds:g} s (status: {status}){_ADVICE}"
                )
            if clock.is_cancelled():
                return f"{number}: interrupted while its login was not yet registered (status: {status})"
            if waited >= next_sign:
                _LOG.info("%s: waiting for its login to register, %.0f s so far", number, waited)
                next_sign += _SIGN_OF_LIFE
