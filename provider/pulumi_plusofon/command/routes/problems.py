"""Problems of a route: their kinds, which are frozen, and each in words. Imports nothing slow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

ProblemKind = Literal[
    "no_forwarding",
    "empty",
    "not_registered",
    "dead_end",
    "loop",
    "no_fallback",
    "no_target",
    "policy",
    "gone",
    "unclear",
    "unmanaged",
]
PROBLEM_KINDS: Final = get_args(ProblemKind)


@dataclass(frozen=True)
class RouteProblem:
    """One thing that is wrong, in a few words."""

    kind: ProblemKind
    text: str


def rule_of(problem: RouteProblem) -> str | None:
    """The rule that a problem is of, which its text begins with; None for a problem of another kind."""
    return problem.text.partition(":")[0] if problem.kind == "policy" else None
