"""One account in this process: its shared list, what this run holds of it, and verified writes."""

from .directory import Directory
from .entries import Listing
from .errors import (
    AccountError,
    AlreadyConnectedError,
    AmbiguousNumberError,
    ContradictedError,
    DeclaredTwiceError,
    GoneError,
    NoIdError,
    NoSecretError,
    NoSuchTargetError,
    NotInAccountError,
    NotListedError,
    NotRegisteredError,
    OtherNumberError,
    UnreadableEntryError,
    UnverifiedError,
    WrongAccountError,
)
from .holds import ForwardingKey, Key, NumberKey
from .identity import customer_of, own_numbers
from .references import Reference, ReferenceCheck, references
from .session import AccountSession, session_for

__all__ = [
    "AccountError",
    "AccountSession",
    "AlreadyConnectedError",
    "AmbiguousNumberError",
    "ContradictedError",
    "DeclaredTwiceError",
    "Directory",
    "ForwardingKey",
    "GoneError",
    "Key",
    "Listing",
    "NoIdError",
    "NoSecretError",
    "NoSuchTargetError",
    "NotInAccountError",
    "NotListedError",
    "NotRegisteredError",
    "NumberKey",
    "OtherNumberError",
    "Reference",
    "ReferenceCheck",
    "UnreadableEntryError",
    "UnverifiedError",
    "WrongAccountError",
    "customer_of",
    "own_numbers",
    "references",
    "session_for",
]
