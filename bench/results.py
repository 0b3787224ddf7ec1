"""Results of a run of the benchmark: figures, each beside its budget, and series over N. Written as JSON.

Compares each figure with its budget and decides nothing else.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One figure. `most` and `least` are its budget, if it has one; `beside` is what to hold it against."""

    section: str
    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    beside: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure is within its budget; None: it has none."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )


@dataclass(frozen=True)
class Point:
    """What the commands took for N numbers: wall seconds and requests."""

    numbers: int
    seconds: dict[str, float]
    requests: dict[str, int]


@dataclass
class Results:
    """All of it: `points` without checkpoints, `checkpointed` the seconds of an `up` with them over N."""

    machine: dict[str, str]
    quick: bool
    figures: list[Figure] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    checkpointed: dict[int, float] = field(default_factory=dict)

    def broken(self) -> list[Figure]:
        """The figures that are not within their budget."""
        return [figure for figure in self.figures if figure.holds is False]

    def save(self, file: Path) -> None:
        """Write everything to `file`."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(dataclasses.asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, file: Path) -> Results:
        """What `save` wrote."""
        saved: dict[str, Any] = json.loads(file.read_text())
        return cls(
            machine=saved["machine"],
            quick=saved["quick"],
            figures=[Figure(**figure) for figure in saved["figures"]],
            points=[Point(**point) for point in saved["points"]],
            checkpointed={int(numbers): seconds for numbers, seconds in saved["checkpointed"].items()},
        )
