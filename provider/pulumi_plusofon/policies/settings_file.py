"""The file of `--policy-pack-config`, read as the engine reads it: version 1 and 2, with exceptions.

Takes every form that the engine takes (E141), and refuses what the engine passes over without a word: a key
that nothing has, a rule or setting that does not exist. An exception of version 2 may have an end in its
reason, `until 2027-01-31`. The engine knows no end: whoever reads the file asks `PolicyException.is_over`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import plain

from .rules import problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

LEVEL: Final = "enforcementLevel"
_LEVELS: Final = ("advisory", "mandatory", "remediate", "disabled")
_ENVIRONMENTS: Final = "environments"
_VERSION: Final = 2
_KEYS: Final = ("version", _ENVIRONMENTS, "policies", "exceptions")
_ID: Final = re.compile(r"[A-Za-z0-9_.-]+")
_URN: Final = "urn:pulumi:"
_URN_PARTS: Final = 4
# "until the operator answers" is no date, and nothing that tries to be one.
_END: Final = re.compile(r"\buntil:?\s+(\S*\d\S*)", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class SettingsError(PlusofonError):
    """What is wrong with a file of settings, one line each, with the file's name."""


@dataclass(frozen=True)
class PolicyException:
    """Resources that may break rules, as the file of settings has it. `until` is its last day, in UTC."""

    id: str
    reason: str
    matches: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """Names of rules, and the URNs of the resources that may break them."""
    until: date | None

    @property
    def is_over(self) -> bool:
        """Whether its last day is over."""
        return self.until is not None and datetime.now(timezone.utc).date() > self.until

    def excepts(self, rule: str, urn: str) -> bool:
        """Whether the engine lets the resource break the rule. It compares URNs as they are written."""
        return any(rule in rules and urn in urns for rules, urns in self.matches)

    def names(self, rule: str) -> bool:
        """Whether it is from this rule."""
        return any(rule in rules for rules, _ in self.matches)

    @property
    def ended(self) -> str:
        """That its end is over, and what to do."""
        return f"{self} ended on {self.until}: remove it, or give it another date"

    def __str__(self) -> str:
        return f"policy exception {plain(self.id)}"


@dataclass(frozen=True)
class PolicySettings:
    """Settings of the rules, by their names, and the exceptions from the rules."""

    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exceptions: tuple[PolicyException, ...] = ()

    def excepted(self, rule: str, urn: str) -> PolicyException | None:
        """The exception by which the resource may break the rule today."""
        found = (given for given in self.exceptions if given.excepts(rule, urn))
        return next((given for given in found if not given.is_over), None)

    def ended(self) -> list[str]:
        """A line for each exception whose end is over."""
        return [given.ended for given in self.exceptions if given.is_over]


def read_settings(file: Path | None) -> PolicySettings:
    """The settings in `file`, those of the rules themselves without one. Raises `SettingsError`."""
    if file is None:
        return PolicySettings()
    called = plain(file.name)
    rules, exceptions, found = _read(file)
    found += _problems(rules)
    if found:
        raise SettingsError("\n".join(f"{called}: {plain(line)}" for line in found))
    settings = {name: {LEVEL: given} if isinstance(given, str) else given for name, given in rules.items()}
    return PolicySettings(settings, tuple(exceptions))


def read_exceptions(file: Path) -> tuple[PolicyException, ...]:
    """The exceptions in `file`, whatever pack its settings are of. Raises `SettingsError`."""
    _, exceptions, found = _read(file)
    if found:
        raise SettingsError("\n".join(f"{plain(file.name)}: {plain(line)}" for line in found))
    return tuple(exceptions)


def _read(file: Path) -> tuple[dict[str, Any], list[PolicyException], list[str]]:
    """The settings by rule, the exceptions, and what is wrong with the rest."""
    called = plain(file.name)
    try:
        text = file.read_text("utf-8")
        content = json.loads(text, parse_constant=_refuse) if text.strip() else {}
    except OSError as error:
        raise SettingsError(f"{called}: {error.strerror}") from None
    except (RecursionError, ValueError):
        raise SettingsError(f"{called}: is no JSON") from None
    if not isinstance(content, dict):
        raise SettingsError(f"{called}: must be an object with the settings of each rule by its name")
    version = content.get("version")
    # Any other `version` is a rule's name to the engine.
    if isinstance(version, bool) or not isinstance(version, int | float):
        rules = {name: given for name, given in content.items() if name != _ENVIRONMENTS}
        return rules, [], _environments(content.get(_ENVIRONMENTS, []))
    if version != _VERSION:
        return {}, [], [f"version: must be {_VERSION}"]
    return _versioned(_folded(content))


