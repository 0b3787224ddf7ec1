"""Results of the lifecycle's steps, for any host to translate. Plain values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Diff:
    """The inputs that changed, and those among them that make it another object."""

    changed: list[str]
    replaces: list[str]


@dataclass(frozen=True)
class Created:
    """The id and outputs of what was created."""

    id: str
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Read:
    """The id and outputs of what was read; `inputs` only where they drifted from what was declared."""

    id: str
    outputs: dict[str, Any]
    inputs: dict[str, Any] | None
