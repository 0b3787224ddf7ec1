"""Pulumi resources for the external phone numbers of a Plusofon account and their forwarding."""

from .api import ListedNumber, RegistrationStatus
from .resources import (
    ExternalNumber,
    InputError,
    LookupFailedError,
    NumberForwarding,
    get_external_number,
    get_external_numbers,
    get_registration_status,
)

__all__ = [
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
