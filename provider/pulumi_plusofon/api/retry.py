"""Decide how often and after which pause a failed request is repeated.

Knows times and error classes only. The caller decides whether an operation may be repeated at all after an
answer was lost: the API's PUT may not.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Final

import tenacity

from pulumi_plusofon.runtime import clock

from .errors import ApiError, NotSentError, RateLimitedError
from .pacing import WORTH_A_LINE

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG: Final = logging.getLogger(__name__)

# Also where the server says "Retry-After: 0": an instant repeat of a refused request only adds to the load.
_FLOOR: Final = 0.2
_LONGEST_BACKOFF: Final = 20.0
# Longer waits fail at once: the error says how long the server asks for.
LONGEST_WISH: Final = 120.0
# Seconds for which one request waits in all while the API asks it to.
LONGEST_WAIT: Final = 600.0
_SIGN_OF_LIFE: Final = 30.0


def anything_transient(error: BaseException) -> bool:
    """For operations that set a state: repeat whatever may pass."""
    return (
        isinstance(error, ApiError)
        and error.transient
        and (error.retry_after is None or error.retry_after <= LONGEST_WISH)
    )


def only_unsent(error: BaseException) -> bool:
    """For an operation that must not be done twice: repeat only what surely never left."""
    return isinstance(error, NotSentError) and error.transient


def anything_sent(error: BaseException) -> bool:
    """For a caller that looked for the result first, around an operation that repeats the unsent itself."""
    return anything_transient(error) and not isinstance(error, NotSentError)


def repeating(max_retries: int, when: Callable[[BaseException], bool]) -> tenacity.Retrying:
    """A loop that repeats the errors of which `when` is true: failures at most `max_retries` times.

    Being asked to wait (429) is repeated for ten minutes. An interrupt ends its pause; the attempt after it
    is the last.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(when),
        stop=tenacity.stop_any(_Patience(max_retries), _Cancelled()),
        wait=_pause,
        sleep=_sleep,
        before_sleep=_log_retry,
        reraise=True,
    )


class _Patience(tenacity.stop.stop_base):
    """When to give up: after so many failures, or once the API has asked to wait for too long.

    A 429 does not count as a failed attempt; it has a time limit instead. So of several processes on one
    account that limits none gives up because of the others.
    """

    def __init__(self, max_retries: int) -> None:
        self._max_retries = max_retries
        self._failures = 0
        self._asked_since: float | None = None
        self._reported = 0.0

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        """Count one attempt that failed."""
        error = retry_state.outcome.exception() if retry_state.outcome else None
        if not isinstance(error, RateLimitedError):
            self._failures += 1
            return self._failures > self._max_retries
        now = clock.monotonic()
        if self._asked_since is None:
            self._asked_since = now
        waited = now - self._asked_since
        if waited - self._reported >= _SIGN_OF_LIFE:
            self._reported = waited
            _LOG.info("%s: the API has asked to wait for %.0f s so far", error.doing, waited)
        return waited >= LONGEST_WAIT


class _Cancelled(tenacity.stop.stop_base):
    """When the person has asked the run to end."""

    def __call__(self, _retry_state: tenacity.RetryCallState) -> bool:
        """Whether to give up."""
        return clock.is_cancelled()


def _sleep(seconds: float) -> None:
    clock.pause(seconds)


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ApiError) and error.retry_after is not None:
        # Counted from the answer: a look at the list since then was a wait already.
        wish = error.retry_after - (clock.monotonic() - error.raised_at)
    else:
        wish = min(_FLOOR * 2 ** (state.attempt_number - 1), _LONGEST_BACKOFF)
    pause = max(wish, _FLOOR)
    # Threads that were refused together must not come back together.
    return pause + random.uniform(0, pause / 2)  # noqa: S311 - spreads load, guards nothing


def _log_retry(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ApiError) and state.upcoming_sleep >= WORTH_A_LINE:
        _LOG.info("%s: %s; trying again in %.0f s", error.doing, error.reason, state.upcoming_sleep)
