"""`plusofon numbers` with stacks: where each number forwards to, and what no stack has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from unit.fake_pulumi import OFFICE, SALES, FakePulumi, forwarding, listed, number, secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from unit.wire import Wire


def test_numbers_of_a_stack_have_where_they_forward_to(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has(
        "prod",
        number("office"),
        forwarding("office"),
        number("gone", number="447700900109", number_id=109.0),
        forwarding("gone", number_id=109.0, type="number", destination_number=secret("12025550123")),
    )
    wire.script(listed(OFFICE, SALES))
    result = plusofon("numbers", "--stack", "prod", "--json")
    assert result.exit_code == 0
    office, sales, gone = json.loads(result.stdout)
    assert office == {
        "id": 101,
        "number": "447700900101",
        "e164": "+447700900101",
        "type": "ate",
        "registered": True,
        "source": "900101@sip.a.example",
        "inbound_uri": None,
        "forwards_to": "group 9",
        "resource": "office",
        "listed": True,
    }
    assert (sales["resource"], sales["forwards_to"], sales["listed"]) == (None, None, True)
    assert gone == {
        "id": None,
        "number": "447700900109",
        "e164": "+447700900109",
        "type": "ate",
        "registered": None,
        "source": None,
        "inbound_uri": None,
        "forwards_to": "[secret]",
        "resource": "gone",
        "listed": False,
    }


def test_of_a_number_that_cannot_be_read_it_is_unknown_whether_it_is_listed(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office", source=secret("900101@sip.a.example")))
    wire.script(listed({"id": 101, "number": "?", "type": "АТС", "customer_id": 42291}))
    [_, office] = json.loads(plusofon("numbers", "--stack", "prod", "--json").stdout)
    assert (office["resource"], office["listed"], office["source"]) == ("office", None, "[secret]")


def test_a_source_that_the_state_has_as_a_secret_is_not_shown(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office", source=secret("900101@sip.a.example")))
    wire.script(listed({**OFFICE, "source": "changed@sip.a.example"}))
    [office] = json.loads(plusofon("numbers", "--stack", "prod", "--json").stdout)
    assert (office["id"], office["source"]) == (101, "[secret]")


def test_unmanaged_numbers_are_those_of_no_stack_in_the_same_columns(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"))
    stacks.has("staging")
    wire.script(listed(OFFICE, SALES))
    every = json.loads(plusofon("numbers", "--json").stdout)
    result = plusofon("numbers", "--unmanaged", "--stack", "prod", "--stack", "staging", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, every[1:])


@pytest.mark.parametrize("words", [["--unmanaged"], ["--stack", "prod", "--stack", "staging"]])
def test_numbers_of_no_stack_or_of_several_are_wrong_usage(
    plusofon: Callable[..., Result], wire: Wire, words: list[str]
) -> None:
    assert plusofon("numbers", *words).exit_code == 2
    assert wire.asked == []
