"""Names for programs: the two resources, accounts beside the stack's own, and lookups in an account."""

from . import lean
from .account import Account
from .external_number import ExternalNumber
from .inputs import InputError
from .lookups import (
    LookupFailedError,
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
from .number_forwarding import NumberForwarding

__all__ = [
    "Account",
    "ExternalNumber",
    "InputError",
    "LookupFailedError",
    "NumberForwarding",
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

lean.begin()
