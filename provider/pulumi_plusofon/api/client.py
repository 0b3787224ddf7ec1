"""The documented operations on external numbers, one method each, over one pooled session.

The vendor's document is the group "external numbers" of https://restapi.plusofon.ru, version of
2025-05-21. A method sends one operation, repeats it where that is safe, and answers with typed
values or raises from the tree in `errors`. It keeps nothing between calls but connections, and it
logs methods, paths, statuses and times: never a header, never a body.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import (
    ConnectTimeoutError,
    InvalidHeader,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    SSLError,
)
from urllib3.util.retry import Retry

from . import models
from .errors import (
    ApiError,
    AuthenticationError,
    InvalidRequestError,
    MaybeDoneError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    RefusedError,
    ServerError,
    UnreadableAnswerError,
)
from .pacing import Pace
from .retry import LONGEST_WISH, anything_transient, only_unsent, repeating
from .settings import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .settings import Settings

_Answer = TypeVar("_Answer")
_LOG: Final = logging.getLogger(__name__)
_NUMBERS: Final = "/api/v1/number/external"
_POOL: Final = 16  # more than any host's threads
_LONGEST_MESSAGE: Final = 300
_HTTP_OK: Final = 200
_HTTP_SERVER_ERROR: Final = 500
_REFUSALS: Final[dict[int, type[RefusedError]]] = {
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFoundError,
    429: RateLimitedError,
}


class Client:
    """One account's API. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pace = Pace(settings.requests_per_second)
        self._session = requests.Session()
        self._session.auth = _Bearer(settings.token)
        self._session.headers.update(
            {
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Client": settings.client_id,
            }
        )
        # A proxy from the environment is for the world outside, never for this machine.
        self._session.trust_env = not is_loopback(urlsplit(settings.base_url).hostname or "")
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=_POOL, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def list_numbers(self) -> tuple[models.ListedNumber, ...]:
        """Every external number of the account. `GET /api/v1/number/external`."""
        return self._send("listing the external numbers", "GET", _NUMBERS, parse=models.parse_numbers)

    def registration_statuses(self, logins: Iterable[str]) -> tuple[models.RegistrationStatus, ...]:
        """The registrations of `logins` (`ate` only). `GET /api/v1/number/external/status`, with a body."""
        return self._send(
            "reading the registration status",
            "GET",
            f"{_NUMBERS}/status",
            {"logins": list(logins)},
            parse=models.parse_statuses,
        )

    def connect(self, connection: models.Connection) -> None:
        """Connect a new number. `PUT /api/v1/number/external/{type}`; answers no id.

        Repeated only where nothing was sent: after any other failure the caller has to list first.
        """
        self._send(
            f"connecting {connection.number}",
            "PUT",
            f"{_NUMBERS}/{connection.type}",
            connection.body(),
            parse=_done,
            repeat=only_unsent,
        )

    def update(self, number_id: int, connection: models.Connection) -> None:
        """Set how a number is connected. `PATCH /api/v1/number/external/{type}/{id}`, all fields."""
        self._send(
            f"updating {connection.number}",
            "PATCH",
            f"{_NUMBERS}/{connection.type}/{number_id}",
            connection.body(),
            parse=_done,
        )

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        """Disconnect a number. `DELETE /api/v1/number/external/{type}/{id}`."""
        self._send(f"disconnecting {number}", "DELETE", f"{_NUMBERS}/{number_type}/{number_id}", parse=_done)

    def forward(self, body: dict[str, Any]) -> None:
        """Set the forwarding of a number. `POST /api/v1/number/external/follow`."""
        verb = "clearing the forwarding of" if body["type"] == "empty" else "forwarding"
        doing = f"{verb} {body['number_type']}/{body['number_id']}"
        self._send(doing, "POST", f"{_NUMBERS}/follow", body, parse=_done)

    def _send(
        self,
        doing: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        parse: Callable[[dict[str, Any]], _Answer],
        repeat: Callable[[BaseException], bool] = anything_transient,
    ) -> _Answer:
        attempts = repeating(self.settings.max_retries, repeat)
        answer: _Answer = attempts(self._once, doing, method, path, body, parse)
        return answer

    def _once(
        self,
        doing: str,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        parse: Callable[[dict[str, Any]], _Answer],
    ) -> _Answer:
        self._pace.wait()
        started = time.monotonic()
        try:
            # A redirect would carry the token to an address that nobody configured.
            response = self._session.request(
                method,
                self.settings.base_url + path,
                json=body,
                timeout=self.settings.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            error = self._transport_error(doing, problem)
            _LOG.debug("%s %s: %s", method, path, type(error).__name__)
            raise error from None
        _LOG.debug("%s %s: %d in %.3f s", method, path, response.status_code, time.monotonic() - started)
        secrets = (self.settings.token, (body or {}).get("secret"))
        try:
            return _read(doing, response, parse, secrets)
        except RateLimitedError as error:
            if error.retry_after and error.retry_after <= LONGEST_WISH:
                self._pace.hold(error.retry_after)
            raise

    def _transport_error(self, doing: str, problem: requests.RequestException) -> ApiError:
        cause = problem.args[0] if problem.args else None
        reason = cause.reason if isinstance(cause, MaxRetryError) else cause
        if isinstance(reason, SSLError):
            return NotSentError(doing, "the server's TLS certificate was not accepted", transient=False)
        if isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError):
            return NotSentError(doing, f"no connection to {self.settings.base_url}")
        if isinstance(problem, requests.Timeout):
            return MaybeDoneError(doing, f"no answer within {self.settings.timeout:g} s")
        if isinstance(problem, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
            return MaybeDoneError(doing, "the connection was closed before a whole answer came")
        return NotSentError(
            doing, f"the request could not be made ({type(problem).__name__})", transient=False
        )


class _Bearer(AuthBase):
    """Puts the token on a request at the last moment, so that no session or error carries it.

    As the session's `auth` it also keeps a `.netrc` of the machine from replacing the header.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _done(_: dict[str, Any]) -> None:
    """Nothing to read: a write answers `success` alone."""


def _read(
    doing: str,
    response: requests.Response,
    parse: Callable[[dict[str, Any]], _Answer],
    secrets: tuple[str | None, ...],
) -> _Answer:
    status = response.status_code
    answer = _json_object(response)
    refused = answer is not None and answer.get("success") is False
    if status >= _HTTP_OK + 100 or refused:
        raise _refusal(doing, response, answer, secrets)
    if answer is None:
        raise UnreadableAnswerError(doing, "the answer is not the API's JSON", http_status=status)
    if answer.get("success") is not True:
        raise UnreadableAnswerError(doing, "the answer has no `success`", http_status=status)
    try:
        return parse(answer)
    except ValueError as problem:
        raise UnreadableAnswerError(doing, f"the answer is not as documented: {problem}") from None


def _refusal(
    doing: str,
    response: requests.Response,
    answer: dict[str, Any] | None,
    secrets: tuple[str | None, ...],
) -> RefusedError:
    status = response.status_code
    message = answer.get("message") if answer else None
    spoken = isinstance(message, str) and bool(message.strip())
    reason = _clean(str(message), secrets) if spoken else (response.reason or "refused, without a message")
    error_class = ServerError if status >= _HTTP_SERVER_ERROR else _REFUSALS.get(status, InvalidRequestError)
    return error_class(
        doing,
        reason,
        http_status=status,
        retry_after=_retry_after(response),
        # The vendor answers 500 with a message for "no access": asking again changes nothing.
        transient=False if status == _HTTP_SERVER_ERROR and spoken else None,
    )


def _json_object(response: requests.Response) -> dict[str, Any] | None:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _retry_after(response: requests.Response) -> float | None:
    """The seconds that the server asks to wait, None where it names none that can be read."""
    header = response.headers.get("Retry-After")
    if header is None:
        return None
    try:
        return float(Retry().parse_retry_after(header))
    except InvalidHeader:
        return None


def _clean(message: str, secrets: tuple[str | None, ...]) -> str:
    """The vendor's message on one line, of bearable length, without a secret that it may echo."""
    for secret in secrets:
        if secret:
            message = message.replace(secret, "[secret]")
    line = " ".join(message.split())
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
