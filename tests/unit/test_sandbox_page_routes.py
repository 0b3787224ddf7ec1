"""The routes of a sandbox's account as a picture: nodes, edges, and what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.routes.drawing.svg import drawn
from pulumi_plusofon.sandbox.state.directory import StoredTarget
from pulumi_plusofon.sandbox.state.store import StoredNumber
from pulumi_plusofon.sandbox.web.routes import picture_of

if TYPE_CHECKING:
    from pulumi_plusofon.routes.picture import Picture

TARGETS = [StoredTarget("group", 9, "Support"), StoredTarget("sip", 4, "Reception")]


def number(at: int, forwarding: dict[str, Any] | None = None, *, registered: bool = True) -> StoredNumber:
    """An `ate` number with the login of its last digits."""
    digits = f"4477009001{at:02}"
    registers = 0.0 if registered else None
    return StoredNumber(
        at, "ate", digits, "sip.operator.example", 5060, f"9001{at}", 0.0, registers, json.dumps(forwarding)
    )


def sipuri(at: int, forwarding: dict[str, Any] | None = None) -> StoredNumber:
    return StoredNumber(
        at, "sipuri", f"4477009001{at:02}", "a.example", None, None, 0.0, None, json.dumps(forwarding)
    )


def picture(*numbers: StoredNumber, only: set[int] | None = None) -> Picture:
    return picture_of(numbers, TARGETS, 42291, only)


def edges(shown: Picture) -> list[tuple[str, str, bool]]:
    return [(edge.source, edge.target, edge.is_fallback) for edge in shown.edges]


def test_a_number_without_forwarding_leads_nowhere() -> None:
    shown = picture(number(31))
    assert edges(shown) == [("number:447700900131", "nowhere", False)]
    assert [(node.key, node.label, node.shape) for node in shown.nodes] == [
        ("number:447700900131", "447700900131", "number"),
        ("nowhere", "nowhere", "nowhere"),
    ]


@pytest.mark.parametrize(
    ("forwarding", "key", "label"),
    [
        ({"type": "group", "group_id": 9}, "group:9", "group Support (9)"),
        ({"type": "sip", "sip_id": 4}, "sip:4", "SIP account Reception (4)"),
        (
            {"type": "number", "destination_number": "+1 202-555-0123"},
            "number:12025550123",
            "number +1 202-555-0123",
        ),
        (
            {"type": "sip_uri", "destination_uri": "Sales@b.example"},
            "sip_uri:sales@b.example",
            "Sales@b.example",
        ),
        ({"type": "amo", "host": "sales.example"}, "amo:sales.example", "amo sales.example"),
    ],
)
def test_each_target_is_one_node_for_all_that_lead_to_it(
    forwarding: dict[str, Any], key: str, label: str
) -> None:
    shown = picture(number(31, forwarding), number(32, forwarding))
    assert edges(shown) == [(f"number:4477009001{at}", key, False) for at in (31, 32)]
    assert [(node.label, node.shape, node.problems) for node in shown.nodes if node.key == key] == [
        (label, "target", ())
    ]


@pytest.mark.parametrize(
    "forwarding",
    [
        {"type": "number", "destination_number": "447700900132"},
        {"type": "number", "destination_number": "+44 7700 900132"},
        {"type": "sip_uri", "destination_uri": "sip:900132@SIP.operator.example:5060;transport=tcp"},
    ],
)
def test_a_target_that_is_a_number_of_the_account_leads_on_to_it(forwarding: dict[str, Any]) -> None:
    shown = picture(number(31, forwarding), number(32))
    assert ("number:447700900131", "number:447700900132", False) in edges(shown)
    assert [node.shape for node in shown.nodes] == ["number", "number", "nowhere"]


def test_the_vendors_address_of_a_sipuri_number_leads_to_it() -> None:
    uri = {"type": "sip_uri", "destination_uri": "42291447700900132@ext.plusofon.ru"}
    assert ("number:447700900131", "number:447700900132", False) in edges(
        picture(number(31, uri), sipuri(32))
    )


def test_a_crms_fallback_is_an_edge_of_its_own() -> None:
    forwarding = {"type": "bitrix", "host": "sales.example", "type_default": "group", "group_id": 9}
    assert edges(picture(number(31, forwarding))) == [
        ("number:447700900131", "bitrix:sales.example", False),
        ("number:447700900131", "group:9", True),
    ]


def test_a_problem_stands_at_its_node() -> None:
    to_32 = {"type": "number", "destination_number": "447700900132"}
    to_31 = {"type": "number", "destination_number": "447700900131"}
    unknown = {"type": "group", "group_id": 10}
    shown = picture(number(31, to_32, registered=False), sipuri(32, to_31), number(33, unknown))
    assert {node.label: node.problems for node in shown.nodes if node.problems} == {
        "447700900131": ("not registered", "calls come back to it"),
        "447700900132": ("calls come back to it",),
        "group 10": ("not in the account",),
    }


def test_only_what_is_asked_for_is_shown_with_all_it_leads_to() -> None:
    to_32 = {"type": "number", "destination_number": "447700900132"}
    shown = picture(number(31, to_32), number(32), number(33, to_32), only={31, 999})
    assert [node.key for node in shown.nodes] == ["number:447700900131", "number:447700900132", "nowhere"]
    assert picture(number(31), only=set()).nodes == ()


def test_an_account_without_numbers_is_drawn() -> None:
    assert drawn(picture()).startswith("<svg ")
