"""Bad input through the real engine: refused in lines that name the field, with nothing sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

GOOD = {"type": "ate", "number": "447700900101", "host": "sip.operator.example", "login": "900101"}


@pytest.mark.parametrize("promised", [False, True], ids=["given", "promised"])
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
    assert "Traceback" not in said
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("forward", "line"),
    [
        ({"type": "group", "cli_type": "Y"}, "group_id: is required for type group"),
        ({"type": "group", "group_id": 9}, "cli_type: is required for type group"),
        (
            {"type": "group", "group_id": 9, "sip_id": 4, "cli_type": "Y"},
            "sip_id: is not allowed for type group",
        ),
        ({"type": "empty", "cli_type": "Y"}, "cli_type: is not allowed for type empty"),
        ({"type": "fax", "cli_type": "Y"}, "type: must be sip, number"),
        ({"type": "group", "group_id": True, "cli_type": "Y"}, "group_id: must be a whole number"),
        ({"type": "amo", "cli_type": "Y"}, "host: is required for type amo"),
    ],
)
def test_a_forwarding_that_cannot_be_is_refused(
    stack: EngineStack, sandbox: SandboxServer, forward: dict[str, Any], line: str
) -> None:
    office = {**GOOD, "secret": stack.secret, "forwards": {"office-forward": forward}}
    said = stack.refused_preview({"office": office})
    assert line in said
    assert "Traceback" not in said
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("PLUSOFON_BASE_URL", "http://restapi.example", "PLUSOFON_BASE_URL: must be https"),
        ("PLUSOFON_TIMEOUT", "0", "PLUSOFON_TIMEOUT: must be a positive number"),
        ("PLUSOFON_REQUESTS_PER_SECOND", "-1", "PLUSOFON_REQUESTS_PER_SECOND: must be a positive number"),
        ("PLUSOFON_TOKEN", None, "plusofon:token: missing"),
    ],
)
def test_an_unusable_configuration_is_reported_once(
    stack: EngineStack, sandbox: SandboxServer, key: str, value: str | None, line: str
) -> None:
    numbers = {
        f"n{index}": {**GOOD, "number": f"4477009001{index:02}", "secret": stack.secret} for index in range(8)
    }
    stack.up(numbers)
    sandbox.clear_requests()
    for command in ("preview", "refresh", "destroy"):
        options = [] if command == "preview" else ["--yes", "--skip-preview"]
        said = stack.run(command, *options, "--stack", "test", status=None, **{key: value}).text
        assert line in said
        # The engine's display tells a line up to three times: as it happens, as its end, in the summary.
        assert said.count(line) <= 3
        assert "Traceback" not in said
    assert sandbox.requests() == []


def test_the_configuration_wins_over_the_environment(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.run("config", "set", "--secret", "plusofon:token", sandbox.token)
    stack.run("config", "set", "plusofon:baseUrl", sandbox.url)
    stack.declare({"office": {**GOOD, "secret": stack.secret}})
    stack.run(
        "up",
        "--yes",
        "--skip-preview",
        "--stack",
        "test",
        PLUSOFON_TOKEN="another",
        PLUSOFON_BASE_URL="http://127.0.0.1:9",
    )
    assert len(sandbox.account()) == 1
