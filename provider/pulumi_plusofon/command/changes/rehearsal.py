"""The steps of a preview, rehearsed on accounts in memory.

The accounts are seeded with what the state has and, where it was asked for, with the account's own list.
Sends nothing, and waits for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_plusofon.runtime import clock

from .orders import other_orders
from .seeds import Seeds, grouped
from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.api import ListedNumber

    from .hidden import Hidden
    from .outcome import Rehearsed
    from .planned import Planned


class _NoWaiting:
    """A clock by which nothing takes time."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds

    def pause(self, seconds: float) -> bool:
        self._now += seconds
        return False

    def is_cancelled(self) -> bool:
        return False


def rehearse(
    planned: Planned, listed: Sequence[ListedNumber] | None, hidden: Hidden
) -> list[list[Rehearsed]]:
    """Carry out the steps of a preview; `listed` is the own account's list, None if not asked.

    For each group of resources that share numbers there is an outcome of the preview's order, and of each
    other order that may matter.
    """
    seeds = Seeds(planned, listed, hidden)
    # Resources that share no number know nothing of each other: each group has a list of its own.
    groups = [
        [Stage(planned, order, seeds.accounts(steps), hidden) for order in (steps, *other_orders(steps))]
        for steps in grouped(planned.ours, listed, hidden)
    ]
    with clock.use(_NoWaiting()):
        for stages in groups:
            for stage in stages:
                stage.set_up()
        # The engine deletes last, and nothing once a step has failed.
        failed = [stages[0].has_failed for stages in groups]
        for place, stages in enumerate(groups):
            elsewhere = any(failed[:place]) or any(failed[place + 1 :])
            for stage in stages:
                stage.take_down(has_failed=elsewhere or stage.has_failed)
    return [[stage.rehearsed for stage in stages] for stages in groups]
