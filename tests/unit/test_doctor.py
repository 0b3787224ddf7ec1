"""`plusofon doctor` on accounts that are well, and on some that are not; what it prints."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from unit.doctor_answers import BALANCE, CUSTOMER, DIRECTIONS, USER, answers, seen
from unit.fake_pulumi import OFFICE, SALES, listed
from unit.wire import CLOSED, TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from unit.doctor_answers import Doctor

MACHINE = [
    *("engine", "language host", "dynamic provider", "python", "virtualenv"),
    *("package pulumi-plusofon", "package pulumi", "package requests", "package phonenumbers"),
    "package pulumi-policy",
]
SETTINGS = [
    *("token", "clientId", "baseUrl", "timeout", "maxRetries", "requestsPerSecond"),
    *("customerId", "readOnly", "adopt"),
]
ACCOUNT = [
    *("address", "token", "user", "account", "customer id", "account guard"),
    *("numbers", "ids", "latency", "clock", "balance", "directions"),
]
# The requests in their order.
PATHS = [
    "/api/v1/number/external",
    "/api/v1/authuser",
    "/api/v1/customer-info",
    "/api/v1/payment/balance",
    "/api/v1/direction",
]


def test_the_topics_are_the_promised_ones(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE))
    settings = [f"plusofon:{key}" for key in SETTINGS]
    assert list(doctor()) == [*MACHINE, "stack", *settings, "spelling", *ACCOUNT, "stacks", "shared settings"]


def test_a_sound_account_is_good_in_every_check(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE, SALES))
    found = doctor()
    assert seen(found["address"]) == ("good", f"{wire.url} answers")
    assert found["token"]["state"] == "good"
    assert seen(found["user"]) == ("good", "user 7, role admin")
    assert seen(found["account"]) == ("good", "account 42291, tariff Basic")
    assert seen(found["customer id"]) == ("good", "42291, in the list and in customer-info")
    assert seen(found["numbers"]) == ("good", "2 numbers in the account")
    assert seen(found["ids"]) == ("good", "the list has the id of 2 numbers")
    assert found["latency"]["text"].endswith(" ms for one answer, with the connection")
    assert found["clock"]["state"] == "good"
    assert seen(found["balance"]) == ("good", "12.50")
    assert seen(found["directions"]) == ("good", "2 countries: 7, 44")
    assert "ann@example.com" not in str(found)
    assert [(request.method, request.path) for request in wire.asked] == [("GET", path) for path in PATHS]


def test_a_token_that_is_refused_is_a_problem_that_says_which_is_right(doctor: Doctor, wire: Wire) -> None:
    answers(wire, refusal(403, f"Недостаточно прав {TOKEN}"), refusal(403, "no"))
    found = doctor()
    assert found["address"]["state"] == "good"
    assert found["token"]["state"] == "problem"
    assert "HTTP 403: Недостаточно прав [secret]" in found["token"]["text"]
    assert "the access key of the cabinet" in found["token"]["advice"]
    assert "PLUSOFON_TOKEN" in found["token"]["advice"]
    assert {found[topic]["state"] for topic in ("user", "account", "customer id", "numbers", "ids")} == {
        "unknown"
    }
    assert found["clock"]["state"] == found["latency"]["state"] == "good"


def test_a_server_that_gives_no_answer_is_asked_once(doctor: Doctor, wire: Wire) -> None:
    wire.script(CLOSED)
    found = doctor()
    assert found["address"]["state"] == "problem"
    assert {found[topic]["state"] for topic in ("token", "user", "numbers", "clock", "latency")} == {
        "unknown"
    }
    assert len(wire.asked) == 1


def test_an_address_without_a_server_is_a_problem_of_the_address(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUSOFON_BASE_URL", "http://127.0.0.1:9")
    address = doctor()["address"]
    assert seen(address) == (
        "problem",
        "listing the external numbers: no connection to http://127.0.0.1:9",
    )
    assert "PLUSOFON_BASE_URL" in address["advice"]


@pytest.mark.parametrize(
    ("answer", "topic"),
    [
        (refusal(404, "Not found"), "address"),
        (Answer(body=b"<html>"), "address"),
        (refusal(500, "Нет доступа"), "numbers"),
        (Answer(503, b""), "numbers"),
    ],
)
def test_a_list_that_fails_is_the_problem_of_one_check(
    doctor: Doctor, wire: Wire, answer: Answer, topic: str
) -> None:
    answers(wire, answer)
    found = doctor()
    account = [name for name, finding in found.items() if finding["state"] == "problem"]
    assert account == [topic]


def test_an_endpoint_that_the_api_lacks_is_unknown_and_no_problem(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE), *[refusal(404, "Not found")] * 4)
    found = doctor()
    for topic in ("user", "account", "customer id", "balance", "directions"):
        assert seen(found[topic]) == ("unknown", "the API does not say")


@pytest.mark.parametrize("odd", [[], {"success": True}, {"user": 1, "balance": "much", "directions": "all"}])
def test_a_fact_that_cannot_be_read_is_unknown_and_stops_no_other(
    doctor: Doctor, wire: Wire, odd: Any
) -> None:
    answers(wire, listed(OFFICE), odd, odd, odd, DIRECTIONS)
    found = doctor()
    assert {found[topic]["state"] for topic in ("user", "account", "balance")} == {"unknown"}
    assert found["directions"]["state"] == "good"


def test_another_customer_id_in_customer_info_is_a_notice(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE), USER, {"id": 42299}, BALANCE, DIRECTIONS)
    found = doctor()
    assert seen(found["customer id"]) == ("notice", "the list has 42291, customer-info has 42299")


@pytest.mark.parametrize(
    ("wanted", "customer", "state"),
    [
        ("42291", CUSTOMER, "good"),
        ("42292", CUSTOMER, "problem"),
        (None, CUSTOMER, "notice"),
        ("any", refusal(404, "no"), "notice"),
    ],
)
def test_the_account_that_the_settings_require_is_compared(
    doctor: Doctor,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    wanted: str | None,
    customer: Any,
    state: str,
) -> None:
    if wanted is not None:
        monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", wanted)
    answers(wire, listed(OFFICE), USER, customer, BALANCE, DIRECTIONS)
    guard = doctor()["account guard"]
    assert guard["state"] == state
    assert (
        state != "notice" or guard["advice"] == "set plusofon:customerId (or PLUSOFON_CUSTOMER_ID) to 42291"
    )


def test_an_account_that_is_nowhere_named_is_a_problem_where_one_is_required(
    doctor: Doctor, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", "42291")
    answers(wire, listed(), USER, refusal(404, "no"), BALANCE, DIRECTIONS)
    found = doctor()
    assert found["account guard"]["state"] == "problem"
    assert "the account of the token is unknown" in found["account guard"]["text"]
    assert found["ids"]["state"] == "unknown"


def test_a_list_without_ids_says_what_cannot_be_done(doctor: Doctor, wire: Wire) -> None:
    without = {key: value for key, value in SALES.items() if key != "id"}
    answers(wire, listed(OFFICE, without))
    ids = doctor()["ids"]
    assert seen(ids) == ("notice", "the list has no id of 1 of 2 numbers")
    assert "neither changed, forwarded nor disconnected" in ids["advice"]


def test_entries_that_cannot_be_read_are_counted_and_named(doctor: Doctor, wire: Wire) -> None:
    odd = [{"id": place, "number": f"44770090011{place}", "type": "FAX\x1b[2J"} for place in range(1, 6)]
    answers(wire, listed(OFFICE, *odd))
    state, text = seen(doctor()["numbers"])
    assert state == "notice"
    assert text.startswith(
        "6 numbers in the account, of which 5 cannot be read: 447700900111 (its type is not"
    )
    assert text.endswith(" and 2 more")


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [(0, "good", ""), (90, "notice", "90 s ahead of"), (-3600, "notice", "3600 s behind")],
)
def test_the_clock_is_compared_with_the_date_of_the_answer(
    doctor: Doctor, wire: Wire, seconds: int, state: str, words: str
) -> None:
    # A header has whole seconds, so the end of one may be near.
    theirs = datetime.now(timezone.utc) - timedelta(seconds=seconds)
    body = listed(OFFICE).body
    answers(wire, Answer(body=body, headers={"Date": format_datetime(theirs, usegmt=True)}))
    clock = doctor()["clock"]
    assert clock["state"] == state
    known = {words, words.replace("90 ", "91 "), words.replace("3600 ", "3599 ")}
    assert any(text in clock["text"] for text in known)


def test_an_answer_without_a_date_leaves_the_clock_unknown(doctor: Doctor, wire: Wire) -> None:
    answers(wire, Answer(body=listed(OFFICE).body, headers={"Date": "noon"}))
    assert doctor()["clock"]["state"] == "unknown"


@pytest.mark.parametrize(
    ("balance", "directions", "expected"),
    [
        ({"balance": "0"}, {"directions": []}, [("notice", "0.00"), ("notice", "no country may be called")]),
        ({"balance": -3}, {"directions": [{"code": 7}]}, [("notice", "-3.00"), ("good", "1 country: 7")]),
    ],
)
def test_nothing_left_to_call_with_or_to_is_a_notice(
    doctor: Doctor, wire: Wire, balance: Any, directions: Any, expected: list[tuple[str, str]]
) -> None:
    answers(wire, listed(OFFICE), USER, CUSTOMER, balance, directions)
    found = doctor()
    assert [seen(found["balance"]), seen(found["directions"])] == expected


def test_people_get_each_finding_in_columns_and_then_what_to_do(
    doctor: Doctor, plusofon: Callable[..., Result], wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(wire, listed(OFFICE))
    assert doctor()["token"]["state"] == "good"
    monkeypatch.delenv("PLUSOFON_TOKEN")
    monkeypatch.setenv("PLUSOFON_TIMEOUT", "soon")
    result = plusofon("doctor")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["topic", "state", "text"]
    assert [line.split()[:2] for line in lines[1:3]] == [["engine", "good"], ["language", "host"]]
    first = next(line for line in lines if ": " in line and line.startswith("plusofon:timeout: "))
    assert first == "plusofon:timeout: correct PLUSOFON_TIMEOUT"
    advice = lines[lines.index(first) :]
    assert any(line.startswith("plusofon:token, address, token and ") for line in advice)
    assert (result.exit_code, result.stderr) == (1, "")


@pytest.mark.parametrize("words", [["--stack"], ["prod"], ["--stacks", "prod"]])
def test_wrong_usage_is_status_2(plusofon: Callable[..., Result], wire: Wire, words: list[str]) -> None:
    assert plusofon("doctor", *words).exit_code == 2
    assert wire.asked == []
