"""Requests that a stack costs, counted by the server. Seconds are the matter of `make bench`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench import budgets
from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, refused, sent

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NUMBERS = 24


def _spec(secrets: list[str]) -> dict[str, dict[str, Any]]:
    return {
        f"number-{place}": {
            "type": "ate",
            "number": f"447700900{place:03}",
            "host": "sip.operator.example",
            "login": f"user-{place}",
            "secret": secret,
            "forwards": {f"forwarding-{place}": ONE_OF_EACH["group"]},
        }
        for place, secret in enumerate(secrets)
    }


def test_a_stacks_life_costs_no_more_requests_than_promised(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.settings(latency=budgets.LATENCY)
    spec = _spec([stack.secret] * NUMBERS)
    stack.up(spec)
    assert len(sent(sandbox)) <= budgets.requests_up(NUMBERS)
    assert held_account(sandbox) == expected_account(spec), "and all of it is done"

    assert stack.preview() == {}
    stack.up()
    assert len(sent(sandbox)) == budgets.REQUESTS_UNCHANGED

    stack.refresh()
    assert len(sent(sandbox)) <= budgets.REQUESTS_REFRESH

    stack.up(_spec([f"{stack.secret}-new", *[stack.secret] * (NUMBERS - 1)]))
    requests = sent(sandbox)
    assert [request.partition("/")[0] for request in requests if request != "GET"] == ["PATCH ate"]
    assert len(requests) <= budgets.REQUESTS_PASSWORD

    stack.destroy()
    assert len(sent(sandbox)) <= budgets.requests_destroy(NUMBERS)
    assert sandbox.account() == []
    assert not refused(sandbox)
