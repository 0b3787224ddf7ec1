"""One account in this process: the shared listing, single flight, invalidation, claims."""

from .account import Account, account_for
from .errors import (
    AccountError,
    AlreadyConnectedError,
    AmbiguousNumberError,
    ContradictedError,
    DeclaredTwiceError,
    GoneError,
    NoIdError,
    NoSecretError,
    NotInAccountError,
    NotListedError,
    UnreadableEntryError,
    WrongAccountError,
)
from .listing import Listing

__all__ = [
    "Account",
    "AccountError",
    "AlreadyConnectedError",
    "AmbiguousNumberError",
    "ContradictedError",
    "DeclaredTwiceError",
    "GoneError",
    "Listing",
    "NoIdError",
    "NoSecretError",
    "NotInAccountError",
    "NotListedError",
    "UnreadableEntryError",
    "WrongAccountError",
    "account_for",
]
