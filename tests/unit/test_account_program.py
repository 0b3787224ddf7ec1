"""A program with an account beside the stack's own, and with resources that live there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from pulumi_plusofon import Account, ExternalNumber, InputError, NumberForwarding
from unit.bad_inputs import SIPURI
from unit.mock_engine import run

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "tok-second"
TARGET: dict[str, Any] = {"type": "sip", "sip_id": 4, "cli_type": "Y"}
ELSEWHERE = (
    "NumberForwarding main: number: belongs to another account than opts.provider; remove provider from opts"
)


def seen(program: Callable[[], object]) -> list[Any]:
    """What `program` made, as it was after it ran."""
    made: list[Any] = []
    run(lambda: made.append(program()))
    return made


def provider(account: pulumi.ProviderResource | None) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=account)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"token": ""}, ["plusofon:token: is empty"]),
        ({"token": "two words"}, ["plusofon:token: has a blank"]),
        ({"base_url": "http://restapi.plusofon.ru"}, ["plusofon:baseUrl: must be https"]),
        (
            {"timeout": 0, "customer_id": -1},
            ["plusofon:timeout: must be a positive", "plusofon:customerId: must"],
        ),
    ],
)
def test_a_bad_setting_is_refused_at_the_line_that_said_it(
    settings: dict[str, Any], expected: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        run(lambda: Account("second", **{"token": TOKEN, **settings}))
    lines = str(caught.value).splitlines()
    assert len(lines) == len(expected)
    assert all(
        line.startswith(f"Account second: {start}") for line, start in zip(lines, expected, strict=True)
    )


def test_a_promised_token_is_let_through() -> None:
    assert run(lambda: Account("second", token=pulumi.Output.secret(TOKEN))) == []


def test_a_forwarding_follows_its_number_to_its_account() -> None:
    def program() -> bool:
        second = Account("second", token=TOKEN)
        number = ExternalNumber("main", **SIPURI, opts=provider(second))
        followers = [
            NumberForwarding("main", number=number, **TARGET),
            NumberForwarding("named", number=number, **TARGET, opts=provider(second)),
            NumberForwarding("below", number=number, **TARGET, opts=pulumi.ResourceOptions(parent=number)),
        ]
        return all(
            follower.get_provider("pulumi-python:dynamic:Resource") is second for follower in followers
        )

    assert seen(program) == [True]


@pytest.mark.parametrize("of_number", [True, False])
def test_a_forwarding_in_another_account_than_its_number_is_refused(*, of_number: bool) -> None:
    def program() -> None:
        second, third = Account("second", token=TOKEN), Account("third", token=TOKEN)
        number = ExternalNumber("main", **SIPURI, opts=provider(second if of_number else None))
        NumberForwarding("main", number=number, **TARGET, opts=provider(third))

    with pytest.raises(InputError) as caught:
        run(program)
    assert str(caught.value) == ELSEWHERE


def test_a_parent_does_not_draw_a_forwarding_away_from_its_number() -> None:
    def program() -> None:
        other = ExternalNumber("other", **SIPURI, opts=provider(Account("second", token=TOKEN)))
        number = ExternalNumber("main", **SIPURI)
        NumberForwarding("main", number=number, **TARGET, opts=pulumi.ResourceOptions(parent=other))

    with pytest.raises(InputError) as caught:
        run(program)
    assert str(caught.value) == ELSEWHERE
