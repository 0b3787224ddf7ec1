"""Several processes of one account that limits: each has a limiter of its own, and none knows of the others.

What holds them together is the server's 429 and its Retry-After; dividing the rate between them avoids both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from measure_scale import declared, one_account, share_rate

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

PER_SECOND: Final = 12
PROCESSES: Final = 3
NUMBERS: Final = 8


@pytest.mark.rest
@pytest.mark.parametrize(
    ("config", "is_refused"),
    [({}, True), ({"requestsPerSecond": PER_SECOND / PROCESSES}, False)],
    ids=["nothing-configured", "the-rate-divided"],
)
def test_several_processes_of_one_account_that_limits_all_end_well(
    sandbox: SandboxServer, tmp_path: Path, config: dict[str, float], *, is_refused: bool
) -> None:
    sandbox.settings(requests_per_second=PER_SECOND)
    stacks = one_account(tmp_path, sandbox, PROCESSES, NUMBERS, config)
    seen = share_rate(stacks)
    assert seen.failed == 0, [stack.said for stack in stacks]
    forwarded = {number["number"] for number in sandbox.account() if number["forwarding"]}
    assert forwarded == {entry["number"] for entry in declared(PROCESSES * NUMBERS).values()}
    if is_refused:
        assert seen.refused, "the server's limit was felt"
    else:
        assert seen.refused <= seen.passed * 0.02
