"""The page as a person reads it: live, searched, by mouse and by keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from support.vendor_api import Api

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from pulumi_plusofon.testing import SandboxServer

OFFICE: dict[str, Any] = {
    "host": "sip.operator.example",
    "number": 447700900131,
    "port": 5060,
    "login": "900131",
    "secret": "canary-secret",
}
SALES = {"host": "a.example", "number": 447700900132}
SUPPORT = {"number_type": "ate", "number_id": 101, "type": "group", "group_id": 9, "cli_type": "Y"}


def test_the_page_follows_what_the_api_does(opened: Page, sandbox: SandboxServer) -> None:
    expect(opened.locator("#numbers .none")).to_have_text("No numbers.")
    sandbox.settings(registers_after=3600)
    sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
    api = Api(sandbox.url, sandbox.token)
    api.call("PUT", "/ate", OFFICE)
    row = opened.locator("#numbers .row[data-number='447700900131']")
    expect(row.locator(".cell-host")).to_have_text("sip.operator.example:5060")
    expect(row.locator(".cell-forwarding")).to_have_text("nowhere")
    expect(row).to_have_attribute("data-registered", "false")
    sandbox.edit(101, registered=True)
    expect(row).to_have_attribute("data-registered", "true")
    expect(row.locator(".cell-registered")).to_have_text(re.compile(r"^registered \d+ s$"))
    api.call("POST", "/follow", SUPPORT)
    expect(row.locator(".cell-forwarding")).to_have_text("group Support (9)")
    expect(opened.locator("#routes .node.target[data-key='group:9'] .label")).to_have_text(
        "group Support (9)"
    )
    sandbox.rename_target("group", 9, "Sales")
    expect(row.locator(".cell-forwarding")).to_have_text("group Sales (9)")
    sandbox.fault("status", "list", status=503)
    expect(opened.locator("#faults .orders li")).to_contain_text("status, operation list, status 503")
    api.call("GET")
    expect(opened.locator("#requests .row").first).to_have_attribute("data-fault", "status")
    expect(opened.locator("#requests .row .cell-status")).to_have_text(["503", "200", "200"])
    api.call("DELETE", "/ate/101")
    expect(row).to_have_count(0)
    sandbox.reset()
    expect(opened.locator("#requests .none")).to_be_visible()
    expect(opened.locator("#faults .none")).to_be_visible()
    assert sandbox.requests() == [], "the page's own requests are in no log"


def test_a_number_shows_its_requests_by_click_and_by_keyboard(opened: Page, sandbox: SandboxServer) -> None:
    api = Api(sandbox.url, sandbox.token)
    api.call("PUT", "/ate", OFFICE)
    api.call("PUT", "/sipuri", SALES)
    api.call("POST", "/follow", SUPPORT)
    api.call("GET", "/status", {"logins": ["900131"]})
    operations = opened.locator("#requests .row .cell-operation")
    expect(operations).to_have_text(["status", "forward", "connect", "connect"])
    opened.locator("#numbers .row[data-number='447700900131']").click()
    expect(opened.locator("#requests-heading")).to_have_text("Requests about 447700900131 3")
    expect(operations).to_have_text(["status", "forward", "connect"])
    opened.locator("#requests .row").last.click()
    expect(opened.locator("#request-body")).to_contain_text('"secret": "[redacted]"')
    opened.locator("#leave-number").click()
    expect(operations).to_have_count(4)

    opened.locator("#search").focus()
    opened.keyboard.press("Tab")
    numbers = opened.locator("#numbers .list")
    expect(numbers).to_be_focused()
    assert numbers.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")
    current = opened.locator("#numbers .row[data-number='447700900132']")
    expect(current).to_have_attribute("data-current", "true")
    expect(numbers).to_have_attribute("aria-activedescendant", str(current.get_attribute("id")))
    opened.keyboard.press("Enter")
    expect(current).to_have_attribute("aria-selected", "true")
    expect(opened.locator("#number-heading")).to_have_text("Number 447700900132")
    expect(operations).to_have_text(["connect"])
    opened.keyboard.press("Escape")
    expect(opened.locator("#number")).to_be_hidden()
    expect(numbers).to_be_focused()

    opened.locator("#routes .node[data-key='number:447700900131']").click()
    expect(opened.locator("#number-heading")).to_have_text("Number 447700900131")


def test_the_search_finds_by_every_word_and_by_digits_as_people_write_them(
    opened: Page, sandbox: SandboxServer
) -> None:
    sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
    to_support = {"type": "group", "group_id": 9, "cli_type": "Y"}
    office = {**OFFICE, "number": "447700900131", "type": "ate", "forwarding": to_support}
    sandbox.seed(office, {**SALES, "number": "447700900132", "type": "sipuri"})
    shown = opened.locator("#numbers .row .cell-number")
    expect(shown).to_have_count(2)
    for text, found in {
        "SUPPORT": ["447700900131"],
        "+44 7700 900132": ["447700900132"],
        "(0131)": ["447700900131"],
        "a.example": ["447700900132"],
        "101": ["447700900131"],
        "example": ["447700900131", "447700900132"],
        "131101": [],
    }.items():
        opened.locator("#search").fill(text)
        expect(shown).to_have_text(found)
        keys = [f"number:{digits}" for digits in found]
        expect(opened.locator("#routes .node.number")).to_have_count(len(keys))
    expect(opened.locator("#numbers .none")).to_have_text("No number has this text.")
    opened.locator("#search").fill("900132")
    opened.keyboard.press("Enter")
    expect(opened.locator("#number-heading")).to_have_text("Number 447700900132")


def test_a_sandbox_that_is_gone_is_said_and_one_that_is_back_is_shown(page: Page, own: SandboxServer) -> None:
    page.goto(f"{own.url}/#token={own.token}")
    page.locator("#state[data-state=live]").wait_for()
    own.kill()
    page.locator("#state[data-state=lost]").wait_for()
    own.start()
    own.seed({**SALES, "number": "447700900132", "type": "sipuri"})
    page.locator("#state[data-state=live]").wait_for()
    expect(page.locator("#numbers .row")).to_have_count(1)
