"""When a request may go out, and how long a repeated one waits before."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import ApiError, Client, RateLimitedError, ServerError
from pulumi_plusofon.api.pacing import Pace
from pulumi_plusofon.api.retry import anything_transient, repeating
from pulumi_plusofon.runtime import Settings
from unit.wire import CLOSED, TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from unit.clock import Clock

LIST = Answer(body={"external_numbers": [], "success": True})
FLOOR = 0.2
# A little below the rate, so that requests which arrive unevenly are not refused.
HEADROOM = 1.05


def test_no_request_waits_without_a_limit(clock: Clock) -> None:
    pace = Pace(None)
    for _ in range(100):
        pace.wait()
    assert clock.slept == []


def test_requests_are_spaced_evenly(clock: Clock) -> None:
    pace = Pace(4)
    for _ in range(5):
        pace.wait()
    assert clock.slept == pytest.approx([0.25 * HEADROOM] * 4)


def test_time_that_passed_anyway_is_not_waited_again(clock: Clock) -> None:
    pace = Pace(4)
    pace.wait()
    clock.now += 10
    pace.wait()
    assert clock.slept == []


def test_idle_time_is_not_saved_up_for_a_burst(clock: Clock) -> None:
    pace = Pace(4)
    pace.wait()
    clock.now += 10
    for _ in range(3):
        pace.wait()
    assert clock.slept == pytest.approx([0.25 * HEADROOM] * 2)


def test_threads_share_one_pace() -> None:
    pace = Pace(200)
    started = time.monotonic()
    threads = [threading.Thread(target=pace.wait) for _ in range(11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started >= 10 / 200


def test_no_request_is_sent_until_a_hold_is_over(clock: Clock) -> None:
    pace = Pace(None)
    pace.hold(3)
    clock.now += 1
    pace.wait()
    assert clock.slept == [2.0]


def test_a_shorter_hold_does_not_end_a_longer_one(clock: Clock) -> None:
    pace = Pace(None)
    pace.hold(3)
    pace.hold(1)
    pace.wait()
    assert clock.slept == [3.0]


def test_a_client_keeps_to_requests_per_second(wire: Wire, clock: Clock) -> None:
    wire.script(LIST)
    client = Client(Settings(TOKEN, base_url=wire.url, requests_per_second=0.5))
    for _ in range(3):
        client.list_numbers()
    client.close()
    assert clock.slept == pytest.approx([2.0 * HEADROOM] * 2)


@pytest.mark.parametrize(
    ("header", "wish"),
    [("0", FLOOR), ("1", 1.0), ("7", 7.0), ("120", 120.0), (" 3 ", 3.0)],
)
def test_retry_after_is_waited_for_with_a_floor_and_jitter(
    client: Client, wire: Wire, clock: Clock, header: str, wish: float
) -> None:
    wire.script(refusal(429, "slow down", Retry_After=header), LIST)
    client.list_numbers()
    assert wish <= clock.total <= wish * 1.5


@pytest.mark.parametrize(
    "header",
    [
        "soon",
        "",
        "-5",
        "1.5",
        "1e3",
        ",",
        "9" * 5000,
        "Mon, 99 Foo 2020",
        "0 0 0 0 0 0",
        "Wed, 99 Foo 2020 99:99:99",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Mon, 01 Jan 9999999999999999999999 00:00:00 GMT",
    ],
    ids=lambda header: header[:40],
)
def test_an_unreadable_retry_after_is_the_same_as_none(
    client: Client, wire: Wire, clock: Clock, header: str
) -> None:
    wire.script(refusal(429, "slow down", Retry_After=header), LIST)
    client.list_numbers()
    assert FLOOR <= clock.total <= FLOOR * 1.5


def test_retry_after_may_be_a_date(client: Client, wire: Wire, clock: Clock) -> None:
    date = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=60), usegmt=True)
    wire.script(refusal(429, "slow down", Retry_After=date), LIST)
    client.list_numbers()
    assert 55 <= clock.total <= 90


def test_a_retry_after_in_the_past_is_the_floor(client: Client, wire: Wire, clock: Clock) -> None:
    wire.script(refusal(429, "slow down", Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), LIST)
    client.list_numbers()
    assert FLOOR <= clock.total <= FLOOR * 1.5


def test_a_longer_wish_than_two_minutes_is_reported_and_not_waited_for(
    client: Client, wire: Wire, clock: Clock
) -> None:
    wire.script(refusal(429, "come back later", Retry_After="3600"))
    expected = r"come back later \(the server asks to wait for 3600 s\)"
    with pytest.raises(RateLimitedError, match=expected) as caught:
        client.list_numbers()
    assert caught.value.retry_after == 3600
    assert clock.slept == []


def test_a_wish_of_ages_is_reported_and_not_waited_for(client: Client, wire: Wire, clock: Clock) -> None:
    wire.script(refusal(429, "come back later", Retry_After="9" * 400))
    with pytest.raises(RateLimitedError, match=r"asks to wait for [0-9]+ s\)"):
        client.list_numbers()
    assert clock.slept == []


def test_a_wish_that_is_waited_for_is_not_reported(client: Client, wire: Wire) -> None:
    wire.script(refusal(429, "slow down", Retry_After="120"))
    with pytest.raises(RateLimitedError) as caught:
        client.list_numbers()
    assert caught.value.reason == "slow down"


def test_failures_count_apart_from_being_asked_to_wait(wire: Wire, clock: Clock) -> None:
    slow = refusal(429, "slow down", Retry_After="1")
    wire.script(slow, refusal(503), slow, slow, refusal(503), slow, refusal(503), LIST)
    client = Client(Settings(TOKEN, base_url=wire.url, max_retries=2))
    with pytest.raises(ServerError):
        client.list_numbers()
    client.close()
    assert len(wire.asked) == 7
    assert clock.slept


def test_a_long_time_of_being_asked_to_wait_is_reported(
    client: Client, wire: Wire, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    wire.script(*[refusal(429, "slow down", Retry_After="1")] * 40, LIST)
    client.list_numbers()
    assert clock.total > 30
    assert caplog.messages
    assert all("the API has asked to wait for" in line for line in caplog.messages)


def test_one_refused_for_its_rate_holds_back_every_other_request(
    client: Client, wire: Wire, clock: Clock
) -> None:
    wire.script(refusal(429, "slow down", Retry_After="9"), LIST)
    with pytest.raises(RateLimitedError):
        # A PUT is not repeated by the client: what waits here is the request after it.
        client._send("connecting", "PUT", "/", parse=lambda _: None, repeat=lambda _: False)
    client.list_numbers()
    assert clock.slept == [9.0]


def test_a_request_refused_for_too_long_holds_back_no_other(client: Client, wire: Wire, clock: Clock) -> None:
    # Two silent minutes before an error that was certain from the start would help nobody.
    wire.script(refusal(429, "come back later", Retry_After="3600"), LIST)
    with pytest.raises(RateLimitedError):
        client.list_numbers()
    client.list_numbers()
    assert clock.slept == []


def test_pauses_between_repeats_double_and_spread(wire: Wire, clock: Clock) -> None:
    wire.script(CLOSED)
    client = Client(Settings(TOKEN, base_url=wire.url, max_retries=9))
    with pytest.raises(ApiError):
        client.list_numbers()
    client.close()
    least = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0, 20.0]
    assert len(clock.slept) == len(least)
    assert all(pause <= slept <= pause * 1.5 for pause, slept in zip(least, clock.slept, strict=True))


def test_threads_that_were_refused_together_do_not_come_back_together(
    client: Client, wire: Wire, clock: Clock
) -> None:
    wire.script(*(answer for _ in range(5) for answer in (CLOSED, LIST)), LIST)
    for _ in range(5):
        client.list_numbers()
    assert len(set(clock.slept)) == 5


def test_a_pause_is_counted_from_the_answer_that_asked_for_it(
    client: Client, wire: Wire, clock: Clock
) -> None:
    wire.script(refusal(429, "slow down", Retry_After="60"), LIST)
    again = repeating(1, anything_transient)
    for attempt in again:
        with attempt:
            try:
                client._once("listing", "GET", "/", None, parse=lambda _: None)
            except RateLimitedError:
                # Whoever looks at the list before he repeats has waited there.
                client.list_numbers()
                raise
    assert 60 <= clock.total <= 61


def test_an_interrupt_ends_a_pause_and_the_attempt_after_it_is_the_last(
    client: Client, wire: Wire, clock: Clock
) -> None:
    wire.script(CLOSED)
    clock.interrupts = True
    with pytest.raises(ApiError):
        client.list_numbers()
    assert wire.methods() == ["GET", "GET"]


def test_an_interrupt_ends_a_hold_and_not_the_pace(clock: Clock) -> None:
    pace = Pace(0.5)
    pace.wait()
    pace.hold(60)
    clock.interrupts = True
    clock.slept.clear()
    pace.wait()
    # The clock of these tests moves on by the whole of a wait that was cut short.
    assert clock.slept == [60]
    pace.wait()
    assert clock.slept == [60, pytest.approx(2.0 * HEADROOM)]


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        ("3", []),
        (
            "60",
            [
                "the API asks for a pause of 60 s, and nothing is sent meanwhile",
                "listing the external numbers: slow down; trying again in",
            ],
        ),
    ],
)
def test_a_pause_that_a_person_would_notice_is_reported(
    client: Client, wire: Wire, caplog: pytest.LogCaptureFixture, header: str, lines: list[str]
) -> None:
    caplog.set_level("INFO")
    wire.script(refusal(429, "slow down", Retry_After=header), LIST)
    client.list_numbers()
    assert len(caplog.messages) == len(lines)
    assert all(expected.startswith(line) for expected, line in zip(caplog.messages, lines, strict=True))
