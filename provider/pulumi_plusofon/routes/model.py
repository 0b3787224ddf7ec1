"""One of our resources as routes and rules see it: plain data, of any host's resources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def get(self, name: str) -> Any:
        """The property's value, None if it has none or none that is known yet."""
        value = self.properties.get(name)
        return None if value is UNKNOWN else value
