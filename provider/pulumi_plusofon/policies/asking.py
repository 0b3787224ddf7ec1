"""Check resources against the rules without the engine: of a saved preview, of a state, of a profile.

What waits for a value that is not known says nothing here: the engine asks the pack again when it is.
Remediates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .model import StackRule, Violation
from .rules import RULES
from .settings_file import LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulumi_plusofon.routes.model import Resource

    from .model import Finding, ResourceRule, Rule
    from .settings_file import PolicySettings

_ALL: Final = "all"


@dataclass(frozen=True)
class Broken:
    """A rule that a resource breaks.

    `is_mandatory` says whether the engine refuses it: an exception of the settings turns that off, until its
    last day is over.
    """

    rule: str
    is_mandatory: bool
    resource: Resource
    text: str


def broken(resources: Sequence[Resource], settings: PolicySettings) -> Iterator[Broken]:
    """The rules that `resources`, all of one stack, break."""
    for rule in RULES:
        level = _level(rule, settings)
        if level == "disabled":
            continue
        given = {name: value for name, value in settings.rules.get(rule.name, {}).items() if name != LEVEL}
        config = rule.config.model_validate(given)
        for finding in _findings(rule, resources, config):
            if isinstance(finding, Violation):
                exception = settings.excepted(rule.name, finding.resource.urn)
                text = f"{finding.text} ({exception}: {exception.reason})" if exception else finding.text
                is_mandatory = level != "advisory" and exception is None
                yield Broken(rule.name, is_mandatory, finding.resource, text)


def _findings(
    rule: ResourceRule[Any] | StackRule[Any], resources: Sequence[Resource], config: Any
) -> Iterator[Finding]:
    if isinstance(rule, StackRule):
        yield from rule.validate(resources, config)
        return
    for resource in resources:
        if resource.kind in rule.kinds:
            yield from rule.validate(resource, config)


def _level(rule: Rule[Any], settings: PolicySettings) -> str:
    given = settings.rules.get(rule.name, {}).get(LEVEL) or settings.rules.get(_ALL, {}).get(LEVEL)
    return str(given or rule.level)
