"""An empty list: believed by nobody before it has come twice in a row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.api import ListedNumber, ServerError
from pulumi_plusofon.session.listing import SharedListing

if TYPE_CHECKING:
    from collections.abc import Iterable

ONE = ListedNumber(101, "ate", "79104445566")
EMPTY: tuple[ListedNumber, ...] = ()
FULL = (ONE,)
DOWN = ServerError("listing", "down")


class Lists:
    """The account's answers, in turn; the last one is given for ever."""

    def __init__(self, *answers: Iterable[ListedNumber] | Exception) -> None:
        self.answers = list(answers)
        self.count = 0
        self.shared = SharedListing(self, gathering=0.0)

    def __call__(self) -> Iterable[ListedNumber]:
        self.count += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def current(self) -> list[ListedNumber]:
        return self.shared.current().with_number(ONE.number)


def test_an_empty_list_is_believed_when_it_comes_twice() -> None:
    lists = Lists(EMPTY)
    assert lists.current() == lists.current() == []
    assert lists.count == 2


def test_a_list_that_was_empty_by_accident_is_not_believed() -> None:
    lists = Lists(EMPTY, FULL)
    assert lists.current() == [ONE]
    assert lists.count == 2


def test_a_list_that_is_not_empty_is_believed_at_once() -> None:
    lists = Lists([ListedNumber(7, "ate", "79104445568")])
    assert lists.current() == []
    assert lists.count == 1


def test_an_empty_list_that_came_after_a_write_is_asked_for_once_more() -> None:
    lists = Lists(EMPTY, FULL)
    assert lists.shared.fresh().with_number(ONE.number) == []
    assert lists.current() == [ONE]
    assert lists.count == 2


def test_an_empty_list_after_numbers_is_doubted_though_an_earlier_one_was_believed() -> None:
    lists = Lists(EMPTY, EMPTY, FULL, EMPTY, FULL)
    assert lists.current() == []
    for _ in range(2):
        lists.shared.invalidate()
        assert lists.current() == [ONE]
    assert lists.count == 5


@pytest.mark.parametrize("between", [FULL, DOWN])
def test_only_two_empty_lists_in_a_row_confirm_each_other(
    between: tuple[ListedNumber, ...] | Exception,
) -> None:
    lists = Lists(EMPTY, between, EMPTY, FULL)
    lists.shared.fresh()
    if isinstance(between, Exception):
        with pytest.raises(ServerError):
            lists.shared.fresh()
    else:
        lists.shared.fresh()
    lists.shared.fresh()
    assert lists.current() == [ONE]


def test_many_who_doubt_an_empty_list_share_the_second_one() -> None:
    lists = Lists(EMPTY)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: lists.current(), range(8))) == [[]] * 8
    assert lists.count == 2


def test_an_empty_list_whose_second_fails_is_not_believed() -> None:
    lists = Lists(EMPTY, DOWN)
    with pytest.raises(ServerError):
        lists.current()
