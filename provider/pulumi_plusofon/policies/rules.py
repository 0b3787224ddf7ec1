"""The rules, all of them, as a table. Their names and the names of their settings are a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from . import config, destinations, production, sip, stacks
from .model import ResourceRule, StackRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RULES: Final[tuple[ResourceRule[Any] | StackRule[Any], ...]] = (
    ResourceRule(
        name="forwarding-destination-allowed",
        display_name="Allowed countries",
        tags=("calls", "cost"),
        level="mandatory",
        severity="high",
        description="Calls are forwarded to phone numbers of allowed countries only.",
        remediation="Forward to a number in allowedCountries, or add the country to them.",
        config=config.Countries,
        kinds=("NumberForwarding",),
        validate=destinations.destination_allowed,
    ),
    ResourceRule(
        name="no-premium-rate-destination",
        display_name="No expensive numbers",
        tags=("calls", "cost"),
        level="mandatory",
        severity="critical",
        description="Calls never go to premium-rate, shared-cost, personal, satellite or short numbers.",
        remediation="Forward to an ordinary phone number.",
        config=config.Prefixes,
        kinds=("NumberForwarding",),
        validate=destinations.no_premium_rate,
    ),
    StackRule(
        name="no-forwarding-loop",
        display_name="No forwarding loops",
        tags=("calls", "availability"),
        level="mandatory",
        severity="critical",
        description="No call is forwarded in a circle, or handed on too often, among the stack's numbers.",
        remediation="Forward one of the numbers elsewhere, or straight to where the chain ends.",
        config=config.Hops,
        validate=stacks.no_loop,
    ),
    StackRule(
        name="one-forwarding-per-number",
        display_name="A forwarding for each number",
        tags=("calls", "availability"),
        level="mandatory",
        severity="high",
        description="A number has one forwarding: the API keeps only the one that was set last.",
        remediation="Remove all forwardings of the number but one.",
        config=config.NoSettings,
        validate=stacks.one_forwarding,
    ),
    ResourceRule(
        name="sip-host-allowed",
        display_name="Allowed SIP servers",
        tags=("sip", "security"),
        level="mandatory",
        severity="high",
        description="SIP servers and CRMs have a public name, one of the allowed ones.",
        remediation="Give the public name of a server in allowedHosts, or add it to them.",
        config=config.Hosts,
        kinds=("ExternalNumber", "NumberForwarding"),
        validate=sip.host_allowed,
        remediate=sip.small_letters,
    ),
    ResourceRule(
        name="sip-secret-strong",
        display_name="Strong SIP passwords",
        tags=("sip", "security"),
        level="mandatory",
        severity="critical",
        description="SIP passwords are long and cannot be guessed.",
        remediation="Have the operator set a long random password.",
        config=config.Secrets,
        kinds=("ExternalNumber",),
        validate=sip.secret_strong,
    ),
    ResourceRule(
        name="protect-in-production",
        display_name="Protected in production",
        tags=("production", "availability"),
        level="mandatory",
        severity="high",
        description="Numbers in production are protected against deletion.",
        remediation="Give the number opts=pulumi.ResourceOptions(protect=True).",
        config=config.Production,
        kinds=("ExternalNumber",),
        validate=production.protected,
    ),
    StackRule(
        name="number-has-forwarding",
        display_name="No number without a forwarding",
        tags=("calls", "availability"),
        level="advisory",
        severity="medium",
        description="Every number has a forwarding.",
        remediation="Declare a NumberForwarding for the number, of type empty if its calls go nowhere.",
        config=config.NoSettings,
        validate=stacks.has_forwarding,
    ),
    ResourceRule(
        name="caller-id-explicit",
        display_name="Own caller id",
        tags=("calls", "caller-id"),
        level="advisory",
        severity="medium",
        description="Calls that leave the network show the forwarding number, where that is required.",
        remediation="Set cli_type, or a fallback's cli_type_default, to N.",
        config=config.CallerId,
        kinds=("NumberForwarding",),
        validate=destinations.caller_id_explicit,
    ),
    ResourceRule(
        name="registration-waited",
        display_name="Registered in production",
        tags=("production", "sip"),
        level="advisory",
        severity="medium",
        description="Numbers in production wait until their login is registered.",
        remediation="Set wait_for_registration to some seconds.",
        config=config.Production,
        kinds=("ExternalNumber",),
        validate=production.registration_waited,
    ),
)
_BY_NAME: Final = {rule.name: rule for rule in RULES}
# Pulumi's own name for all rules of a pack at once; it takes a level, which is not among the settings.
_ALL: Final = "all"
_TEXTS: Final = {"extra_forbidden": "the rule has no such setting"}


def problems(settings: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Every problem with the `settings` of the rules, by the rule's name, in one line each."""
    for name, given in settings.items():
        if name in _BY_NAME:
            yield from _problems(name, given)
        elif name != _ALL:
            yield f"{name}: there is no such rule; the rules are {', '.join(_BY_NAME)}"
        elif given:
            yield f"{name}: takes an enforcementLevel alone, and not {', '.join(given)}"


def _problems(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    try:
        _BY_NAME[name].config.model_validate(given)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_context=False):
            text = _TEXTS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
            yield f"{name}: {'.'.join(map(str, problem['loc']))}: {text}"
