"""The vendor's REST API: one request at a time, typed values in and out, errors told apart.

Knows nothing of resources, state or what else this process did.
"""

from .client import Client
from .errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    InvalidRequestError,
    MaybeDoneError,
    NoAccessError,
    NotFoundError,
    NotSentError,
    PlusofonError,
    RateLimitedError,
    RefusedError,
    ServerError,
    UnreadableAnswerError,
)
from .models import Connection, ListedNumber, NumberType, RegistrationStatus
from .settings import NAMESPACE, Settings

__all__ = [
    "NAMESPACE",
    "ApiError",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "Connection",
    "InvalidRequestError",
    "ListedNumber",
    "MaybeDoneError",
    "NoAccessError",
    "NotFoundError",
    "NotSentError",
    "NumberType",
    "PlusofonError",
    "RateLimitedError",
    "RefusedError",
    "RegistrationStatus",
    "ServerError",
    "Settings",
    "UnreadableAnswerError",
]
