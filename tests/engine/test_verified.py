"""Successful answers and lists are trusted only once the list shows the change, and is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, sent

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NUMBER, OTHER = "447700900101", "447700900102"
GROUP = ONE_OF_EACH["group"]
rest = pytest.mark.rest


def _sipuri(number: str = NUMBER, **more: Any) -> dict[str, Any]:
    return {"type": "sipuri", "number": number, "host": "sip.operator.example", **more}


def test_success_of_a_write_that_did_nothing_is_an_error_and_the_state_stays_true(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.environment["PLUSOFON_TIMEOUT"] = "1"
    answered = "the API answered success, and after 1 s the account"
    sandbox.fault("ignore", "connect")
    said = stack.up({"office": _sipuri()}, status=None).text
    assert f"connecting {NUMBER}: {answered} does not list it; the number is not in Pulumi's state" in said
    assert (sandbox.account(), stack.resources()) == ([], {})

    stack.up({"office": _sipuri()})
    sandbox.fault("ignore", "update")
    changed = {"office": _sipuri(host="other.example")}
    said = stack.up(changed, status=None).text
    assert f"updating {NUMBER}: {answered} lists it otherwise: host: the account has sip.operator.ex" in said
    assert stack.preview() == {"office": "update"}

    sandbox.fault("ignore", "disconnect")
    said = stack.destroy(status=None).text
    assert f"disconnecting {NUMBER}: {answered} still lists it (id 101); it stays in Pulumi's state" in said
    assert len(stack.resources()) == len(sandbox.account()) == 1
    stack.destroy()
    assert (sandbox.account(), stack.resources()) == ([], {})


@rest
def test_a_list_that_lags_is_waited_for_in_a_whole_life(stack: EngineStack, sandbox: SandboxServer) -> None:
    sandbox.settings(list_lag=3)
    spec = {"office": _sipuri(forwards={"forward": GROUP}), "shop": _sipuri(OTHER)}
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    spec["shop"]["host"] = "other.example"
    stack.up(spec)
    assert held_account(sandbox) == expected_account(spec)
    assert stack.preview() == {}
    stack.destroy()
    assert (sandbox.account(), stack.resources()) == ([], {})
    writes = [request for request in sent(sandbox) if not request.startswith("GET")]
    assert len(writes) == 2 + 1 + 1 + 1 + 2, "PUTs, a forwarding, a PATCH, `empty`, DELETEs: each once"


def test_a_list_is_whole_or_an_error(stack: EngineStack, sandbox: SandboxServer) -> None:
    spec = {f"n{place}": _sipuri(f"44770090010{place}") for place in range(5)}
    spec["n0"]["forwards"] = {"forward": GROUP}
    sandbox.settings(numbers_page_size=2)
    stack.up(spec)
    stack.refresh()
    assert stack.preview() == {}
    assert len(stack.resources()) == 6
    sandbox.settings(numbers_page_size=None)
    sandbox.fault("short-list", "list", times=None)
    sandbox.clear_requests()
    for command in (stack.refresh, stack.destroy):
        said = command(status=None).text
        assert "the list says that it has 5 entries, and 4 came" in said
    assert set(sent(sandbox)) == {"GET"}
    assert len(stack.resources()) == 6
    sandbox.clear_faults()
    sandbox.settings(numbers_page_size=2)
    stack.destroy()
    assert (sandbox.account(), stack.resources()) == ([], {})


def test_a_forwarding_is_not_cleared_on_the_number_that_has_its_id_now(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.up({"office": _sipuri(forwards={"forward": GROUP})})
    sandbox.edit(101, number=OTHER)
    sandbox.clear_requests()
    stack.destroy()
    assert not stack.resources()
    assert [(entry["number"], entry["forwarding"]) for entry in sandbox.account()] == [(OTHER, GROUP)]
    assert set(sent(sandbox)) == {"GET"}


@rest
def test_a_number_in_its_national_form_is_kept_and_taken_down(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.up({"office": _sipuri(forwards={"forward": GROUP})})
    sandbox.edit(101, number=NUMBER.removeprefix("44"))
    stack.refresh()
    assert len(stack.resources()) == 2
    assert stack.preview() == {}
    stack.destroy()
    assert (sandbox.account(), stack.resources()) == ([], {})
