"""Lists that come in pages, as Laravel makes them: followed to their end, and held against their own count.

What says of itself that it is not whole is an error: what is left out would look gone. Sends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from urllib.parse import urljoin, urlsplit

from .models import ShapeError, flag, natural, positive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Item = TypeVar("_Item")

# 15 entries a page are Laravel's own; no account has more than this.
_MOST_PAGES: Final = 1_000
# How often pages are read that changed meanwhile.
_READINGS: Final = 3
# Where a list says something of itself besides at its top, and under which names.
_PLACES: Final = ("meta", "pagination", "links")
_TOTALS: Final = ("total", "total_count")
_LASTS: Final = ("last_page", "total_pages")
_FOLLOWING: Final = ("next_page_url", "next")
_MORE: Final = ("has_more", "has_more_pages", "more")


@dataclass(frozen=True)
class Page(Generic[_Item]):
    """One page of a list.

    `items` are its entries; `next_query` is the query of the next page, None on the last; `total` how many
    entries the whole list says that it has, None where it says nothing.
    """

    items: tuple[_Item, ...]
    next_query: str | None
    total: int | None


def read_whole(path: str, fetch: Callable[[str, int], Page[_Item]]) -> tuple[_Item, ...]:
    """All entries of a list; `fetch` gets a page by its path and number.

    Raises `ShapeError` where the pages have no end, or are not all that the list says it has.
    """
    for _ in range(_READINGS):
        pages = list(_pages(path, fetch))
        totals = {page.total for page in pages if page.total is not None}
        # What is deleted between two pages moves another entry from one to the other, and it is in neither.
        if len(totals) <= 1:
            break
    else:
        raise ShapeError(f"the pages of {path} changed while they were read")
    items = tuple(item for page in pages for item in page.items)
    if totals and totals != {len(items)}:
        raise ShapeError(f"the list says that it has {totals.pop()} entries, and {len(items)} came")
    return items


def _pages(path: str, fetch: Callable[[str, int], Page[_Item]]) -> Iterator[Page[_Item]]:
    asked = {path}
    page = fetch(path, 1)
    yield page
    while page.next_query is not None:
        following = f"{path}?{page.next_query}"
        if following in asked or len(asked) >= _MOST_PAGES:
            raise ShapeError(f"the pages of {path} have no end")
        asked.add(following)
        page = fetch(following, len(asked))
        yield page


def page_of(
    answer: dict[str, Any], items: tuple[_Item, ...], path: str, base_url: str, place: int
) -> Page[_Item]:
    """The page that `answer` is, the `place`-th request's; raises `ShapeError`."""
    said = list(_said(answer))
    current = _first(said, ("current_page",), positive)
    if current is not None and current != place:
        raise ShapeError(f"page {place} was asked for, and page {current} came")
    following = _next_query(said, path, base_url, place)
    # Of one page among several it is the page's own.
    totals = (*_TOTALS, "count") if following is None and place == 1 else _TOTALS
    return Page(items, following, _first(said, totals, natural))


def _said(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The tables in which a list says something of itself."""
    yield answer
    for name in _PLACES:
        if isinstance(inner := answer.get(name), dict):
            yield from _said(inner)


def _first(
    said: list[dict[str, Any]], names: tuple[str, ...], read: Callable[[object], int | None]
) -> int | None:
    """The first value under one of `names` that can be read; the others decide nothing."""
    values = (read(table.get(name)) for table in said for name in names)
    return next((value for value in values if value is not None), None)


def _next_query(said: list[dict[str, Any]], path: str, base_url: str, place: int) -> str | None:
    """The query of the next page, for the list's own address, whatever the answer names."""
    named = next((table[name] for table in said for name in _FOLLOWING if table.get(name)), None)
    if named is None:
        last = _first(said, _LASTS, positive)
        if last is not None and place < last:
            return f"page={place + 1}"
        if any(flag(table.get(name)) for table in said for name in _MORE):
            raise ShapeError("the list says that there is more of it, and not where")
        return None
    try:
        there = urlsplit(urljoin(base_url + path, str(named)))
        host = there.hostname
    except ValueError:
        raise ShapeError("next_page_url: no address") from None
    # Behind a proxy the server may not know its own scheme and port; another host or path is another place.
    if host != urlsplit(base_url).hostname or not there.path.rstrip("/").endswith(path):
        raise ShapeError("next_page_url: leads to another address")
    if not there.query:
        raise ShapeError("next_page_url: names no page")
    return there.query
