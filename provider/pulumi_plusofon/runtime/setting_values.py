"""The value of one setting: a text of the configuration or the environment, parsed, or refused in words.

Each parser gives the value or raises `ValueError` with a text that fits behind the setting's name. Never
shows a token, nor an address, which may have a password in it.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

# `refuse` it; `update`, take it over with one PATCH; `record`, take it over as it is and send nothing.
AdoptMode: TypeAlias = Literal["refuse", "update", "record"]
# The customer id of an account that may be any, said aloud: the environment's is then not asked.
ANY_CUSTOMER: Final = "any"


def header_text(text: str) -> str:
    """Text that a header can have."""
    if not text:
        raise ValueError("is empty")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("has a blank, a control character or a non-ASCII one, and cannot be sent")
    return text


def base_url(text: str) -> str:
    """The address of an API, without the slash at its end."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        # Its text would show a part of the URL, which may be a password.
        raise ValueError("is no URL such as https://restapi.plusofon.ru") from None
    if not text.isascii() or not text.isprintable() or " " in text or not host:
        raise ValueError("is no URL such as https://restapi.plusofon.ru")
    if any(character in text for character in "@?#"):
        raise ValueError("may have a scheme, a host, a port and a path, and nothing else")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must be https: http would send the token in clear (only a loopback address may)")
    if parts.scheme not in ("http", "https"):
        raise ValueError("must be https")
    return text.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@dataclass(frozen=True)
class Positive:
    """A parser of positive numbers from `least` to `most`."""

    least: float
    most: float

    def __call__(self, text: str) -> float:
        """The number that `text` is."""
        number = _number(text)
        if number <= 0:
            raise ValueError(f"must be a positive number, not {text[:40]!r}")
        if not self.least <= number <= self.most:
            raise ValueError(f"must be from {self.least:.10g} to {self.most:.10g}, not {text[:40]!r}")
        return number


@dataclass(frozen=True)
class Whole:
    """A parser of whole numbers from `least` to `most`."""

    least: int
    most: int

    def __call__(self, text: str) -> int:
        """The whole number that `text` is."""
        number = _number(text)
        if number != int(number) or not self.least <= number <= self.most:
            raise ValueError(f"must be a whole number from {self.least} to {self.most}, not {text[:40]!r}")
        return int(number)


_ID: Final = Whole(1, 2**53 - 1)


def customer_id(text: str) -> int | None:
    """An account's own id, None for `any`."""
    return None if text == ANY_CUSTOMER else _ID(text)


def true_or_false(text: str) -> bool:
    """True or false, in any letters."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"must be true or false, not {text[:40]!r}")
    return text.lower() == "true"


def adopt_mode(text: str) -> str:
    """One of the modes."""
    modes = get_args(AdoptMode)
    if text not in modes:
        raise ValueError(f"must be {', '.join(modes[:-1])} or {modes[-1]}, not {text[:40]!r}")
    return text


def _number(text: str) -> float:
    try:
        number = float(text) if text.isascii() else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"must be a number, not {text[:40]!r}")
    return number
