"""Where calls go, in the terms of telephony: SIP addresses, and the vendor's own network. Judges nothing."""

from __future__ import annotations

from typing import Final

_NETWORK: Final = "plusofon.ru"


def split_uri(uri: str) -> tuple[str, str]:
    """User and host of a SIP address, in small letters, the user without `+` and parameters."""
    user, _, host = uri.lower().rpartition("@")
    return user.partition(";")[0].removeprefix("+"), host


def in_network(host: str) -> bool:
    """Whether what is sent to `host` stays with the vendor, and comes to a number of an account there."""
    return host == _NETWORK or host.endswith(f".{_NETWORK}")
