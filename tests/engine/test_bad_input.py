"""Bad input through the real engine: refused in lines that name the field, with nothing sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.bad_input_cases import UNUSABLE
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

GOOD = {"type": "ate", "number": "447700900101", "host": "sip.operator.example", "login": "900101"}


@pytest.mark.parametrize(
    "promised", [False, pytest.param(True, marks=pytest.mark.rest)], ids=["given", "promised"]
)
def test_all_problems_of_a_resource_are_reported_at_once(
    stack: EngineStack, sandbox: SandboxServer, *, promised: bool
) -> None:
    bad: dict[str, Any] = {
        "number": True,
        "host": "a host",
        "port": 70000,
        "login": "new\nline",
        "secret": f"{stack.secret}\x00",
        "wait_for_registration": -1,
    }
    given = {name: {"promise": value} for name, value in bad.items()} if promised else bad
    said = stack.up({"office": {"type": "ate", **given}}, status=None).text
    for field in bad:
        assert f"{field}: must" in said
    assert "office" in said
    assert shows_no_traceback(said)
    assert sandbox.requests() == []


def test_a_forwarding_that_cannot_be_is_refused(stack: EngineStack, sandbox: SandboxServer) -> None:
    forward = {"type": "group", "cli_type": "Y"}
    office = {**GOOD, "secret": stack.secret, "forwards": {"office-forward": forward}}
    said = stack.refused_preview({"office": office})
    assert "group_id: is required for type group" in said
    assert shows_no_traceback(said)
    assert sandbox.requests() == []


def test_an_unusable_configuration_is_reported_once(stack: EngineStack, sandbox: SandboxServer) -> None:
    numbers = {
        f"n{index}": {**GOOD, "number": f"4477009001{index:02}", "secret": stack.secret} for index in range(8)
    }
    stack.start(numbers)
    for command in ("preview", "refresh", "destroy"):
        options = [] if command == "preview" else ["--yes", "--skip-preview"]
        unusable = {key: value for key, value, _ in UNUSABLE}
        said = stack.run(command, *options, "--stack", "test", status=None, **unusable).text
        for _, _, line in UNUSABLE:
            assert line in said
            # The engine's display tells a line up to three times: as it happens, as its end, in the summary.
            assert said.count(line) <= 3
        assert shows_no_traceback(said)
    assert sandbox.requests() == []
