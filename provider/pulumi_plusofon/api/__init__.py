"""The vendor's REST API: one request at a time, typed values in and out, one class per kind of error.

Knows nothing of resources, state or what else this process did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .directory import Target, TargetKind
from .errors import (
    AbandonedError,
    ApiError,
    AuthenticationError,
    InvalidRequestError,
    MaybeDoneError,
    NoAccessError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    ReadOnlyError,
    RefusedError,
    ServerError,
    UnreadableAnswerError,
)
from .models import Connection, ListedNumber, NumberType, RegistrationStatus

if TYPE_CHECKING:
    from .client import Client

__all__ = [
    "AbandonedError",
    "ApiError",
    "AuthenticationError",
    "Client",
    "Connection",
    "InvalidRequestError",
    "ListedNumber",
    "MaybeDoneError",
    "NoAccessError",
    "NotFoundError",
    "NotSentError",
    "NumberType",
    "RateLimitedError",
    "ReadOnlyError",
    "RefusedError",
    "RegistrationStatus",
    "ServerError",
    "Target",
    "TargetKind",
    "UnreadableAnswerError",
]


def __getattr__(name: str) -> Any:
    """Import the client when it is first used: a program declares, and only its provider sends."""
    if name != "Client":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .client import Client  # noqa: PLC0415 - HTTP takes longer to import than all the rest

    return Client
