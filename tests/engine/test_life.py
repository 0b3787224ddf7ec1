"""The life of numbers and forwardings on the real engine: after each step the account is as declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, expected_account, held_account, refused, sent
from support.tiers import first_of
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

OFFICE = "447700900101"
SALES = "447700900102"


def _ate(stack: EngineStack, number: str = OFFICE, **more: Any) -> dict[str, Any]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": stack.secret}
    return {"type": "ate", "number": number, **login, **more}


def _sipuri(number: str = SALES, **more: Any) -> dict[str, Any]:
    return {"type": "sipuri", "number": number, "host": "sip.operator.example", **more}


def _holds(sandbox: SandboxServer, spec: dict[str, dict[str, Any]]) -> bool:
    assert held_account(sandbox) == expected_account(spec)
    return True


def test_every_forwarding_type_through_create_change_and_destroy(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    types = list(ONE_OF_EACH)
    numbers = {
        name: _ate(stack, f"4477009002{index:02}", login=name)
        if index % 2
        else _sipuri(f"4477009002{index:02}")
        for index, name in enumerate(types)
    }
    spec = {
        name: {**entry, "forwards": {f"{name}-forward": ONE_OF_EACH[name]}} for name, entry in numbers.items()
    }
    stack.up(spec)
    assert _holds(sandbox, spec)
    assert all(
        sandbox.secret_matches(entry["number"], stack.secret) for entry in spec.values() if "login" in entry
    )
    sandbox.clear_requests()
    assert stack.preview() == {}
    stack.up()
    assert sent(sandbox) == [], "an `up` with nothing to do asks nothing of the API"

    shifted = types[1:] + types[:1]
    changed = {
        name: {**numbers[name], "forwards": {f"{name}-forward": ONE_OF_EACH[other]}}
        for name, other in zip(types, shifted, strict=True)
    }
    stack.up(changed)
    assert _holds(sandbox, changed)
    assert sent(sandbox) == ["GET", *["POST follow"] * len(types)], "changed in place, by one request each"

    stack.destroy()
    assert sandbox.account() == []
    assert not stack.resources()
    requests = sent(sandbox)
    assert len(requests) - requests.count("GET") == 2 * len(types), "a POST and a DELETE each"
    assert requests.count("GET") < len(types), "deletions share their looks at the list"
    assert refused(sandbox) == []


def test_outputs_say_what_the_account_lists(stack: EngineStack, sandbox: SandboxServer) -> None:
    stack.up({"office": _ate(stack, "+44 7700 900-101"), "sales": _sipuri(447700900102)})  # type: ignore[arg-type]
    office, sales = (number["id"] for number in sorted(sandbox.account(), key=lambda entry: entry["number"]))
    assert stack.outputs() == {
        "office": {
            "id": str(office),
            "number_id": office,
            "number": OFFICE,
            "type": "ate",
            "source": "900101@sip.operator.example",
            "inbound_uri": None,
            "customer_id": 42291,
            "secret": "[secret]",
        },
        "sales": {
            "id": str(sales),
            "number_id": sales,
            "number": SALES,
            "type": "sipuri",
            "source": "sip.operator.example",
            "inbound_uri": f"42291{SALES}@ext.plusofon.ru",
            "customer_id": 42291,
            "secret": None,
        },
    }


@pytest.mark.parametrize(
    "change",
    first_of([{"host": "sip2.operator.example"}, {"port": 5061}, {"login": "other"}, {"secret": None}]),
)
def test_a_changed_connection_is_one_patch_and_leaves_the_forwarding_alone(
    stack: EngineStack, sandbox: SandboxServer, change: dict[str, Any]
) -> None:
    forwards = {"office-forward": ONE_OF_EACH["group"]}
    stack.start({"office": _ate(stack, forwards=forwards)})
    new_secret = f"{stack.secret}-rotated"
    change = {name: value or new_secret for name, value in change.items()}
    spec = {"office": _ate(stack, forwards=forwards, **change)}
    stack.declare(spec)
    assert stack.preview() == {"office": "update"}
    assert sent(sandbox) == []
    stack.up()
    assert _holds(sandbox, spec)
    assert sandbox.secret_matches(OFFICE, change.get("secret", stack.secret))
    writes = [request for request in sent(sandbox) if not request.startswith("GET")]
    assert [write.partition("/")[0] for write in writes] == ["PATCH ate"]


def test_adopt_and_wait_alone_change_nothing_in_the_account(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    stack.start({"office": _ate(stack)})
    stack.up({"office": _ate(stack, adopt=True, wait_for_registration=5)})
    assert sent(sandbox) == []


@pytest.mark.parametrize("change", first_of(["number", "type"]))
def test_another_number_or_type_replaces_number_and_forwarding_in_the_right_order(
    stack: EngineStack, sandbox: SandboxServer, change: str
) -> None:
    forwards = {"office-forward": ONE_OF_EACH["group"]}
    stack.start({"office": _ate(stack, forwards=forwards)})
    old = sandbox.account()[0]["id"]
    entry = _ate(stack, "447700900109") if change == "number" else _sipuri(OFFICE)
    spec = {"office": {**entry, "forwards": forwards}}
    stack.declare(spec)
    assert set(stack.preview()) == {"office", "office-forward"}
    stack.up()
    assert _holds(sandbox, spec)
    writes = [request for request in sent(sandbox) if not request.startswith("GET")]
    assert writes == ["POST follow", f"DELETE ate/{old}", f"PUT {entry['type']}", "POST follow"]
    assert refused(sandbox) == []


def test_a_wait_for_registration_ends_when_the_login_is_registered(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.settings(registers_after=2)
    stack.up({"office": _ate(stack, wait_for_registration=60)})
    assert sandbox.account()[0]["registered"]


def test_a_wait_that_times_out_keeps_the_number_warns_and_goes_on_in_the_next_up(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.settings(registers_after=600)
    spec = {"office": _ate(stack, wait_for_registration=1)}
    said = stack.up(spec).text
    assert "its login is not registered after 1 s" in said
    assert "ExternalNumber office" in stack.resources(), "the number exists, so the state has it"
    assert stack.preview() == {"office": "update"}
    sandbox.clear_requests()
    said = stack.up(status=None).text
    assert "its login is not registered after 1 s" in said
    assert shows_no_traceback(said)
    sandbox.edit(sandbox.account()[0]["id"], registered=True)
    stack.up()
    assert stack.preview() == {}
    assert not any(request.startswith(("PUT", "PATCH")) for request in sent(sandbox))
