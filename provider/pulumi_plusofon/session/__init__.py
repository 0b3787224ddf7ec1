"""One account in this process: its shared list, what this run holds of it, and writes without doubt."""

from .directory import Directory
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
    WrongAccountError,
)
from .holds import ForwardingKey, NumberKey
from .listing import Listing
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
    "Listing",
    "NoIdError",
    "NoSecretError",
    "NoSuchTargetError",
    "NotInAccountError",
    "NotListedError",
    "NotRegisteredError",
    "NumberKey",
    "OtherNumberError",
    "UnreadableEntryError",
    "WrongAccountError",
    "session_for",
]
