"""Errors for requests without an answer: one was surely not sent, another may have been done.

Names what is at fault, a proxy, a certificate, an address, and never shows the password of a proxy.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from pulumi_plusofon.runtime.setting_values import is_loopback
from pulumi_plusofon.runtime.text import plain

from .errors import ApiError, MaybeDoneError, NotSentError, UnreadableAnswerError
from .exchange import TooLargeError

if TYPE_CHECKING:
    from pulumi_plusofon.runtime.settings import Settings

    from .exchange import Exchange

_PROXY_ADVICE: Final = "check HTTPS_PROXY and ALL_PROXY, or name the API's host in NO_PROXY"
_NO_CERTIFICATES: Final = ("NO_CERTIFICATE_OR_CRL_FOUND", "PEM_LIB", "BAD_BASE64_DECODE")
_NOT_CONNECTED: Final = (NewConnectionError, ConnectTimeoutError)


def transport_error(doing: str, problem: Exception, settings: Settings, exchange: Exchange) -> ApiError:
    """The error that `problem` is: not sent only where that is sure, else it may have been done."""
    error = _error(doing, problem, settings, exchange)
    if exchange.is_sent or isinstance(error, NotSentError) or exchange.ended:
        return error
    proxy = f" through the proxy {_proxy_of(settings)}; {_PROXY_ADVICE}" if _has_proxy(settings) else ""
    return NotSentError(doing, f"no connection to {settings.base_url}{proxy}", transient=error.transient)


def _error(doing: str, problem: Exception, settings: Settings, exchange: Exchange) -> ApiError:
    if exchange.ended == "interrupted":
        kind = MaybeDoneError if exchange.is_sent else NotSentError
        return kind(doing, "interrupted", transient=False)
    cause = problem.args[0] if problem.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if exchange.ended == "late":
        return _late(doing, settings, is_sent=exchange.is_sent)
    return (
        _proxy_error(doing, problem, reason, settings)
        or _address_error(doing, problem, reason, settings)
        or _broken(doing, problem, settings)
    )


def _late(doing: str, settings: Settings, *, is_sent: bool) -> ApiError:
    if is_sent:
        return MaybeDoneError(doing, f"no answer within {settings.timeout:g} s")
    return NotSentError(doing, f"no connection to {settings.base_url} within {settings.timeout:g} s")


def _address_error(doing: str, problem: Exception, reason: object, settings: Settings) -> ApiError | None:
    """What is wrong with the address, or with who answers there; None if it is something else."""
    if isinstance(reason, _NOT_CONNECTED):
        return NotSentError(doing, f"no connection to {settings.base_url}")
    if isinstance(problem, LocationParseError | requests.exceptions.InvalidURL):
        return NotSentError(doing, f"{settings.base_url} names no host", transient=False)
    return _tls_error(doing, reason) if isinstance(reason, SSLError) or type(problem) is OSError else None


def _broken(doing: str, problem: Exception, settings: Settings) -> ApiError:
    """What broke after there was a connection: the request may have been done."""
    if isinstance(problem, requests.Timeout):
        return MaybeDoneError(doing, f"no answer within {settings.timeout:g} s")
    if isinstance(problem, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return MaybeDoneError(doing, "the connection was closed before a whole answer came")
    if isinstance(problem, TooLargeError):
        return UnreadableAnswerError(doing, str(problem), transient=False)
    return UnreadableAnswerError(doing, f"the answer cannot be read ({type(problem).__name__})")


def _proxy_error(doing: str, problem: Exception, reason: object, settings: Settings) -> ApiError | None:
    """What is wrong with the proxy that the environment names; None if it is something else."""
    proxy = _proxy_of(settings)
    if isinstance(problem, requests.exceptions.InvalidProxyURL):
        return NotSentError(doing, f"{proxy} is no address of a proxy; {_PROXY_ADVICE}", transient=False)
    if isinstance(problem, requests.exceptions.InvalidSchema) and "SOCKS" in str(problem):
        text = f"the proxy {proxy} needs PySocks: pip install 'requests[socks]'; or {_PROXY_ADVICE}"
        return NotSentError(doing, text, transient=False)
    return _through_proxy(doing, reason.original_error, proxy) if isinstance(reason, ProxyError) else None


def _through_proxy(doing: str, original: Exception, proxy: str) -> ApiError:
    if isinstance(original, _NOT_CONNECTED):
        return NotSentError(doing, f"no connection to the proxy {proxy}; {_PROXY_ADVICE}")
    if type(original) is OSError:
        # A tunnel that the proxy refuses to dig.
        return NotSentError(doing, f"the proxy {proxy} refused: {plain(str(original))}; {_PROXY_ADVICE}")
    if isinstance(original, SSLError | ssl.SSLError):
        text = f"the proxy {proxy} does not speak TLS: write http:// before its address; or {_PROXY_ADVICE}"
        return NotSentError(doing, text, transient=False)
    # A connection through a proxy that breaks later is called a ProxyError, too.
    return MaybeDoneError(doing, f"the connection through the proxy {proxy} broke; {_PROXY_ADVICE}")


def _has_proxy(settings: Settings) -> bool:
    is_outside = not is_loopback(urlsplit(settings.base_url).hostname or "")
    return is_outside and bool(select_proxy(settings.base_url, get_environ_proxies(settings.base_url)))


def _proxy_of(settings: Settings) -> str:
    """The proxy's address as a person may see it: without a user and a password."""
    chosen = select_proxy(settings.base_url, get_environ_proxies(settings.base_url)) or "of the environment"
    try:
        parts = urlsplit(chosen)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "of the environment"
    return plain(f"{parts.scheme}://{parts.hostname}{port}" if parts.hostname else chosen.rpartition("@")[2])


def _tls_error(doing: str, error: object) -> ApiError:
    if not isinstance(error, SSLError):
        reason = "the certificates that the environment names are not there (REQUESTS_CA_BUNDLE)"
        return NotSentError(doing, reason, transient=False)
    for cause in error.args:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = plain(cause.verify_message)
            text = f"the server's TLS certificate was not accepted: {why}"
            return NotSentError(doing, text, transient=False)
        if isinstance(cause, ssl.SSLError) and cause.reason in _NO_CERTIFICATES:
            reason = "the file that REQUESTS_CA_BUNDLE names has no certificates"
            return NotSentError(doing, reason, transient=False)
    # Any other failure than over the certificate may come after the request was sent.
    return MaybeDoneError(doing, "the TLS connection failed")
