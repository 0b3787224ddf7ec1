"""Advice after an error of the API: what to do next, in the words of the reader.

The API layer says what happened. Only its caller knows the reader: of `pulumi up`, of the command `plusofon`,
or of a program with a lookup. The caller adds the advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .api import errors
from .session import AccountError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .runtime import PlusofonError

Reader: TypeAlias = Literal["host", "account", "command", "lookup"]

# E32: the engine keeps the settings of a run, and uses them where it runs no program.
_STALE: Final = (
    "; `pulumi refresh` and `pulumi destroy` use the token of the last `pulumi up`, and a new one with"
    " --run-program"
)
# Where each reader finds a setting.
_NAMES: Final[Mapping[Reader, Mapping[str, str]]] = {
    "host": {
        "token": "plusofon:token (or PLUSOFON_TOKEN) and plusofon:clientId",
        "url": "plusofon:baseUrl",
        "rate": "plusofon:requestsPerSecond",
        "stale": _STALE,
    },
    # The host, with the settings of an `Account` beside the stack's own.
    "account": {
        "token": "token and client_id of the resource's Account",
        "url": "base_url of the resource's Account",
        "rate": "requests_per_second of the resource's Account",
        "stale": _STALE,
    },
    "command": {
        "token": "PLUSOFON_TOKEN and PLUSOFON_CLIENT_ID",
        "url": "PLUSOFON_BASE_URL",
        "rate": "PLUSOFON_REQUESTS_PER_SECOND",
        "stale": "",
    },
    "lookup": {
        "token": "plusofon:token (or PLUSOFON_TOKEN) and plusofon:clientId",
        "url": "plusofon:baseUrl",
        "rate": "plusofon:requestsPerSecond",
        "stale": "",
    },
}
_REFUSED: Final = (
    "check {token}: the right token is the access key of the cabinet (lk.plusofon.ru, Разработчикам, API),"
    " not that of Flash Call or of a login{stale}"
)
_READ: Final = "try again a little later"
# By class: after a write, and after a read. A class that is not here has the advice of the one above it.
_ADVICE: Final[Mapping[type[errors.ApiError], tuple[str, str]]] = {
    errors.NotSentError: ("check the network and {url}", "nothing was sent: check the network and {url}"),
    errors.ReadOnlyError: ("run it without that setting to change the account", ""),
    errors.AbandonedError: ("", ""),
    errors.MaybeDoneError: ("the next `pulumi up` looks and continues from there", _READ),
    errors.AuthenticationError: (_REFUSED, _REFUSED),
    errors.NotFoundError: (
        "if it was removed behind Pulumi's back, `pulumi refresh` sees that",
        "check {url}: the API is not at this address",
    ),
    errors.InvalidRequestError: (
        "the API did not do it: correct what it objects to, then try again",
        "correct what it objects to, then try again",
    ),
    errors.RateLimitedError: (
        "lower {rate} to what the account allows",
        "lower {rate} to what the account allows",
    ),
    errors.ServerError: (
        "the API has trouble of its own: try again a little later, and if it stays so ask the vendor",
        "the API has trouble of its own: try again a little later, and if it stays so ask the vendor",
    ),
    errors.NoAccessError: (
        "if it says no access, the account lacks the right to this: ask its owner or the vendor",
        "if it says no access, the account lacks the right to this: ask its owner or the vendor",
    ),
}


def advice_for(error: PlusofonError, reader: Reader) -> str:
    """What to do next, without what happened; empty where there is nothing to add."""
    if not isinstance(error, errors.ApiError):
        return ""
    advice = next((_ADVICE[kind] for kind in type(error).__mro__ if kind in _ADVICE), ("", ""))
    return advice[0 if error.writes else 1].format(**_NAMES[reader])


def with_advice(error: PlusofonError, reader: Reader) -> str:
    """One line: what was being done, what happened, what to do next."""
    if isinstance(error, AccountError) and reader not in ("host", "account"):
        return error.reason
    text, words = str(error), advice_for(error, reader)
    if not words:
        return text
    is_joined = isinstance(error, errors.ApiError) and error.consequence
    return f"{text}: {words}" if is_joined else f"{text}; {words}"
