"""`plusofon status`: how old a registration is, which logins are asked for, and when it fails."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.command.status.registrations import age_of, in_words
from unit.fake_pulumi import PROVIDERS, FakePulumi, account, number, secret
from unit.wire import Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

NOW = datetime(2026, 3, 10, 12, 0, 0, tzinfo=timezone.utc)
GOOD = {"login": "900101", "status": "OK", "date": "2026-03-07 08:00:00"}
BAD = {"login": "900102", "status": "PENDING", "date": "2026-03-07 08:00:00"}


def statuses(*entries: dict[str, Any]) -> Answer:
    return Answer(body={"status": list(entries), "success": True})


@pytest.mark.parametrize(
    ("date", "age"),
    [
        ("2026-03-10 11:59:59", 1),
        ("2026-03-10 12:00:00", 0),
        ("2026-03-10T14:59:59+03:00", 1),
        ("2026-03-10 12:00:01", None),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_without_a_zone_is_utc_and_one_to_come_has_no_age(date: str | None, age: int | None) -> None:
    assert age_of(date, NOW) == age


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (3_600, "1 h"),
        (3_601, "1 h"),
        (7_500, "2 h 5 min"),
        (86_399, "23 h 59 min"),
        (273_600, "3 d 4 h"),
        (259_260, "3 d"),
        (None, None),
    ],
)
def test_an_age_is_shown_in_its_two_largest_units(seconds: int | None, words: str | None) -> None:
    assert in_words(seconds) == words


def test_logins_are_those_of_the_stacks_ate_numbers(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    sales = number("sales", type="sipuri", number="447700900102", number_id=102.0, login=None, secret=None)
    stacks.has("prod", number("office"), sales)
    wire.script(statuses(GOOD))
    result = plusofon("status", "--stack", "prod", "--json")
    assert result.exit_code == 0
    [row] = json.loads(result.stdout)
    assert row.pop("age_seconds") > 0
    assert row == {**GOOD, "resource": "office"}
    assert [request.json for request in wire.asked] == [{"logins": ["900101"]}]


def test_each_account_of_a_stack_is_asked_for_its_own_logins(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    beside = account("second", {"token": secret("tok-second"), "baseUrl": wire.url})
    there = number("there", f"{PROVIDERS}::second", login="900102")
    stacks.has("prod", beside, number("office"), there)
    wire.script(statuses(GOOD), statuses({**BAD, "status": "OK"}))
    assert plusofon("status", "--stack", "prod", "--fail-if-unregistered").exit_code == 0
    assert [(request.json, request.headers["Authorization"][-10:]) for request in wire.asked] == [
        ({"logins": ["900101"]}, "9f8e7d6c5b4a"[-10:]),
        ({"logins": ["900102"]}, "tok-second"),
    ]


def test_a_stack_without_ate_numbers_asks_for_nothing(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod")
    result = plusofon("status", "--stack", "prod", "--json", "--fail-if-unregistered")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert wire.asked == []


def test_a_login_that_the_state_has_as_a_secret_is_shown_by_its_resource(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office", login=secret("900101")))
    wire.script(statuses({**GOOD, "status": "PENDING"}))
    result = plusofon("status", "--stack", "prod", "--fail-if-unregistered")
    assert result.exit_code == 1
    assert result.stderr == "Error: not registered: that of office\n"
    assert result.stdout.splitlines()[1].split()[0] == "[secret]"
    assert result.stdout.splitlines()[1].split()[-1] == "office"
    assert "900101" not in result.stdout


def test_logins_select_among_those_of_the_stack(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), number("lobby", number="447700900102", login="900102"))
    wire.script(statuses(GOOD))
    assert plusofon("status", "--stack", "prod", "900101").exit_code == 0
    assert [request.json for request in wire.asked] == [{"logins": ["900101"]}]
    result = plusofon("status", "--stack", "prod", "900109")
    assert (result.exit_code, result.stderr) == (1, "Error: the stack prod has no number of login 900109\n")


def test_a_login_that_is_not_registered_fails_only_where_that_is_asked_for(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    assert stacks.bin.exists()
    wire.script(statuses(GOOD, BAD))
    assert plusofon("status", "900101", "900102").exit_code == 0
    result = plusofon("status", "900101", "900102", "900103", "--fail-if-unregistered")
    assert result.exit_code == 1
    assert result.stderr == "Error: not registered: 900102; the account knows no login 900103\n"
    assert "PENDING" in result.stdout


@pytest.mark.parametrize("words", [["--every", "0.5"], ["--every", "often"], ["--stack"]])
def test_wrong_options_of_status_are_wrong_usage(
    plusofon: Callable[..., Result], wire: Wire, words: list[str]
) -> None:
    assert plusofon("status", "--watch", *words).exit_code == 2
    assert wire.asked == []
