"""Outcome of the steps of a rehearsal, as values. Carries out nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_plusofon.pulumi_cli.preview import Step

    from .account import MemoryAccount, WriteSent


@dataclass
class Done:
    """What a step did.

    `writes` are its requests, each with its account. `failure` is the line with which the lifecycle refused
    it, `unclear` why it was not carried out. `is_sure` says that its write is sent, not only perhaps, `waits`
    that it is left to a later update. `numbers` are the digits that it is about, by account; `digits_before`
    and `digits_after` those of a number's own step.
    """

    step: Step
    writes: list[tuple[str | None, WriteSent]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failure: str | None = None
    unclear: str | None = None
    is_sure: bool = True
    waits: bool = False
    numbers: set[tuple[str | None, str]] = field(default_factory=set)
    digits_before: set[str] = field(default_factory=set)
    digits_after: set[str] = field(default_factory=set)


@dataclass
class Rehearsed:
    """Accounts before and after the steps of some resources that have to do with each other."""

    before: dict[str | None, MemoryAccount]
    after: dict[str | None, MemoryAccount]
    done: list[Done]