def _versioned(content: dict[str, Any]) -> tuple[dict[str, Any], list[PolicyException], list[str]]:
    found = _unknown(_KEYS, content)
    found += _environments(content.get(_ENVIRONMENTS) or [])
    rules, given = content.get("policies") or {}, content.get("exceptions") or {}
    if not isinstance(rules, dict):
        return {}, [], [*found, "policies: must be an object with the settings of each rule by its name"]
    if not isinstance(given, dict):
        return {}, [], [*found, "exceptions: must be an object with the exceptions by their ids"]
    exceptions = []
    for identifier, value in given.items():
        try:
            exceptions.append(_exception(identifier, value))
        except ValueError as error:  # noqa: PERF203 - of a few exceptions
            found.append(f"exceptions: {identifier}: {error}")
    return rules, exceptions, found


def _exception(identifier: str, value: Any) -> PolicyException:
    if not _ID.fullmatch(identifier):
        raise ValueError("the id must be letters, digits, '-', '.' and '_'")
    fields = _fields(value, ("reason", "match"))
    reason, entries = fields.get("reason"), fields.get("match")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError("reason: must be a text")
    if not isinstance(entries, list) or not entries:
        raise ValueError("match: must be a list of objects with policies and targets")
    matches = tuple(_match(f"match[{at}]", entry) for at, entry in enumerate(entries))
    return PolicyException(identifier, reason, matches, _end(reason))


def _match(place: str, value: Any) -> tuple[frozenset[str], frozenset[str]]:
    try:
        fields = _fields(value, ("policies", "targets"))
        rules, urns = (_texts(name, fields.get(name)) for name in ("policies", "targets"))
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    if "all" in rules:
        raise ValueError(f"{place}: policies: must name rules, and not all of them by all")
    for urn in sorted(urns):
        if not urn.startswith(_URN) or len(urn.split("::")) < _URN_PARTS:
            raise ValueError(f"{place}: targets: {urn} is no URN")
    return rules, urns


def _fields(value: Any, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    fields = _folded(value)
    if lines := _unknown(known, fields):
        raise ValueError("; ".join(lines))
    return fields


def _unknown(known: tuple[str, ...], given: Iterable[str]) -> list[str]:
    return [
        f"{name}: there is no such key; there are {', '.join(known)}" for name in given if name not in known
    ]


def _texts(name: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not value or not all(isinstance(text, str) and text for text in value):
        raise ValueError(f"{name}: must be a list of texts")
    return frozenset(value)


def _end(reason: str) -> date | None:
    """The last day that the reason names, the earliest of several."""
    return min((_day(written.strip(".,;:!?()[]\"'")) for written in _END.findall(reason)), default=None)


def _day(written: str) -> date:
    try:
        # Newer Pythons read other forms as well.
        return date.fromisoformat(written if _DATE.fullmatch(written) else "")
    except ValueError:
        raise ValueError(f"reason: until {written}: write the last day as in until 2027-01-31") from None


def _environments(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return []
    return [f"{_ENVIRONMENTS}: must be a list of texts"]


def _problems(rules: Mapping[str, Any]) -> Iterator[str]:
    for name, given in rules.items():
        if not isinstance(given, dict | str):
            yield f"{name}: must be an object of settings, or a level ({', '.join(_LEVELS)})"
            continue
        settings = {LEVEL: given} if isinstance(given, str) else given
        if settings.get(LEVEL, _LEVELS[0]) not in _LEVELS:
            yield f"{name}: {LEVEL}: must be one of {', '.join(_LEVELS)}"
        yield from problems({name: {key: value for key, value in settings.items() if key != LEVEL}})


def _folded(content: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an object of version 2 as the engine reads them: whatever their case."""
    return {name.lower(): value for name, value in content.items()}


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
