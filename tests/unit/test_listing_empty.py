"""An empty list: believed at once by who knows of no number, and only when it comes twice by who does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.account.listing import SharedListing
from pulumi_plusofon.api import ListedNumber, ServerError

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

    def expected(self) -> list[ListedNumber]:
        return self.shared.expected().of(ONE.number)


def test_an_empty_list_is_believed_when_it_comes_twice() -> None:
    lists = Lists(EMPTY)
    assert lists.expected() == lists.expected() == []
    assert lists.count == 2


def test_a_list_that_was_empty_by_accident_is_not_believed() -> None:
    lists = Lists(EMPTY, FULL)
    assert lists.expected() == [ONE]
    assert lists.count == 2


def test_a_list_that_is_not_empty_is_believed_at_once() -> None:
    lists = Lists([ListedNumber(7, "ate", "79104445568")])
    assert lists.expected() == []
    assert lists.count == 1


def test_an_empty_list_that_was_read_before_is_asked_for_once_more() -> None:
    lists = Lists(EMPTY, FULL)
    assert lists.shared.current().of(ONE.number) == []
    assert lists.expected() == [ONE]


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
    assert lists.expected() == [ONE]


def test_who_knows_of_no_number_believes_an_empty_list() -> None:
    lists = Lists(EMPTY)
    lists.shared.current()
    lists.shared.current()
    assert lists.count == 1


def test_a_list_that_deletions_emptied_is_not_doubted() -> None:
    lists = Lists(FULL)
    assert lists.expected() == [ONE]
    lists.shared.forget(ONE.type, ONE.number)
    assert lists.expected() == []
    assert lists.count == 1


def test_many_who_doubt_an_empty_list_share_the_second_one() -> None:
    lists = Lists(EMPTY)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: lists.expected(), range(8))) == [[]] * 8
    assert lists.count == 2


def test_an_empty_list_whose_second_fails_is_not_believed() -> None:
    lists = Lists(EMPTY, DOWN)
    with pytest.raises(ServerError):
        lists.expected()
