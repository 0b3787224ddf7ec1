"""A list that is not understood takes nothing for gone, and a text of others never acts on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.engine_stack import ONE_OF_EACH, sent

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

NUMBER = "447700900101"


def _ate(stack: EngineStack, **more: Any) -> dict[str, Any]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": stack.secret}
    return {"type": "ate", "number": NUMBER, **login, **more}


def test_a_type_that_is_not_known_makes_nothing_look_gone(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.start({"office": _ate(stack, forwards={"forward": ONE_OF_EACH["group"]})})
    before = sandbox.account()
    sandbox.settings(labels={"ate": "SIP URI"})
    for command in ("refresh", "destroy"):
        said = stack.run(command, "--yes", "--skip-preview", "--stack", "test", status=None).text
        assert "the state has it as ate/101, and the account lists 447700900101 with id 101 as type" in said
    changed = _ate(stack, host="other.example", forwards={"forward": ONE_OF_EACH["sip"]})
    said = stack.up({"office": changed}, status=None).text
    assert "it does not count as gone" in said
    assert set(sent(sandbox)) == {"GET"}
    assert (sandbox.account(), len(stack.resources())) == (before, 2)
    sandbox.settings(labels={})
    stack.destroy()
    assert sandbox.account() == []


def test_a_refusal_is_in_the_vendors_words(stack: EngineStack, sandbox: SandboxServer) -> None:
    # A number that the list does not show: the PUT of it is what the API refuses.
    taken = {"type": "sipuri", "number": "447700900102", "host": "a.example"}
    sandbox.seed(taken)
    sandbox.settings(refusals="errors")
    sandbox.fault("empty-list", "list", times=2)
    said = stack.up({"taken": taken}, status=None).text
    assert "447700900102 is already connected" in said
    assert "may have been done" not in said


def test_markup_in_a_servers_message_ends_no_run(stack: EngineStack, sandbox: SandboxServer) -> None:
    spec = {
        f"n{place}": {"type": "sipuri", "number": f"4477009001{place:02}", "host": "a.example"}
        for place in range(6)
    }
    sandbox.fault(
        "status", "connect", status=400, message="<{%name%}> taken", number="447700900105", times=None
    )
    stack.declare(spec)
    said = stack.run(
        "up",
        "--yes",
        "--skip-preview",
        "--stack",
        "test",
        "--parallel",
        "8",
        "--color",
        "always",
        status=None,
    ).text
    assert "panic" not in said
    assert len(stack.resources()) == len(sandbox.account()) == 5
