"""The account's SIP accounts, groups, scenarios and call queues: what a forwarding's id refers to.

The vendor's pages of 2023-02-13 show the beginning of each answer alone, so only `id`, `name`, `number` and
`login` are read, and everything else is left where it is. Any of the lists may come in pages, as Laravel
makes them. `GET /api/v1/sip/{id}` is never asked: it answers a SIP password in clear. Sends nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import urljoin, urlsplit

from pulumi_plusofon.runtime.text import plain

from .models import ShapeError, positive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TargetKind: TypeAlias = Literal["sip", "group", "scenario", "call_queue"]
PATHS: Final[Mapping[TargetKind, str]] = {
    "sip": "/api/v1/sip",
    "group": "/api/v1/groups",
    "scenario": "/api/v1/scenario",
    "call_queue": "/api/v1/call-queues",
}
# As people call one of them, and several.
WORDS: Final[Mapping[TargetKind, tuple[str, str]]] = {
    "sip": ("SIP account", "SIP accounts"),
    "group": ("group", "groups"),
    "scenario": ("scenario", "scenarios"),
    "call_queue": ("call queue", "call queues"),
}
# 15 entries a page are Laravel's own; no account has more than this.
_MOST_PAGES: Final = 1_000


@dataclass(frozen=True)
class Target:
    """A SIP account, group, scenario or call queue as the account's list has it.

    `id` is what a forwarding's field takes, None where it cannot be read. `number` is the extension (`sip`,
    `group`) or the number of a scenario, `login` the SIP login (`sip`); None where the list has none.
    """

    id: int | None
    name: str
    number: str | None = None
    login: str | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list: its targets, and the query of the next page, None on the last."""

    targets: tuple[Target, ...]
    next_query: str | None


def read_whole(kind: TargetKind, fetch: Callable[[str], Page]) -> tuple[Target, ...]:
    """All targets of a kind; `fetch` asks for one page by its path.

    Raises `ShapeError` where the pages have no end.
    """
    path = PATHS[kind]
    asked = {path}
    targets: list[Target] = []
    page = fetch(path)
    while True:
        targets += page.targets
        if page.next_query is None:
            return tuple(targets)
        following = f"{path}?{page.next_query}"
        if following in asked or len(asked) >= _MOST_PAGES:
            raise ShapeError(f"the pages of {path} have no end")
        asked.add(following)
        page = fetch(following)


def parse_page(answer: dict[str, Any], kind: TargetKind, base_url: str) -> Page:
    """One page of a list's answer; raises `ShapeError`."""
    items = answer.get("data")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ShapeError("data: no array of objects")
    targets = tuple(
        Target(
            positive(item.get("id")),
            _text(item.get("name")) or "",
            _text(item.get("number")),
            _text(item.get("login")) if kind == "sip" else None,
        )
        for item in items
    )
    return Page(targets, _next_query(answer, PATHS[kind], base_url))


def _next_query(answer: dict[str, Any], path: str, base_url: str) -> str | None:
    """The query of the next page. It is asked for at the list's own address, whatever the answer names."""
    named = answer.get("next_page_url")
    current, last = positive(answer.get("current_page")), positive(answer.get("last_page"))
    if named is None or named == "":
        return f"page={current + 1}" if current is not None and last is not None and current < last else None
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


def _text(value: object) -> str | None:
    """A text or a whole number of the list, safe to show."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return plain(str(value)).strip()
