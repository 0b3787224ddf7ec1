"""Pulumi resources for the external phone numbers of a Plusofon account and their forwarding."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .api import ListedNumber, RegistrationStatus
    from .resources import (
        Account,
        ExternalNumber,
        InputError,
        LookupFailedError,
        NumberForwarding,
        get_external_number,
        get_external_numbers,
        get_registration_status,
    )

__all__ = [
    "Account",
    "ExternalNumber",
    "InputError",
    "ListedNumber",
    "LookupFailedError",
    "NumberForwarding",
    "RegistrationStatus",
    "get_external_number",
    "get_external_numbers",
    "get_registration_status",
]

_IN_API: Final = ("ListedNumber", "RegistrationStatus")


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line needs no Pulumi."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(".api" if name in _IN_API else ".resources", __name__)
    return getattr(home, name)
