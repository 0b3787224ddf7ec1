"""One account in this process: the shared listing, single flight, invalidation, claims."""

from .account import Account, account_for
from .errors import (
    AccountError,
    AlreadyConnectedError,
    AmbiguousNumberError,
    DeclaredTwiceError,
    GoneError,
    NoIdError,
    NotListedError,
    WrongAccountError,
)
from .listing import Listing

__all__ = [
    "Account",
    "AccountError",
    "AlreadyConnectedError",
    "AmbiguousNumberError",
    "DeclaredTwiceError",
    "GoneError",
    "Listing",
    "NoIdError",
    "NotListedError",
    "WrongAccountError",
    "account_for",
]
