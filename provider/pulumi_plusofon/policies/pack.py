"""The rules as a Pulumi policy pack: the engine's resources to the rules' own, their findings to the engine.

Translates, and validates nothing. A value that is not known yet never ends a rule: what is known is
validated, and the check of the rest is deferred to the update. The SDK has an exception for that, which the
engine shows as advice (E90).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.runtime.text import some, unmarked
from pulumi_plusofon.schema.fields import NUMBER_TYPES
from pulumi_plusofon.schema.kinds import kind_of
from pulumi_plusofon.schema.values import UNKNOWN

from .model import Deferred, ResourceRule, Rule, StackRule
from .rules import RULES
from .strict_settings import refuse_unknown_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

    from pulumi_policy import PolicyResource

    from .model import Finding

_NAME: Final = "plusofon"
_DYNAMIC: Final = "pulumi-python:dynamic"
_FORWARDING: Final = {"number_type", "number_id", "type"}
_NUMBER: Final = {"type", "number", "host"}


class _CheckedAtUpdateError(UnknownValueError):
    """Says in words what a rule could not check in this preview."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


def serve() -> None:
    """Be the policy pack, for as long as the engine needs one."""
    refuse_unknown_settings()
    PolicyPack(_NAME, [_policy(rule) for rule in RULES])


def _policy(rule: ResourceRule[Any] | StackRule[Any]) -> Policy:
    schema = rule.config.schema_of_settings()
    arguments: dict[str, Any] = {
        "name": rule.name,
        "display_name": rule.display_name,
        "tags": list(rule.tags),
        "url": rule.url,
        "description": rule.description,
        "enforcement_level": EnforcementLevel(rule.level),
        "severity": Severity(rule.severity),
        "remediation_steps": rule.remediation,
        "config_schema": PolicyConfigSchema(schema) if schema else None,
    }
    if isinstance(rule, StackRule):
        return StackValidationPolicy(**arguments, validate=_of_stack(rule))
    return ResourceValidationPolicy(**arguments, validate=_of_resource(rule), remediate=_remediating(rule))


def _of_resource(rule: ResourceRule[Any]) -> Any:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if _kind(args.resource_type, args.props) in rule.kinds:
            _report(rule, rule.validate(_seen(args), _config(rule, args)), report, "checked at update")

    return validate


def _of_stack(rule: StackRule[Any]) -> Any:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        ours = [
            _seen(resource) for resource in args.resources if _kind(resource.resource_type, resource.props)
        ]
        found = rule.validate(ours, _config(rule, args))
        _report(rule, found, report, "checked at update, when the resources exist")

    return validate


def _remediating(rule: ResourceRule[Any]) -> Any:
    def remediate(args: ResourceValidationArgs) -> Mapping[str, Any] | None:
        is_ours = _kind(args.resource_type, args.props) in rule.kinds
        remediated = rule.remediate(_seen(args)) if rule.remediate and is_ours else None
        # Written into the SDK's own mapping, which keeps secret what is.
        for name, value in (remediated or {}).items():
            cast("MutableMapping[str, Any]", args.props)[name] = value
        return args.props if remediated else None

    return remediate if rule.remediate else None


def _config(rule: Rule[Any], args: ResourceValidationArgs | StackValidationArgs) -> Any:
    return rule.config.model_validate(dict(args.get_config()))


def _report(rule: Rule[Any], findings: Iterable[Finding], report: ReportViolation, later: str) -> None:
    waiting = []
    for finding in findings:
        if isinstance(finding, Deferred):
            waiting.append(str(finding))
        else:
            report(unmarked(f"{finding} ({rule.url})"), finding.resource.urn)
    if waiting:
        raise _CheckedAtUpdateError(unmarked(f"{some(waiting, joint='; ')}: {later}"))


def _seen(resource: ResourceValidationArgs | PolicyResource) -> Resource:
    # The URN has the stack also where the engine gives the pack none, as `pulumi policy analyze` does.
    _, _, stack, _, project, *_ = resource.urn.split(":")
    dependencies = getattr(resource, "property_dependencies", {})
    return Resource(
        _kind(resource.resource_type, resource.props) or "",
        resource.name,
        resource.urn,
        {name: _value_or_unknown(resource.props, name) for name in resource.props},
        f"{pulumi.get_organization()}/{project}/{stack}",
        protect=resource.opts.protect,
        sources={name: tuple(source.urn for source in found) for name, found in dependencies.items()},
    )


def _kind(token: str, props: Mapping[str, Any]) -> str | None:
    """Which of our resources it is: by its type's token, else, for a dynamic one, by its properties.

    A program may run our providers under any class, and the engine shows a pack no provider.
    """
    if kind := kind_of(token):
        return kind
    if not token.startswith(_DYNAMIC):
        return None
    names = set(props)
    if names >= _FORWARDING and _value_or_unknown(props, "number_type") in NUMBER_TYPES:
        return "NumberForwarding"
    return "ExternalNumber" if names >= _NUMBER and _value_or_unknown(props, "type") in NUMBER_TYPES else None


def _value_or_unknown(props: Mapping[str, Any], name: str) -> Any:
    try:
        return props[name]
    except UnknownValueError:
        return UNKNOWN
