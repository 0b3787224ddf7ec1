"""Rules and findings as plain data.

A rule never sees a value that only the update will show: it asks for what is known, and defers its check of
the rest. Nothing here prints a secret: what a text shows is the rule's choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from pulumi_plusofon.schema.values import UNKNOWN

from .config import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pulumi_plusofon.routes.model import Kind, Resource

UNCLEAR: Final = (
    "is neither a name nor a phone number that every server reads alike; give the account's name, or the"
    " number with its plus"
)


@dataclass(frozen=True)
class Violation:
    """What must not be deployed. The text names the value, unless it is secret, and what to do."""

    resource: Resource
    text: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.text}"


@dataclass(frozen=True)
class Deferred:
    """A check that waits for a value that only the update will show."""

    resource: Resource
    property: str

    def __str__(self) -> str:
        return f"{self.property} of {self.resource} is not known yet"


Finding = Violation | Deferred
_PAGE: Final = "docs/policies.md"


def deferred(resource: Resource, *names: str) -> Iterator[Deferred]:
    """A deferred check for each of `names` that is not known yet."""
    return (Deferred(resource, name) for name in names if resource.properties.get(name) is UNKNOWN)


_Config = TypeVar("_Config", bound=RuleSettings)


@dataclass(frozen=True)
class Rule(Generic[_Config]):
    """A rule's name and what Pulumi shows of it, apart from how it validates."""

    name: str
    display_name: str
    tags: tuple[str, ...]
    level: Literal["mandatory", "advisory"]
    severity: Literal["low", "medium", "high", "critical"]
    description: str
    remediation: str
    config: type[_Config]

    @property
    def url(self) -> str:
        """Its paragraph, by the path of the page in the repository: no site has the pages."""
        return f"{_PAGE}#{self.name}"


@dataclass(frozen=True)
class ResourceRule(Rule[_Config]):
    """A rule that one resource alone keeps or breaks."""

    kinds: tuple[Kind, ...]
    validate: Callable[[Resource, _Config], Iterable[Finding]]
    remediate: Callable[[Resource], dict[str, Any]] | None = None
    """The properties that can be put right without changing what was meant."""


@dataclass(frozen=True)
class StackRule(Rule[_Config]):
    """A rule that the resources of a stack keep or break together."""

    validate: Callable[[Sequence[Resource], _Config], Iterable[Finding]]
