"""The rules as a Pulumi policy pack: the engine's resources to the rules' own, their findings to the engine.

Translates, and judges nothing. A value that is not known yet never ends a rule: what is known is judged, and
the rest is told to be checked at update, for which the SDK has an exception that the engine shows as advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import grpc  # type: ignore[import-untyped]  # it brings no types
import pulumi
from google.protobuf import json_format  # type: ignore[import-untyped]  # nor does this
from pulumi.runtime.proto import analyzer_pb2_grpc
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

from pulumi_plusofon.runtime.plain import unmarked
from pulumi_plusofon.schema.fields import NUMBER_TYPES
from pulumi_plusofon.schema.kinds import kind_of
from pulumi_plusofon.schema.values import UNKNOWN

from .model import PutOff, Resource, ResourceRule, Rule, StackRule
from .rules import RULES, problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

    from pulumi_policy import PolicyResource

    from .model import Finding

_NAME: Final = "plusofon"
_DYNAMIC: Final = "pulumi-python:dynamic"
_FORWARDING: Final = {"number_type", "number_id", "type"}
_NUMBER: Final = {"type", "number", "host"}


class _CheckedAtUpdateError(UnknownValueError):
    """Says in words what a rule could not judge in this preview."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.message = message


def serve() -> None:
    """Be the policy pack, for as long as the engine needs one."""
    _hold_to_settings()
    PolicyPack(_NAME, [_policy(rule) for rule in RULES])


def _policy(rule: ResourceRule[Any] | StackRule[Any]) -> Policy:
    schema = rule.config.schema_of_settings()
    told: dict[str, Any] = {
        "name": rule.name,
        "description": rule.description,
        "enforcement_level": EnforcementLevel(rule.level),
        "severity": Severity(rule.severity),
        "remediation_steps": rule.remedy,
        "config_schema": PolicyConfigSchema(schema) if schema else None,
    }
    if isinstance(rule, StackRule):
        return StackValidationPolicy(**told, validate=_of_stack(rule))
    return ResourceValidationPolicy(**told, validate=_of_resource(rule), remediate=_mending(rule))


def _of_resource(rule: ResourceRule[Any]) -> Any:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if _kind(args.resource_type, args.props) in rule.kinds:
            _tell(rule.judge(_seen(args), _config(rule, args)), report, "checked at update")

    return validate


def _of_stack(rule: StackRule[Any]) -> Any:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        ours = [_seen(one) for one in args.resources if _kind(one.resource_type, one.props)]
        _tell(rule.judge(ours, _config(rule, args)), report, "checked at update, when the resources exist")

    return validate


def _mending(rule: ResourceRule[Any]) -> Any:
    def remediate(args: ResourceValidationArgs) -> Mapping[str, Any] | None:
        mend = rule.mend if _kind(args.resource_type, args.props) in rule.kinds else None
        mended = mend(_seen(args)) if mend else None
        # Written into the SDK's own mapping, which keeps secret what is.
        for name, value in (mended or {}).items():
            cast("MutableMapping[str, Any]", args.props)[name] = value
        return args.props if mended else None

    return remediate if rule.mend else None


def _config(rule: Rule[Any], args: ResourceValidationArgs | StackValidationArgs) -> Any:
    return rule.config.model_validate(dict(args.get_config()))


def _tell(findings: Iterable[Finding], report: ReportViolation, later: str) -> None:
    put_off = []
    for finding in findings:
        if isinstance(finding, PutOff):
            put_off.append(str(finding))
        else:
            report(unmarked(str(finding)), finding.resource.urn)
    if put_off:
        raise _CheckedAtUpdateError(unmarked(f"{'; '.join(put_off)}: {later}"))


def _seen(resource: ResourceValidationArgs | PolicyResource) -> Resource:
    # The URN tells the stack also where the engine gives the pack none, as `pulumi policy analyze` does.
    _, _, stack, _, project, *_ = resource.urn.split(":")
    dependencies = getattr(resource, "property_dependencies", {})
    return Resource(
        _kind(resource.resource_type, resource.props) or "",
        resource.name,
        resource.urn,
        {name: _known(resource.props, name) for name in resource.props},
        f"{pulumi.get_organization()}/{project}/{stack}",
        protect=resource.opts.protect,
        sources={name: tuple(one.urn for one in found) for name, found in dependencies.items()},
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
    if names >= _FORWARDING and _known(props, "number_type") in NUMBER_TYPES:
        return "NumberForwarding"
    return "ExternalNumber" if names >= _NUMBER and _known(props, "type") in NUMBER_TYPES else None


def _known(props: Mapping[str, Any], name: str) -> Any:
    try:
        return props[name]
    except UnknownValueError:
        return UNKNOWN


def _hold_to_settings() -> None:
    """Refuse settings that no rule has.

    The engine knows the schema of each setting, and lets pass in silence what no schema names; the SDK
    hands a rule its own settings alone. So the call that brings all of them is looked at on its way.
    """
    add = analyzer_pb2_grpc.add_AnalyzerServicer_to_server

    def add_strict(servicer: Any, server: grpc.Server) -> None:
        configure = servicer.Configure

        def strict(request: Any, context: grpc.ServicerContext) -> Any:
            given = request.policyConfig.items()
            settings = {name: json_format.MessageToDict(config.properties) for name, config in given}
            if found := list(problems(settings)):
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "\n".join(found))
            return configure(request, context)

        servicer.Configure = strict
        add(servicer, server)

    analyzer_pb2_grpc.add_AnalyzerServicer_to_server = add_strict
