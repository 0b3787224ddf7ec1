"""Resources as rules see them, and what rules say of them, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_plusofon.policies.model import Deferred, ResourceRule, StackRule
from pulumi_plusofon.policies.rules import RULES
from pulumi_plusofon.routes.model import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_plusofon.policies.model import Finding

BY_NAME = {rule.name: rule for rule in RULES}


def number(
    name: str = "office", *, protect: bool = False, place: str = "org/shop/dev", **properties: Any
) -> Resource:
    """An external number."""
    return Resource("ExternalNumber", name, f"urn::number::{name}", properties, place, protect=protect)


def forwarding(name: str = "office", of: Resource | None = None, **properties: Any) -> Resource:
    """A forwarding, which the program gave the number `of`."""
    sources = {"number_id": (of.urn,)} if of else {}
    return Resource(
        "NumberForwarding", name, f"urn::forwarding::{name}", properties, "org/shop/dev", sources=sources
    )


def judge(rule: str, *resources: Resource, **settings: Any) -> list[Finding]:
    """All that the rule says of the resources, under these settings."""
    judging = BY_NAME[rule]
    config = judging.config.model_validate(settings)
    if isinstance(judging, StackRule):
        return list(judging.validate(resources, config))
    assert isinstance(judging, ResourceRule)
    (resource,) = resources
    return list(judging.validate(resource, config))


def texts(findings: Iterable[Finding]) -> list[str]:
    """What is refused, in words."""
    return [finding.text for finding in findings if not isinstance(finding, Deferred)]


def put_off(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """What waits, as resource and property."""
    return [
        (finding.resource.name, finding.property) for finding in findings if isinstance(finding, Deferred)
    ]
