"""The documented operations on external numbers, one method each, over one pooled session.

The vendor's document is the group "external numbers" of https://restapi.plusofon.ru, version of
2025-05-21. A method sends one operation, repeats it where that is safe, and answers with typed
values or raises from the tree in `errors`. It keeps nothing between calls but connections, and it
logs methods, paths, statuses and times: never a header, never a body.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from pulumi_plusofon.runtime.setting_values import is_loopback

from . import directory, facts, models, pages
from .errors import AbandonedError, ApiError, RateLimitedError, ReadOnlyError, UnreadableAnswerError
from .exchange import RawAnswer, Watch, WatchedAdapter
from .exchange import body as exchange_body
from .failures import transport_error
from .pacing import Pace
from .reading import read
from .retry import LONGEST_WISH, anything_sent, anything_transient, only_unsent, repeating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_plusofon.runtime.settings import Settings

_Answer = TypeVar("_Answer")
_LOG: Final = logging.getLogger(__name__)
_NUMBERS: Final = "/api/v1/number/external"
# Limits the load on the vendor's server, however many calls the host has open; more brings little.
_AT_ONCE: Final = 10
_SHOWN: Final = 3
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Answered:
    """How long an answer took, from the request to its last byte, and the `Date` header that it had."""

    seconds: float
    date: str | None


class Client:
    """One account's API. Safe to share between threads.

    The client calls `is_abandoned` before each attempt of a write: True, and it sends nothing more.
    `last_answer` is what is known of the newest answer besides its content, None before the first.
    """

    def __init__(self, settings: Settings, is_abandoned: Callable[[], bool] = lambda: False) -> None:
        self.settings = settings
        self.last_answer: Answered | None = None
        self._is_abandoned = is_abandoned
        self._pace = Pace(settings.requests_per_second)
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._warned_of: set[str] = set()
        self._watch = Watch()
        self._session = _Session()
        self._session.auth = _Bearer(settings.token)
        self._session.headers.update(
            {
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Client": settings.client_id,
            }
        )
        # A proxy from the environment is for the world outside, never for this machine.
        if is_loopback(urlsplit(settings.base_url).hostname or ""):
            self._session.trust_env = False
            self._session.verify = next(filter(None, map(os.environ.get, _CA_VARIABLES)), True)
        adapter = WatchedAdapter(pool_connections=1, pool_maxsize=_AT_ONCE, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def retry(self, step: Callable[[], _Answer]) -> _Answer:
        """Retry `step` up to max_retries. `step` must check whether its PUT was applied before it raises."""
        result: _Answer = repeating(self.settings.max_retries, anything_sent)(step)
        return result

    def list_numbers(self) -> tuple[models.ListedNumber, ...]:
        """Every external number of the account. `GET /api/v1/number/external`, or one for each page."""
        unread: list[str] = []
        numbers = self._list(
            "listing the external numbers",
            _NUMBERS,
            lambda answer: models.parse_numbers(answer, unread.append),
        )
        self._warn_once(unread)
        return models.with_repeats_marked(numbers)

    def customer_info(self) -> int:
        """The account's own id, also where it has no number. `GET /api/v1/customer-info`."""
        return facts.customer(self).id

    def get(self, doing: str, path: str, parse: Callable[[dict[str, Any]], _Answer]) -> _Answer:
        """What `parse` makes of the answer to one GET; `doing` says in words what it is for."""
        return self._send(doing, "GET", path, parse=parse)

    def list_targets(self, kind: directory.TargetKind) -> tuple[directory.Target, ...]:
        """Every SIP account, group, scenario or call queue of the account. One GET, or one for each page."""
        return self._list(
            f"listing the {directory.WORDS[kind][1]}",
            directory.PATHS[kind],
            lambda answer: directory.parse_targets(answer, kind),
        )

    def _list(
        self, doing: str, path: str, parse: Callable[[dict[str, Any]], tuple[_Answer, ...]]
    ) -> tuple[_Answer, ...]:
        """All that `parse` makes of the pages of a list."""

        def fetch(page: str, place: int) -> pages.Page[_Answer]:
            return self._send(
                doing,
                "GET",
                page,
                parse=lambda answer: pages.page_of(
                    answer, parse(answer), path, self.settings.base_url, place
                ),
            )

        try:
            return pages.read_whole(path, fetch)
        except models.ShapeError as problem:
            unread = UnreadableAnswerError(doing, f"the answer is not as documented: {problem}")
            unread.writes = False
            raise unread from None

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

    def _warn_once(self, unread: list[str]) -> None:
        """Warn of fields that count as unknown, each once as long as this client lives."""
        new = [field for field in dict.fromkeys(unread) if field not in self._warned_of]
        self._warned_of.update(new)
        if new:
            shown = ", ".join(new[:_SHOWN]) + (f" and {len(new) - _SHOWN} more" if new[_SHOWN:] else "")
            _LOG.warning("the list has fields that cannot be read, and they count as unknown: %s", shown)

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
        setting = self.settings.forbids_writes
        if setting and method != "GET":
            raise ReadOnlyError(doing, f"not sent, because of {setting}")
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
        with self._room:
            self._pace.wait()
            if method != "GET" and self._is_abandoned():
                raise AbandonedError(doing, "the run that asked for it has ended")
            started = time.monotonic()
            response = self._exchange(doing, method, path, body)
        if isinstance(response, ApiError):
            response.writes = method != "GET"
            _LOG.debug("%s %s: %s", method, path, type(response).__name__)
            raise response
        seconds = time.monotonic() - started
        self.last_answer = Answered(seconds, response.headers.get("Date"))
        _LOG.debug("%s %s: %d in %.3f s", method, path, response.status_code, seconds)
        secrets = (self.settings.token, (body or {}).get("secret"))
        try:
            return read(doing, response, parse, secrets, enveloped=path.startswith(_NUMBERS))
        except MemoryError:
            unread = UnreadableAnswerError(doing, "the answer cannot be read (MemoryError)")
            unread.writes = method != "GET"
            raise unread from None
        except ApiError as error:
            error.writes = method != "GET"
            if (
                isinstance(error, RateLimitedError)
                and error.retry_after
                and error.retry_after <= LONGEST_WISH
            ):
                self._pace.hold(error.retry_after)
            raise

    def _exchange(
        self, doing: str, method: str, path: str, body: dict[str, Any] | None
    ) -> RawAnswer | ApiError:
        """One request and its whole answer, or the error that is to be raised.

        It is raised outside of the `except`: an error's context would hold the request, and with it the
        token and the SIP password.
        """
        url, seconds = self.settings.base_url + path, self.settings.timeout
        with self._watch.over(seconds, is_read=method == "GET") as exchange:
            try:
                with self._session.request(method, url, json=body, timeout=seconds, stream=True) as response:
                    content = exchange_body(response)
                if not exchange.ended:
                    return RawAnswer(response.status_code, response.reason, response.headers, content)
                problem: Exception = TimeoutError()
            except (OSError, HTTPError, ValueError, MemoryError) as failure:
                # Requests' own errors are OSErrors, and not everything comes wrapped in one of them.
                problem = failure
            return transport_error(doing, problem, self.settings, exchange)


class _Session(requests.Session):
    """A session that follows no redirect, and does not even read where it would lead."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: a redirect would carry the token to an address that is not configured."""


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
