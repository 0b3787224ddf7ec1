"""Pulumi resources for the external phone numbers of a Plusofon account and their forwarding."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .api import ListedNumber, RegistrationStatus, Target
    from .resources import (
        Account,
        ExternalNumber,
        InputError,
        LookupFailedError,
        NumberForwarding,
        get_call_queue,
        get_call_queues,
        get_external_number,
        get_external_numbers,
        get_group,
        get_groups,
        get_registration_status,
        get_scenario,
        get_scenarios,
        get_sip_account,
        get_sip_accounts,
    )

__all__ = [
    "Account",
    "ExternalNumber",
    "InputError",
    "ListedNumber",
    "LookupFailedError",
    "NumberForwarding",
    "RegistrationStatus",
    "Target",
    "get_call_queue",
    "get_call_queues",
    "get_external_number",
    "get_external_numbers",
    "get_group",
    "get_groups",
    "get_registration_status",
    "get_scenario",
    "get_scenarios",
    "get_sip_account",
    "get_sip_accounts",
]

_IN_API: Final = ("ListedNumber", "RegistrationStatus", "Target")


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line needs no Pulumi."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(".api" if name in _IN_API else ".resources", __name__)
    return getattr(home, name)
