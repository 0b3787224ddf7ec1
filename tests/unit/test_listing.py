"""The shared list: one fetch for all that can use it, and never a stale or partial one."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import ListedNumber, ServerError
from pulumi_plusofon.session.listing import SharedListing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi_plusofon.session import Listing

ONE = ListedNumber(101, "ate", "79104445566")
TWO = ListedNumber(102, "sipuri", "79104445567")
PATIENCE = 5.0  # how long a broken test may hang


class Fetch:
    """A fetch that counts, and that waits at its gate while this is shut."""

    def __init__(self, *numbers: ListedNumber) -> None:
        self.numbers: Iterable[ListedNumber] = numbers
        self.count = 0
        self.failures: list[Exception] = []
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Semaphore(0)

    def __call__(self) -> Iterable[ListedNumber]:
        self.count += 1
        numbers, failure = tuple(self.numbers), self.failures.pop(0) if self.failures else None
        self.begun.release()
        assert self.gate.wait(PATIENCE)
        if failure:
            raise failure
        return numbers

    def shut(self) -> None:
        self.gate.clear()

    def wait_begun(self) -> None:
        assert self.begun.acquire(timeout=PATIENCE)


@pytest.fixture
def fetch() -> Iterator[Fetch]:
    fetch = Fetch(ONE)
    yield fetch
    fetch.gate.set()


@pytest.fixture
def shared(fetch: Fetch) -> SharedListing:
    return SharedListing(fetch, gathering=0.0)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def together(pool: ThreadPoolExecutor, count: int, call: Callable[[], Listing]) -> list[Future[Listing]]:
    """`count` threads that call at the same moment."""
    barrier = threading.Barrier(count)

    def fetch() -> Listing:
        barrier.wait(PATIENCE)
        return call()

    return [pool.submit(fetch) for _ in range(count)]


def test_nothing_is_fetched_before_it_is_asked_for(fetch: Fetch) -> None:
    SharedListing(fetch).invalidate()
    assert fetch.count == 0


def test_many_readers_share_one_fetch(shared: SharedListing, fetch: Fetch, pool: ThreadPoolExecutor) -> None:
    answers = [future.result(PATIENCE) for future in together(pool, 8, shared.current)]
    assert fetch.count == 1
    assert all(answer.with_number(ONE.number) == [ONE] for answer in answers)


def test_a_list_is_kept_until_it_is_invalidated(shared: SharedListing, fetch: Fetch) -> None:
    assert shared.current() is shared.current()
    shared.invalidate()
    shared.current()
    assert fetch.count == 2


def test_invalidating_what_was_not_asked_for_costs_nothing(shared: SharedListing, fetch: Fetch) -> None:
    shared.invalidate()
    shared.invalidate()
    shared.current()
    assert fetch.count == 1


def test_a_fresh_list_is_never_an_older_one(shared: SharedListing, fetch: Fetch) -> None:
    shared.current()
    fetch.numbers = (ONE, TWO)
    assert shared.fresh().with_number(TWO.number) == [TWO]
    assert shared.current().with_number(TWO.number) == [TWO]
    assert fetch.count == 2


def test_who_asks_for_a_fresh_list_during_a_fetch_gets_the_next_one(
    shared: SharedListing, fetch: Fetch, pool: ThreadPoolExecutor
) -> None:
    fetch.shut()
    first = pool.submit(shared.current)
    fetch.wait_begun()
    fetch.numbers = (ONE, TWO)
    second = pool.submit(shared.fresh)
    fetch.gate.set()
    assert second.result(PATIENCE).with_number(TWO.number) == [TWO]
    assert first.result(PATIENCE).with_number(TWO.number) == []


def test_writers_that_end_together_share_one_fetch(
    shared: SharedListing, fetch: Fetch, pool: ThreadPoolExecutor
) -> None:
    all_writing = threading.Barrier(8)

    def write() -> Listing:
        with shared.write() as block:
            all_writing.wait(PATIENCE)
        return shared.fresh(block)

    writers = [pool.submit(write) for _ in range(8)]
    assert {id(writer.result(PATIENCE)) for writer in writers} == {id(shared.current())}
    assert fetch.count == 1


def test_a_fetch_waits_for_a_write_in_flight(
    shared: SharedListing, fetch: Fetch, pool: ThreadPoolExecutor
) -> None:
    with shared.write() as ended:
        pass
    with shared.write() as other:
        waiting = pool.submit(shared.fresh, ended)
        assert not wait([waiting], timeout=0.05).done
        assert fetch.count == 0
        fetch.numbers = (ONE, TWO)
    assert waiting.result(PATIENCE) is shared.fresh(other)
    assert fetch.count == 1


def test_a_write_that_never_ends_does_not_hold_a_fetch_for_ever(
    fetch: Fetch,
) -> None:
    shared = SharedListing(fetch, gathering=0.0, longest_gathering=0.02)
    with shared.write():
        assert shared.fresh().with_number(ONE.number) == [ONE]


def test_a_reader_does_not_wait_for_a_write_in_flight(shared: SharedListing) -> None:
    with shared.write():
        assert shared.current().with_number(ONE.number) == [ONE]


def test_a_fetch_that_began_before_a_write_ended_is_not_its_answer(
    shared: SharedListing, fetch: Fetch, pool: ThreadPoolExecutor
) -> None:
    fetch.shut()
    with shared.write() as block:
        reading = pool.submit(shared.current)
        fetch.wait_begun()
    fetch.gate.set()
    reading.result(PATIENCE)
    fetch.numbers = (ONE, TWO)
    assert shared.fresh(block).with_number(TWO.number) == [TWO]


def test_a_failed_fetch_is_reported_to_all_who_waited(
    shared: SharedListing, fetch: Fetch, pool: ThreadPoolExecutor
) -> None:
    failure = ServerError("listing", "down")
    fetch.failures = [failure]
    fetch.shut()
    leader = pool.submit(shared.current)
    fetch.wait_begun()
    others = [pool.submit(shared.current) for _ in range(5)]
    # None of them asks on its own while the leader's fetch is under way.
    assert not wait(others, timeout=0.05).done
    fetch.gate.set()
    for future in (leader, *others):
        assert future.exception(PATIENCE) is failure
    assert fetch.count == 1


def test_after_a_failed_fetch_the_next_one_asks_anew(shared: SharedListing, fetch: Fetch) -> None:
    fetch.failures = [ServerError("listing", "down")]
    with pytest.raises(ServerError):
        shared.current()
    assert shared.current().with_number(ONE.number) == [ONE]
    assert fetch.count == 2


def test_a_failed_fetch_is_never_an_empty_list_nor_the_one_before(
    shared: SharedListing, fetch: Fetch
) -> None:
    shared.current()
    fetch.failures = [ServerError("listing", "down")]
    with pytest.raises(ServerError):
        shared.fresh()
    assert shared.current().with_number(ONE.number) == [ONE]
    assert fetch.count == 3


def test_an_interrupted_fetch_leaves_no_thread_waiting(shared: SharedListing, fetch: Fetch) -> None:
    def interrupted() -> Iterable[ListedNumber]:
        raise KeyboardInterrupt

    shared._fetch = interrupted
    with pytest.raises(KeyboardInterrupt):
        shared.current()
    shared._fetch = fetch
    assert shared.current().with_number(ONE.number) == [ONE]
