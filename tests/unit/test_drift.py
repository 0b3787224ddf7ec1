"""`plusofon drift` over states that a test has written: each kind of difference, and what is never shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from unit.fake_pulumi import OFFICE, PROVIDERS, SALES, FakePulumi, account, forwarding, listed, number, secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from unit.wire import Wire


def differences(plusofon: Callable[..., Result], *names: str) -> list[dict[str, Any]]:
    """What the command finds; its exit status must say whether that is anything."""
    words = [word for stack in names or ("prod",) for word in ("--stack", stack)]
    result = plusofon("drift", "--json", *words)
    assert result.exit_code in (0, 7), result.stderr
    content = json.loads(result.stdout)
    assert content["not_seen"] == ["forwardings", "SIP passwords"]
    assert content["stacks"] == list(names or ("prod",))
    found: list[dict[str, Any]] = content["differences"]
    assert result.exit_code == (7 if found else 0)
    return found


def kinds(found: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    return [(difference["kind"], difference["resource"], difference["number"]) for difference in found]


def test_a_number_that_was_changed_is_shown_with_what_the_state_has(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"))
    wire.script(listed({**OFFICE, "source": "900101@sip.b.example"}))
    assert differences(plusofon) == [
        {
            "kind": "changed",
            "stack": "prod",
            "resource": "office",
            "resource_type": "ExternalNumber",
            "number": "447700900101",
            "e164": "+447700900101",
            "id": 101,
            "detail": "host: sip.b.example (the state has sip.a.example)",
        }
    ]


@pytest.mark.parametrize(
    ("outputs", "source", "detail"),
    [
        ({"login": secret("900101"), "source": secret("900101@sip.a.example")}, "7@sip.a.example", "login"),
        ({"login": secret("900101"), "source": secret("900101@sip.a.example")}, "900101@sip.b", "host"),
        ({"host": secret("sip.a.example"), "source": secret("900101@sip.a.example")}, "900101@sip.b", "host"),
    ],
)
def test_a_value_that_the_state_has_as_a_secret_is_not_shown(
    plusofon: Callable[..., Result],
    stacks: FakePulumi,
    wire: Wire,
    outputs: dict[str, Any],
    source: str,
    detail: str,
) -> None:
    stacks.has("prod", number("office", **outputs))
    wire.script(listed({**OFFICE, "source": source}))
    [found] = differences(plusofon)
    assert found["detail"] == f"{detail}: another (not shown, because the state has it as a secret)"


def test_a_number_connected_anew_by_others_is_changed_and_its_password_unknown(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), forwarding("forward"))
    wire.script(listed({**OFFICE, "id": 105}))
    gone, changed = differences(plusofon)
    assert (gone["kind"], gone["resource_type"], gone["resource"]) == ("gone", "NumberForwarding", "forward")
    assert changed["detail"] == (
        "secret: the number was connected anew by others, with a password that is not known;"
        " number_id: 105 (the state has 101)"
    )


def test_a_number_that_is_gone_is_reported_with_its_forwarding(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), forwarding("forward"))
    wire.script(listed(SALES))
    found = differences(plusofon)
    assert kinds(found) == [
        ("gone", "office", "447700900101"),
        ("gone", "forward", "447700900101"),
        ("unmanaged", None, "447700900102"),
    ]
    assert found[2]["detail"] == "sipuri, sip.a.example"


def test_a_login_that_is_not_registered_is_reported_and_an_unknown_one_is_not(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"))
    for status, expected in ((False, [("unregistered", "office", "447700900101")]), ("perhaps", [])):
        wire.script(listed({**OFFICE, "status": status}))
        assert kinds(differences(plusofon)) == expected


def test_servers_in_another_order_are_no_difference(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    sales: dict[str, Any] = {
        "type": "sipuri",
        "number": "447700900102",
        "number_id": 102.0,
        "login": None,
        "secret": None,
    }
    stacks.has("prod", number("sales", **sales, host="a.example,b.example", source="a.example,b.example"))
    wire.script(listed({**SALES, "source": "b.example,a.example"}))
    assert differences(plusofon) == []


def test_a_number_of_one_of_the_named_stacks_is_not_unmanaged(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"))
    stacks.has("staging", number("other", number="447700900103", number_id=103.0), timeout="20")
    wire.script(listed(OFFICE, SALES, {**OFFICE, "id": 103, "number": "447700900103"}))
    assert kinds(differences(plusofon, "prod", "staging")) == [("unmanaged", None, "447700900102")]
    assert len(wire.asked) == 1


def test_two_tokens_of_one_account_make_nothing_unmanaged(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"))
    stacks.has("staging", number("other", number="447700900103", number_id=103.0), token="tok-another")
    wire.script(listed(OFFICE, SALES, {**OFFICE, "id": 103, "number": "447700900103"}))
    found = differences(plusofon, "prod", "staging")
    assert kinds(found) == [("unmanaged", None, "447700900102")]
    assert found[0]["detail"] == "sipuri, sip.a.example, account 42291"
    assert len(wire.asked) == 2


def test_two_accounts_that_one_token_cannot_both_be_are_refused(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), customerId="42291")
    stacks.has("staging", customerId="42292")
    result = plusofon("drift", "--stack", "prod", "--stack", "staging")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: prod, staging: they have one token, and plusofon:customerId is 42291 and 42292: the token is"
        " that of one account, so correct plusofon:token or plusofon:customerId\n"
    )
    assert wire.asked == []


def test_the_account_that_one_stack_names_is_required_for_all_of_its_token(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("staging")
    stacks.has("prod", number("office"), customerId="42299")
    wire.script(listed(OFFICE))
    result = plusofon("drift", "--stack", "staging", "--stack", "prod")
    assert result.exit_code == 1
    assert "the token is account 42291's, and it must be account 42299's" in result.stderr


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 101, "number": "447700900101", "type": "FAX"},
        {"id": 101, "number": "?", "type": "АТС"},
        {"number": "?", "type": "АТС"},
    ],
)
def test_an_entry_that_may_be_the_number_is_unknown_and_not_gone(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire, odd: dict[str, Any]
) -> None:
    stacks.has("prod", number("office"))
    wire.script(listed(odd, SALES))
    found = differences(plusofon)
    assert kinds(found) == [("unknown", "office", "447700900101"), ("unmanaged", None, "447700900102")]
    assert "it does not count as gone" in found[0]["detail"]


def test_an_entry_of_an_unknown_type_that_is_no_stacks_is_unmanaged(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"))
    wire.script(listed(OFFICE, {"id": 7, "number": "447700900107", "type": "FAX"}))
    [found] = differences(plusofon)
    assert (found["kind"], found["id"], found["detail"]) == (
        "unmanaged",
        7,
        "FAX, its type is not known here",
    )


def test_a_number_that_the_list_has_twice_is_unknown(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office", number_id=1.0))
    wire.script(listed(OFFICE, {**OFFICE, "id": 105}))
    assert kinds(differences(plusofon)) == [("unknown", "office", "447700900101")]


def test_a_number_of_another_account_is_unknown(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office", customer_id=42299.0))
    wire.script(listed(SALES))
    unknown, unmanaged = differences(plusofon)
    assert (unknown["kind"], unmanaged["kind"]) == ("unknown", "unmanaged")
    assert "the state has it in account 42299, and the token is account 42291's" in unknown["detail"]


def test_an_empty_list_is_believed_when_it_comes_twice(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office", customer_id=None))
    wire.script(listed(), listed(OFFICE))
    assert differences(plusofon) == []
    wire.script(listed())
    assert kinds(differences(plusofon)) == [("gone", "office", "447700900101")]


def test_an_account_beside_is_asked_with_the_settings_of_the_state(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The environment's is the stack's own account's alone.
    monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", "42290")
    monkeypatch.delenv("PLUSOFON_TOKEN")
    beside = account("second", {"token": secret("tok-second"), "baseUrl": wire.url})
    stacks.has("prod", beside, number("office", f"{PROVIDERS}::second"))
    wire.script(listed(OFFICE))
    assert differences(plusofon) == []
    assert [request.headers["Authorization"] for request in wire.asked] == ["Bearer tok-second"]
