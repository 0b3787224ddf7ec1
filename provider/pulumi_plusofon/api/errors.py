"""Failures between this machine and the API, by what each means for the account.

This module only names failures and words them; it decides nothing about repeating (see `retry`)
and never holds a token, a SIP password or an answer's body.

    PlusofonError (runtime.errors)
    └── ApiError                      a request failed
        ├── NotSentError              surely not sent: the account is as it was
        │   ├── ReadOnlyError             a setting forbids writes
        │   └── AbandonedError            what asked for it has ended
        ├── MaybeDoneError            sent, and no answer came back: it may have been done
        │   └── UnreadableAnswerError     an answer came that is not the API's
        └── RefusedError              the API answered no
            ├── AuthenticationError       401, 403: the token
            ├── NotFoundError             404: no such id, or no such operation
            ├── InvalidRequestError       other 4xx, or `success: false`: the request
            ├── RateLimitedError          429: too many requests
            └── ServerError               5xx: it may have been done all the same
                └── NoAccessError             500 with a message: the vendor's "no access"
"""

from __future__ import annotations

from pulumi_plusofon.runtime import clock
from pulumi_plusofon.runtime.errors import PlusofonError


class ApiError(PlusofonError):
    """A request failed.

    `doing` says what for, in words and with the number ("connecting 79104445566"); `reason` what
    happened, in the API's own words where it gave any; `writes` whether the request could have changed
    something (`pulumi_plusofon.advice` says what to do next);
    `http_status` the answer's status, None without one; `transient` whether the same request may
    well succeed a little later; `retry_after` the seconds that the server asks to wait, counted from
    `raised_at` on this process's monotonic clock.
    """

    transient = False
    writes = True
    _of_a_write = ""

    def __init__(
        self,
        doing: str,
        reason: str,
        *,
        http_status: int | None = None,
        retry_after: float | None = None,
        transient: bool | None = None,
    ) -> None:
        super().__init__(doing, reason)
        self.doing = doing
        self.reason = reason
        self.http_status = http_status
        self.retry_after = retry_after
        self.raised_at = clock.monotonic()
        if transient is not None:
            self.transient = transient

    def __str__(self) -> str:
        """One line: what was being done, what happened, and what that means for the account."""
        status = f"HTTP {self.http_status}: " if self.http_status else ""
        consequence = f"; {self.consequence}" if self.consequence else ""
        return f"{self.doing}: {status}{self.reason}{consequence}"

    @property
    def consequence(self) -> str:
        """What a failed write means for the account, where it is not plain; a read changes nothing."""
        return self._of_a_write if self.writes else ""


class NotSentError(ApiError):
    """No connection was made, so the account is as it was."""

    _of_a_write = "nothing was sent"
    transient = True


class ReadOnlyError(NotSentError):
    """A setting says that nothing may be sent but GETs, and this was none."""

    transient = False


class AbandonedError(NotSentError):
    """The run that asked for a write has ended meanwhile, so nothing would keep what it does."""

    transient = False


class MaybeDoneError(ApiError):
    """The request went out and no answer came back, so it may or may not have been done."""

    _of_a_write = "it may have been done all the same"
    transient = True


class UnreadableAnswerError(MaybeDoneError):
    """An answer came back that is not the API's: no JSON, or not of the documented shape."""


class RefusedError(ApiError):
    """The API answered no."""


class AuthenticationError(RefusedError):
    """401 or 403."""


class NotFoundError(RefusedError):
    """404."""


class InvalidRequestError(RefusedError):
    """Another 4xx, or `success: false`: the API rejects the request."""


class RateLimitedError(RefusedError):
    """429. `retry_after` is the seconds that the server asked for, None where it named none."""

    transient = True


class ServerError(RefusedError):
    """5xx."""

    transient = True


class NoAccessError(ServerError):
    """500 with a message, with which the vendor says "no access": asking again changes nothing."""

    transient = False
