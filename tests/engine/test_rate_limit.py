"""An account that allows so many requests a second is served to the end, and nearly as fast as it allows."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, numbered

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

# Few enough for a busy machine to keep up with, and numbers enough for several seconds of it.
PER_SECOND = 8
NUMBERS = 27


def _spec(stack: EngineStack) -> dict[str, dict[str, Any]]:
    return {
        f"n{place}": numbered(place, stack.secret, forwards={f"f{place}": ONE_OF_EACH["group"]})
        for place in range(NUMBERS)
    }


def _usual_rate(requests: list[dict[str, Any]]) -> float:
    """The usual number of requests in a second, the run's first and last left out.

    The usual one, because a busy machine may stop everything for a moment.
    """
    times = sorted(request["time"] for request in requests)
    starts = [start for start in times if times[0] + 1 <= start <= times[-1] - 1]
    return float(statistics.median(sum(start <= time < start + 1 for time in times) for start in starts))


def _too_many(requests: list[dict[str, Any]]) -> int:
    return sum(request["status"] == 429 for request in requests)


def test_with_the_rate_configured_the_whole_rate_is_used_and_hardly_anything_refused(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.settings(requests_per_second=PER_SECOND)
    stack.run("config", "set", "plusofon:requestsPerSecond", str(PER_SECOND), "--stack", "test")
    spec = _spec(stack)
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    requests = sandbox.requests()
    assert len(requests) > 5 * PER_SECOND, "it lasted for seconds"
    assert _too_many(requests) <= len(requests) * 0.02
    assert _usual_rate(requests) >= 0.9 * PER_SECOND

    sandbox.clear_requests()
    stack.destroy()
    assert sandbox.account() == []
    requests = sandbox.requests()
    assert _too_many(requests) <= len(requests) * 0.02
    assert _usual_rate(requests) >= 0.9 * PER_SECOND


@pytest.mark.rest
def test_without_it_a_server_that_limits_is_served_to_the_end(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.settings(requests_per_second=PER_SECOND)
    spec = _spec(stack)
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    assert _too_many(sandbox.requests()), "the server's limit was felt"
    stack.destroy()
    assert sandbox.account() == []
    assert not stack.resources()
