"""The account's SIP accounts, groups, scenarios and call queues: lists in pages, and targets by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import Client, Target, UnreadableAnswerError
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.session import Directory, NoSuchTargetError
from unit.wire import TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.api import TargetKind

SUPPORT = {"id": 9, "name": "Support", "number": 200, "timeout": 30, "sequence_rule": "all"}
TWENTY = ", ".join(f"g{at:02}" for at in range(1, 21))
SALES = {"id": 12, "name": "Sales"}


def asked(wire: Wire, kind: TargetKind = "group") -> tuple[Target, ...]:
    client = Client(Settings(TOKEN, base_url=wire.url, max_retries=0))
    try:
        return client.list_targets(kind)
    finally:
        client.close()


def page(*items: Any, **more: Any) -> Answer:
    return Answer(body={"data": list(items), **more})


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("sip", "/api/v1/sip"),
        ("group", "/api/v1/groups"),
        ("scenario", "/api/v1/scenario"),
        ("call_queue", "/api/v1/call-queues"),
    ],
)
def test_each_list_is_one_get_of_its_own_address(wire: Wire, kind: TargetKind, path: str) -> None:
    wire.script(page({"id": 4, "name": "Reception"}))
    assert asked(wire, kind) == (Target(4, "Reception"),)
    assert [(request.method, request.path) for request in wire.asked] == [("GET", path)]


def test_of_an_entry_the_documented_fields_alone_are_kept(wire: Wire) -> None:
    wire.script(page({"id": 4, "name": "Reception", "number": 100, "login": "100a", "password": "hidden"}))
    assert asked(wire, "sip") == (Target(4, "Reception", "100", "100a"),)


def test_the_integers_of_a_call_queue_are_no_logins(wire: Wire) -> None:
    wire.script(page({"id": 1, "name": "Waiting", "login": 3, "logout": 1}))
    assert asked(wire, "call_queue") == (Target(1, "Waiting"),)


@pytest.mark.parametrize(
    "more",
    [
        {"current_page": 1, "last_page": 2},
        {"current_page": 1, "last_page": 2, "next_page_url": "{url}/api/v1/groups?page=2"},
        {"next_page_url": "/api/v1/groups?page=2"},
        {"next_page_url": "?page=2"},
        # What a server behind a proxy may think its own scheme is.
        {"next_page_url": "{https}/api/v1/groups?page=2"},
    ],
)
def test_pages_are_followed_to_the_last(wire: Wire, more: dict[str, Any]) -> None:
    known = {"{url}": wire.url, "{https}": wire.url.replace("http:", "https:")}
    for mark, text in known.items():
        more = {name: value.replace(mark, text) if name[0] == "n" else value for name, value in more.items()}
    wire.script(page(SUPPORT, **more), page(SALES, current_page=2, last_page=2, next_page_url=None))
    assert [target.name for target in asked(wire)] == ["Support", "Sales"]
    assert [request.path for request in wire.asked] == ["/api/v1/groups", "/api/v1/groups?page=2"]


@pytest.mark.parametrize(
    "following",
    [
        "http://elsewhere.example/api/v1/groups?page=2",
        "//elsewhere.example/api/v1/groups?page=2",
        "/api/v1/sip/4?page=2",
        "/api/v1/groups",
        "http://[::1",
    ],
)
def test_a_next_page_elsewhere_is_an_error_and_gets_no_token(wire: Wire, following: str) -> None:
    wire.script(page(SUPPORT, next_page_url=following))
    with pytest.raises(UnreadableAnswerError, match="next_page_url"):
        asked(wire)
    assert len(wire.asked) == 1


@pytest.mark.parametrize("more", [{"next_page_url": "?page=2"}, {"current_page": 1, "last_page": 3}])
def test_pages_without_an_end_are_an_error(wire: Wire, more: dict[str, Any]) -> None:
    wire.script(page(SUPPORT, **more))
    with pytest.raises(UnreadableAnswerError, match=r"have no end|page 2 was asked for, and page 1 came"):
        asked(wire)
    assert len(wire.asked) == 2


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"id": 4}}, {"data": [4]}, {"groups": []}])
def test_an_answer_without_the_list_is_unreadable(wire: Wire, body: dict[str, Any]) -> None:
    wire.script(Answer(body=body))
    with pytest.raises(UnreadableAnswerError, match="not as documented"):
        asked(wire)


def test_an_entry_that_cannot_be_read_stays_in_the_list(wire: Wire) -> None:
    wire.script(page({"id": "nine", "name": "Support"}, {"name": None}, {"id": "12", "name": 7}))
    assert asked(wire) == (Target(None, "Support"), Target(None, ""), Target(12, "7"))


def test_a_refusal_says_which_list_it_was(wire: Wire) -> None:
    wire.script(refusal(403, "Недостаточно прав"))
    with pytest.raises(Exception, match="listing the groups: HTTP 403"):
        asked(wire)


def directory(*targets: Target) -> tuple[Directory, list[str]]:
    fetched: list[str] = []

    def fetch(kind: TargetKind) -> tuple[Target, ...]:
        fetched.append(kind)
        return targets

    return Directory(fetch), fetched


def test_a_list_is_fetched_once_for_all_names() -> None:
    names, fetched = directory(Target(9, "Support"), Target(12, "Sales"))
    assert [names.find("group", "name", name).id for name in ("Support", "Sales", "Support")] == [9, 12, 9]
    assert names.targets("group")[0].id == 9
    assert fetched == ["group"]


def test_a_list_that_failed_is_fetched_anew() -> None:
    answers: list[Callable[[], tuple[Target, ...]]] = [lambda: (Target(9, "Support"),), lambda: 1 // 0]  # type: ignore[list-item,return-value]  # it fails

    names = Directory(lambda _kind: answers.pop()())
    with pytest.raises(ZeroDivisionError):
        names.targets("group")
    assert names.find("group", "name", "Support").id == 9


@pytest.mark.parametrize(
    ("targets", "name", "error"),
    [
        (
            (Target(9, "Support"), Target(12, "Sales")),
            "Suport",
            'the account has no group "Suport"; it has Sales, Support',
        ),
        ((), "Support", 'the account has no group "Support"; it has none'),
        (
            (Target(9, "Support"), Target(12, "Support")),
            "Support",
            'the account has 2 groups "Support" (ids 9, 12): give the id',
        ),
        (
            (Target(None, "Support"),),
            "Support",
            'the group "Support" has no id that can be read: give the id',
        ),
        (
            tuple(Target(place, f"g{place:02}") for place in range(1, 24)),
            "x",
            f'the account has no group "x"; it has {TWENTY} and 3 more',
        ),
    ],
)
def test_exactly_one_target_must_match(targets: tuple[Target, ...], name: str, error: str) -> None:
    names, _ = directory(*targets)
    with pytest.raises(NoSuchTargetError) as refused:
        names.find("group", "name", name)
    assert str(refused.value) == error


def test_a_name_matches_whatever_form_its_letters_have() -> None:
    names, _ = directory(Target(9, "Прие\u043c\u043d\u0430\u044f \u0439"))
    assert names.find("group", "name", " Прие\u043c\u043d\u0430\u044f \u0438\u0306 ").id == 9
