"""Updates of the sandbox's page: everything once, then only what is new; and where its files come from."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.sandbox.seeding import Seed, plant
from pulumi_plusofon.sandbox.state.faults import Fault
from pulumi_plusofon.sandbox.state.sandbox import Sandbox
from pulumi_plusofon.sandbox.state.settings import Settings
from pulumi_plusofon.sandbox.state.store import LoggedRequest, Store
from pulumi_plusofon.sandbox.web.files import routes
from pulumi_plusofon.sandbox.web.view import MOST_REQUESTS, View

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OFFICE = {"type": "sipuri", "number": "447700900131", "host": "sip.operator.example"}
SALES = {"type": "sipuri", "number": "447700900132", "host": "sip.operator.example"}
SUPPORT = {"group": [{"id": 9, "name": "Support"}]}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    store = Store(tmp_path / "account.db")
    yield Sandbox(store, "token", Settings())
    store.close()


def seed(sandbox: Sandbox, **parts: Any) -> None:
    with sandbox.store.transaction():
        plant(sandbox.store, Seed.model_validate(parts))


def log(sandbox: Sandbox, count: int = 1, **fields: Any) -> None:
    logged: dict[str, Any] = {
        "time": time.time(),
        "method": "GET",
        "path": "/api/v1/number/external",
        "operation": "list",
        "body": None,
        "status": 200,
        "fault": None,
        "wrote": False,
        **fields,
    }
    with sandbox.store.transaction():
        for _ in range(count):
            sandbox.store.log(LoggedRequest(**logged))


def numbers(answer: dict[str, Any]) -> list[str]:
    return [number["number"] for number in answer["numbers"]]


def test_the_first_answer_has_all_of_the_account(sandbox: Sandbox) -> None:
    seed(sandbox, numbers=[OFFICE, SALES], targets=SUPPORT)
    sandbox.faults.add(Fault(kind="slow", seconds=1))
    log(sandbox)
    answer = View(sandbox).since("")
    assert answer["whole"]
    assert numbers(answer) == ["447700900131", "447700900132"]
    assert answer["faults"] == [{"kind": "slow", "words": "slow, seconds 1.0: broke 0 of 1"}]
    assert answer["settings"] == {"customer_id": 42291, "balance": 1000.0}
    assert [request["seq"] for request in answer["requests"]] == [1]


def test_an_answer_of_an_account_in_which_nothing_happened_is_empty(sandbox: Sandbox) -> None:
    seed(sandbox, numbers=[OFFICE], targets=SUPPORT)
    log(sandbox)
    view = View(sandbox)
    first = view.since("")
    again = view.since(first["after"])
    del again["now"]
    assert again == {
        "whole": False,
        "numbers": [],
        "requests": [],
        "first_request": 1,
        "after": first["after"],
    }


def test_only_a_number_that_changed_is_sent_again(sandbox: Sandbox) -> None:
    seed(sandbox, numbers=[OFFICE, SALES])
    view = View(sandbox)
    first = view.since("")
    sandbox.store.forward(102, {"type": "group", "group_id": 9, "cli_type": "Y"})
    second = view.since(first["after"])
    assert numbers(second) == ["447700900132"]
    assert second["numbers"][0]["forwards_to"] == "group 9"
    assert "ids" not in second
    assert "settings" not in second
    assert numbers(view.since(first["after"])) == ["447700900132"], "another page may have seen less"


def test_a_number_that_is_gone_is_said_by_the_ids_that_stay(sandbox: Sandbox) -> None:
    seed(sandbox, numbers=[OFFICE, SALES])
    view = View(sandbox)
    first = view.since("")
    sandbox.store.disconnect(101)
    second = view.since(first["after"])
    assert (second["ids"], numbers(second)) == ([102], [])
    assert "ids" not in view.since(second["after"])


@pytest.mark.parametrize(
    ("forwarding", "words"),
    [
        (None, "nowhere"),
        ({"type": "group", "group_id": 9}, "group Support (9)"),
        ({"type": "sip", "sip_id": 9}, "sip 9"),
        ({"type": "number", "destination_number": "447700900132"}, "number 447700900132"),
        (
            {"type": "bitrix", "host": "b.example", "type_default": "group", "group_id": 9},
            "bitrix b.example, else group Support (9)",
        ),
        ({"type": "amo", "host": "a.example", "type_default": "empty"}, "amo a.example, else nowhere"),
    ],
)
def test_a_number_says_where_its_calls_go(
    sandbox: Sandbox, forwarding: dict[str, Any] | None, words: str
) -> None:
    seed(sandbox, numbers=[OFFICE], targets=SUPPORT)
    sandbox.store.forward(101, forwarding and {**forwarding, "cli_type": "Y"})
    [number] = View(sandbox).since("")["numbers"]
    assert number["forwards_to"] == words


def test_a_number_is_sent_again_when_its_target_gets_another_name(sandbox: Sandbox) -> None:
    to_support = {"type": "group", "group_id": 9, "cli_type": "Y"}
    seed(sandbox, numbers=[{**OFFICE, "forwarding": to_support}, SALES], targets=SUPPORT)
    view = View(sandbox)
    first = view.since("")
    with sandbox.store.transaction():
        sandbox.store.directory.rename_target(sandbox.store.directory.targets("group")[0], "Sales")
    [number] = view.since(first["after"])["numbers"]
    assert number["forwards_to"] == "group Sales (9)"


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"kind": "close-after"}, "close-after: broke 0 of 1"),
        ({"kind": "html", "times": None}, "html: broke 0 of all"),
        ({"kind": "refuse", "message": "no", "skip": 2}, "refuse, skip 2, message no: broke 0 of 1"),
    ],
)
def test_a_fault_is_said_without_what_is_as_for_every_order(
    sandbox: Sandbox, order: dict[str, Any], words: str
) -> None:
    sandbox.faults.add(Fault.model_validate(order))
    assert [fault["words"] for fault in View(sandbox).since("")["faults"]] == [words]


def test_a_fault_that_was_carried_out_is_sent_again(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(kind="close-after"))
    view = View(sandbox)
    first = view.since("")
    sandbox.faults.take("list", None, None)
    second = view.since(first["after"])
    assert [fault["words"] for fault in second["faults"]] == ["close-after: broke 1 of 1"]
    assert "settings" not in second


def test_a_log_that_was_emptied_is_said_by_its_first_request(sandbox: Sandbox) -> None:
    log(sandbox, 3)
    view = View(sandbox)
    first = view.since("")
    sandbox.store.clear_requests()
    assert view.since(first["after"])["first_request"] is None
    log(sandbox)
    second = view.since(first["after"])
    assert ([request["seq"] for request in second["requests"]], second["first_request"]) == ([4], 4)


def test_of_a_long_log_the_last_requests_are_sent(sandbox: Sandbox) -> None:
    log(sandbox, MOST_REQUESTS + 10)
    sent = [request["seq"] for request in View(sandbox).since("")["requests"]]
    assert sent == list(range(11, MOST_REQUESTS + 11))


def test_the_log_alone_makes_no_look_at_the_numbers(sandbox: Sandbox) -> None:
    before = sandbox.store.revision
    log(sandbox, 3)
    sandbox.store.clear_requests()
    assert sandbox.store.revision == before
    seed(sandbox, numbers=[OFFICE])
    assert sandbox.store.revision > before


@pytest.mark.parametrize("place", ["nonsense", "-", "1-2-3", "0-0-0-0", "deadbeef-1-1-1", "9" * 5000])
def test_a_place_that_is_of_no_such_account_gets_everything(sandbox: Sandbox, place: str) -> None:
    assert View(sandbox).since(place)["whole"]


def test_a_reset_makes_every_earlier_place_void(sandbox: Sandbox) -> None:
    seed(sandbox, numbers=[OFFICE, SALES])
    log(sandbox, 3)
    view = View(sandbox)
    first = view.since("")
    sandbox.reset()
    seed(sandbox, numbers=[SALES])
    log(sandbox)
    answer = view.since(first["after"])
    assert (answer["whole"], numbers(answer)) == (True, ["447700900132"])
    assert [request["seq"] for request in answer["requests"]] == [1]


def test_no_answer_has_what_a_browser_cannot_parse(sandbox: Sandbox) -> None:
    entry = json.loads('{"balance": 1e999}')
    seed(sandbox, entries=[entry])
    log(sandbox, body=json.dumps(entry), operation=None)

    def refuse(word: str) -> None:
        raise AssertionError(word)

    json.loads(json.dumps(View(sandbox).since("")), parse_constant=refuse)


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"operation": "update", "path": "/api/v1/number/external/ate/101"}, ("101", None, [])),
        ({"operation": "disconnect", "path": "/api/v1/number/external/ate/101"}, ("101", None, [])),
        ({"operation": "forward", "body": '{"number_id": 101}'}, ("101", None, [])),
        ({"operation": "connect", "body": '{"number": 447700900131}'}, (None, "447700900131", [])),
        ({"operation": "status", "body": '{"logins": ["a", 1]}'}, (None, None, ["a"])),
        ({"operation": "list", "body": '["number"]'}, (None, None, [])),
        ({"operation": None, "path": "/101", "body": '"number"'}, (None, None, [])),
    ],
)
def test_a_request_says_which_number_it_is_about(
    sandbox: Sandbox, fields: dict[str, Any], about: tuple[str | None, str | None, list[str]]
) -> None:
    log(sandbox, **fields)
    [request] = View(sandbox).since("")["requests"]
    assert (request["about_id"], request["about_number"], request["about_logins"]) == about


def test_each_file_of_the_page_has_a_path_of_its_own() -> None:
    paths = [route.path for route in routes()]
    assert {"/", "/_sandbox/web/main.js", "/_sandbox/web/page.css", "/_sandbox/web/icon.svg"} <= set(paths)
    assert len(paths) == len(set(paths))
