"""Numbers, servers and logins as people write them, on the real engine: sent in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.engine_stack import held_account, sent
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

SERVERS = ["sip2.operator.example", "сип.оператор.рф", "sip1.operator.example"]
KEPT = "sip2.operator.example,xn--h1aoe.xn--80aj0acchco.xn--p1ai,sip1.operator.example"


def _spec(stack: EngineStack, number: Any, servers: Any, login: Any, uri: str) -> dict[str, dict[str, Any]]:
    onward = {"type": "number", "destination_number": "+44\u00a020\u00a07946\u20110199", "cli_type": "N"}
    desk = {"type": "ate", "number": "+44 7700 900101", "host": "sip.operator.example", "login": login}
    by_uri = {"type": "sip_uri", "destination_uri": uri, "cli_type": "N"}
    return {
        "office": {"type": "sipuri", "number": number, "host": servers, "forwards": {"onward": onward}},
        "desk": {**desk, "secret": stack.secret, "forwards": {"by-uri": by_uri}},
    }


def test_values_written_in_many_forms_are_sent_and_kept_in_one(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    uri = "pbx@[2001:db8::1]:5061"
    stack.up(_spec(stack, "+44 (0)20 7946 0103", SERVERS, 900123, uri))
    held = held_account(sandbox)
    assert held.keys() == {"442079460103", "447700900101"}
    assert held["442079460103"]["host"] == KEPT
    assert held["442079460103"]["forwarding"]["destination_number"] == "442079460199"
    assert held["447700900101"]["login"] == "900123"
    assert held["447700900101"]["forwarding"]["destination_uri"] == uri
    state = stack.resources()
    assert state["ExternalNumber office"]["outputs"]["host"] == KEPT
    sandbox.clear_requests()
    # Another order of the servers, as text, and other forms of all else: nothing to do.
    again = ", ".join(reversed(SERVERS))
    stack.declare(_spec(stack, 442079460103, again, "900123", uri))
    assert stack.preview() == {}
    assert [request for request in sent(sandbox) if not request.startswith("GET")] == []
    # One server fewer is a change in place.
    stack.up(_spec(stack, "+44 20 7946 0103", SERVERS[:2], "900123", uri))
    assert held_account(sandbox)["442079460103"]["host"] == KEPT.rpartition(",")[0]
    (listed,) = (entry for entry in sandbox.account() if entry["number"] == "442079460103")
    sandbox.edit(listed["id"], host="sip9.operator.example")
    stack.refresh()
    assert stack.preview() == {"office": "update"}


def test_a_number_with_two_readings_is_refused_in_the_preview(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    office = {"type": "sipuri", "number": 84951234567, "host": "sip.operator.example"}
    said = stack.refused_preview({"office": office})
    both = "can be read as +74951234567 or +84951234567: write the one that is meant, with its plus"
    assert f"number: '84951234567' {both}" in said
    onward = {"type": "number", "destination_number": "+44 7700 90012", "cli_type": "N"}
    office |= {"number": "+44 7700 900101", "forwards": {"onward": onward}}
    said += stack.refused_preview({"office": office})
    short = "is read as +44770090012, which is no valid phone number: correct it"
    assert f"destination_number: '+44 7700 90012' {short}" in said
    assert shows_no_traceback(said)
    assert sent(sandbox) == []


def test_digits_in_a_state_of_before_stay_while_the_program_says_the_same(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    before = {"type": "sipuri", "host": "sip.operator.example"}
    onward = {"type": "number", "destination_number": "+7 495 123-45-67", "cli_type": "N"}
    stack.up({"office": {**before, "number": "+44 7700 900101", "forwards": {"onward": onward}}})
    state = stack.run("stack", "export", "--stack", "test").text
    file = stack.folder / "before.json"
    file.write_text(state.replace("447700900101", "44770090010").replace("74951234567", "84951234567"))
    stack.run("stack", "import", "--stack", "test", "--file", str(file))
    (listed,) = sandbox.account()
    sandbox.edit(listed["id"], number="44770090010")
    sandbox.clear_requests()
    same = {**onward, "destination_number": 84951234567}
    stack.declare({"office": {**before, "number": "+44 7700 90010", "forwards": {"onward": same}}})
    said = stack.run("preview", "--stack", "test").text
    assert "it stays as an earlier version set it (44770090010)" in said
    assert "it stays as an earlier version set it (84951234567)" in said
    assert stack.preview() == {}
    assert stack.preview("--refresh") == {}
    assert {"PUT", "PATCH", "POST", "DELETE"}.isdisjoint(request.split()[0] for request in sent(sandbox))
    stack.destroy()
    assert sandbox.account() == []
