"""The list of numbers is whole or an error: its pages are followed, and its own count must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import Client, UnreadableAnswerError
from unit.wire import Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/api/v1/number/external"


def item(last: int) -> dict[str, Any]:
    return {"id": 100 + last, "type": "АТС", "number": f"7910444556{last}"}


def page(*lasts: int, **more: Any) -> Answer:
    return Answer(body={"external_numbers": list(map(item, lasts)), "success": True, **more})


@pytest.fixture
def listed(wire: Wire, connect: Callable[..., Client]) -> Callable[[], list[int | None]]:
    """The ids that a client lists."""
    client = connect(wire.url, max_retries=0)
    return lambda: [number.id for number in client.list_numbers()]


@pytest.mark.parametrize(
    "of_first",
    [
        {"total": 2, "last_page": 2, "next_page_url": "?page=2"},
        {"meta": {"total": 2, "last_page": 2, "current_page": 1}},
        {"meta": {"pagination": {"total": 2, "count": 1, "total_pages": 2, "current_page": 1}}},
        {"links": {"next": f"{PATH}?page=2", "prev": None}},
        {"last_page": "2"},
    ],
)
def test_pages_of_the_list_are_followed(
    wire: Wire, listed: Callable[[], list[int | None]], of_first: dict[str, Any]
) -> None:
    wire.script(page(1, **of_first), page(2, current_page=2, last_page=2, next_page_url=None))
    assert listed() == [101, 102]
    assert [asked.path for asked in wire.asked] == [PATH, f"{PATH}?page=2"]


@pytest.mark.parametrize(
    "more",
    [
        {"total": 2},
        {"total": "2"},
        {"count": 2},
        {"meta": {"total": 2, "last_page": 1}},
        {"pagination": {"total_count": 2}},
        {"total": 2, "next_page_url": None, "last_page": 1},
        {"has_more": True},
        {"meta": {"has_more_pages": 1}},
        {"total": 0},
    ],
)
def test_a_list_that_says_that_it_is_not_whole_is_an_error(
    wire: Wire, listed: Callable[[], list[int | None]], more: dict[str, Any]
) -> None:
    wire.script(page(1, **more))
    with pytest.raises(UnreadableAnswerError, match="the list says that"):
        listed()


@pytest.mark.parametrize(
    "more",
    [
        {"total": 1},
        {"meta": {"total": "1", "current_page": "1", "last_page": 1}},
        {"total": None, "count": 1},
        {"total": "many", "links": [], "meta": []},
        {"message": "ok"},
    ],
)
def test_a_list_whose_count_agrees_or_says_nothing_is_whole(
    wire: Wire, listed: Callable[[], list[int | None]], more: dict[str, Any]
) -> None:
    wire.script(page(1, **more))
    assert listed() == [101]
    assert len(wire.asked) == 1


def test_a_page_that_is_not_the_one_asked_for_is_an_error(
    wire: Wire, listed: Callable[[], list[int | None]]
) -> None:
    wire.script(page(1, current_page=1, last_page=2), page(1, current_page=1, last_page=2))
    with pytest.raises(UnreadableAnswerError, match="page 2 was asked for, and page 1 came"):
        listed()


def test_an_entry_on_two_pages_cannot_be_read(wire: Wire, connect: Callable[..., Client]) -> None:
    wire.script(page(1, last_page=2), page(1))
    assert [number.trouble for number in connect(wire.url).list_numbers()] == [
        "its id stands there twice"
    ] * 2


def test_pages_that_change_while_they_are_read_are_read_again(
    wire: Wire, listed: Callable[[], list[int | None]]
) -> None:
    # What stood on the first page was deleted, so what began the second one is on neither.
    wire.script(
        page(1, 2, total=4, last_page=2),
        page(4, total=3, last_page=2),
        page(2, 3, total=3, last_page=2),
        page(4, total=3, last_page=2),
    )
    assert listed() == [102, 103, 104]


def test_pages_that_never_stay_the_same_are_an_error(
    wire: Wire, listed: Callable[[], list[int | None]]
) -> None:
    wire.script(*(page(place, total=8 - place, last_page=2) for place in range(1, 7)))
    with pytest.raises(UnreadableAnswerError, match="changed while they were read"):
        listed()


def test_a_next_page_elsewhere_gets_no_token(wire: Wire, listed: Callable[[], list[int | None]]) -> None:
    wire.script(page(1, next_page_url=f"http://elsewhere.example{PATH}?page=2"))
    with pytest.raises(UnreadableAnswerError, match="leads to another address"):
        listed()
    assert len(wire.asked) == 1


def test_an_empty_list_with_a_message_is_an_error(wire: Wire, listed: Callable[[], list[int | None]]) -> None:
    wire.script(page(message="Нет доступа"))
    with pytest.raises(UnreadableAnswerError, match="0 came, and the answer says: Нет доступа"):
        listed()
