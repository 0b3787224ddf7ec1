"""Read an answer of the API: a value, or one error of the tree.

Looks at single answers; sends nothing, and shows neither a body nor a secret that a server echoes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from pulumi_plusofon.runtime.text import plain

from . import said
from .errors import (
    AuthenticationError,
    InvalidRequestError,
    NoAccessError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ServerError,
    UnreadableAnswerError,
)
from .models import flag
from .retry import LONGEST_WISH

if TYPE_CHECKING:
    from collections.abc import Callable

    from .exchange import RawAnswer

_Answer = TypeVar("_Answer")
_LONGEST_MESSAGE: Final = 300
_HTTP_OK: Final = 200
_HTTP_SERVER_ERROR: Final = 500
_LEAST_REFUSAL: Final = 400
_DIGITS_OF_A_STATUS: Final = 3
# Request Timeout, Too Early: the same request may well be taken a little later.
_TRANSIENT: Final = (408, 425)
# What a framework says of an error of its own; with any other message of a 500 the vendor says "no access".
_NO_WORDS_OF_THE_VENDOR: Final = ("server error", "internal server error", "service unavailable")
_REFUSALS: Final[dict[int, type[RefusedError]]] = {
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFoundError,
    429: RateLimitedError,
}
# Only its reading of Retry-After is wanted, and that without its own idea of a longest wait.
_PARSER: Final = Retry()
_PARSER.retry_after_max = 10**9


def read(
    doing: str,
    response: RawAnswer,
    parse: Callable[[dict[str, Any]], _Answer],
    secrets: tuple[str | None, ...],
    *,
    enveloped: bool = True,
) -> _Answer:
    """What `parse` makes of a good answer; raises from the tree in `errors` for any other.

    `enveloped`: a good answer must say `success`. `secrets` are masked where the vendor's message repeats
    them.
    """
    answer = _json_object(response)
    status = _status(response, answer)
    success = flag((answer or {}).get("success"))
    if status >= _HTTP_OK + 100 or success is False:
        raise _refusal(doing, response, status, answer, secrets)
    if answer is None:
        raise UnreadableAnswerError(doing, "the answer is not the API's JSON", http_status=status)
    # What is no operation on external numbers need not say so.
    if not success and (enveloped or "success" in answer):
        raise UnreadableAnswerError(doing, "the answer has no `success`", http_status=status)
    try:
        return parse(answer)
    except ValueError as problem:
        reason = _clean(f"the answer is not as documented: {problem}", secrets)
        raise UnreadableAnswerError(doing, reason, http_status=status) from None


def _status(response: RawAnswer, answer: dict[str, Any] | None) -> int:
    """The answer's status: this server also refuses at 200, with a `code` and no good `success`."""
    if answer is None or response.status_code >= _HTTP_OK + 100 or flag(answer.get("success")):
        return response.status_code
    code = answer.get("code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) == _DIGITS_OF_A_STATUS:
        code = int(code)
    if isinstance(code, int) and not isinstance(code, bool) and code >= _LEAST_REFUSAL and said.words(answer):
        return code
    return response.status_code


def _refusal(
    doing: str,
    response: RawAnswer,
    status: int,
    answer: dict[str, Any] | None,
    secrets: tuple[str | None, ...],
) -> RefusedError:
    words = said.words(answer or {})
    reason = _clean(words or response.reason or "refused, without a message", secrets)
    retry_after = _retry_after(response)
    if retry_after and retry_after > LONGEST_WISH:
        reason = f"{reason} (the server asks to wait for {retry_after:.0f} s)"
    error_class = _REFUSALS.get(status, InvalidRequestError if status < _HTTP_SERVER_ERROR else ServerError)
    if status == _HTTP_SERVER_ERROR and words and words.lower().rstrip(".!") not in _NO_WORDS_OF_THE_VENDOR:
        error_class = NoAccessError
    transient = True if status in _TRANSIENT else None
    return error_class(doing, reason, http_status=status, retry_after=retry_after, transient=transient)


def _json_object(response: RawAnswer) -> dict[str, Any] | None:
    """The body's JSON object. It is UTF-8, whatever the content type says: JSON has no other."""
    try:
        answer = json.loads(response.content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _retry_after(response: RawAnswer) -> float | None:
    """The seconds that the server asks to wait, None where it names none that can be read."""
    header = response.headers.get("Retry-After")
    if header is None:
        return None
    try:
        return float(_PARSER.parse_retry_after(header))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _clean(message: str, secrets: tuple[str | None, ...]) -> str:
    """The vendor's message on one line, of bearable length, without a secret that it may echo."""
    for secret in secrets:
        if secret:
            message = message.replace(secret, "[secret]")
    line = plain(" ".join(message.split()))
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
