"""Check resources against the rules without the engine: of a saved preview, of a state, of a profile.

Takes the settings in the file that `pulumi up --policy-pack-config` takes. What waits for a value that is not
known says nothing here: the engine asks the pack again when it is. Remediates nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import plain

from .model import StackRule, Violation
from .rules import RULES, problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_plusofon.routes.model import Resource

    from .model import Finding, ResourceRule, Rule

Settings: TypeAlias = "Mapping[str, Mapping[str, Any]]"

_LEVEL: Final = "enforcementLevel"
_LEVELS: Final = ("advisory", "mandatory", "remediate", "disabled")
_ALL: Final = "all"


class SettingsError(PlusofonError):
    """What is wrong with a file of settings, one line each, with the file's name."""


@dataclass(frozen=True)
class Broken:
    """A rule that a resource breaks; `is_mandatory` says whether the engine would refuse it."""

    rule: str
    is_mandatory: bool
    resource: Resource
    text: str


def read_settings(file: Path | None) -> Settings:
    """The settings in `file`, those of the rules themselves without one. Raises `SettingsError`."""
    if file is None:
        return {}
    called = plain(file.name)
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{called}: {error.strerror}") from None
    except ValueError:
        raise SettingsError(f"{called}: is no JSON") from None
    if not isinstance(content, dict):
        raise SettingsError(f"{called}: must be an object with the settings of each rule by its name")
    settings = {name: {_LEVEL: given} if isinstance(given, str) else given for name, given in content.items()}
    if found := [f"{called}: {plain(line)}" for line in _problems(settings)]:
        raise SettingsError("\n".join(found))
    return settings


def broken(resources: Sequence[Resource], settings: Settings) -> Iterator[Broken]:
    """The rules that `resources`, all of one stack, break."""
    for rule in RULES:
        level = _level(rule, settings)
        if level == "disabled":
            continue
        given = {name: value for name, value in settings.get(rule.name, {}).items() if name != _LEVEL}
        config = rule.config.model_validate(given)
        for finding in _findings(rule, resources, config):
            if isinstance(finding, Violation):
                yield Broken(rule.name, level != "advisory", finding.resource, finding.text)


def _findings(
    rule: ResourceRule[Any] | StackRule[Any], resources: Sequence[Resource], config: Any
) -> Iterator[Finding]:
    if isinstance(rule, StackRule):
        yield from rule.validate(resources, config)
        return
    for resource in resources:
        if resource.kind in rule.kinds:
            yield from rule.validate(resource, config)


def _level(rule: Rule[Any], settings: Settings) -> str:
    given = settings.get(rule.name, {}).get(_LEVEL) or settings.get(_ALL, {}).get(_LEVEL)
    return str(given or rule.level)


def _problems(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, given in settings.items():
        if not isinstance(given, dict):
            yield f"{name}: must be an object of settings, or a level ({', '.join(_LEVELS)})"
            continue
        level = given.get(_LEVEL)
        if level is not None and level not in _LEVELS:
            yield f"{name}: {_LEVEL}: must be one of {', '.join(_LEVELS)}"
        yield from problems({name: {key: value for key, value in given.items() if key != _LEVEL}})
