"""What a rule sees, what it says, and what it is: plain data, of any host's resources.

A rule never sees a value that only the update will tell: it asks for what is known, and says of the rest
that its check is put off. Nothing here prints a secret: what a text shows is the rule's choice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pulumi_plusofon.schema.values import UNKNOWN

from .config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Kind = Literal["ExternalNumber", "NumberForwarding"]


@dataclass(frozen=True)
class Resource:
    """One of our resources: its properties as far as they are known, and what they come from."""

    kind: str
    name: str
    urn: str
    properties: Mapping[str, Any]
    place: str
    """Where it is deployed: `organization/project/stack`."""
    protect: bool = False
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The URNs of the resources that each property comes from."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def known(self, name: str) -> Any:
        """The property's value, None if it has none or none that is known yet."""
        value = self.properties.get(name)
        return None if value is UNKNOWN else value

    def put_off(self, *names: str) -> Iterator[PutOff]:
        """Say of those of `names` that are not known yet that their check is put off."""
        return (PutOff(self, name) for name in names if self.properties.get(name) is UNKNOWN)


@dataclass(frozen=True)
class Violation:
    """What must not be deployed. The text names the value, unless it is secret, and the remedy."""

    resource: Resource
    text: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.text}"


@dataclass(frozen=True)
class PutOff:
    """A check that waits for a value that only the update will tell."""

    resource: Resource
    property: str

    def __str__(self) -> str:
        return f"{self.property} of {self.resource} is not known yet"


Finding = Violation | PutOff
_Config = TypeVar("_Config", bound=Config)


@dataclass(frozen=True)
class Rule(Generic[_Config]):
    """A rule's name and what Pulumi tells of it, apart from how it judges."""

    name: str
    level: Literal["mandatory", "advisory"]
    severity: Literal["low", "medium", "high", "critical"]
    description: str
    remedy: str
    config: type[_Config]


@dataclass(frozen=True)
class ResourceRule(Rule[_Config]):
    """A rule that one resource alone keeps or breaks."""

    kinds: tuple[Kind, ...]
    judge: Callable[[Resource, _Config], Iterable[Finding]]
    mend: Callable[[Resource], dict[str, Any]] | None = None
    """The properties that can be put right without changing what was meant."""


@dataclass(frozen=True)
class StackRule(Rule[_Config]):
    """A rule that the resources of a stack keep or break together."""

    judge: Callable[[Sequence[Resource], _Config], Iterable[Finding]]
