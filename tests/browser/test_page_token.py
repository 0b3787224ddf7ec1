"""The token of the page: where it comes from, and where it never is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

    from pulumi_plusofon.testing import SandboxServer

OFFICE = {"type": "sipuri", "number": "447700900131", "host": "sip.operator.example"}


def test_the_page_asks_for_a_token_and_refuses_a_wrong_one(page: Page, sandbox: SandboxServer) -> None:
    sandbox.seed(OFFICE)
    page.goto(sandbox.url)
    field = page.get_by_label("Token of the account")
    expect(field).to_be_focused()
    expect(page.locator("#shown")).to_be_hidden()
    for wrong in ("wrong", "\N{CYRILLIC CAPITAL LETTER ZHE}", "two words"):
        field.fill(wrong)
        page.keyboard.press("Enter")
        expect(page.locator("#token-form .refusal")).to_have_text("This is not the account's token.")
        expect(field).to_have_value("")
    assert "447700900131" not in page.content()
    field.fill(sandbox.token)
    page.get_by_role("button", name="Open").click()
    expect(page.locator("#numbers .row")).to_have_count(1)
    expect(page.locator("#token-needed")).to_be_hidden()
    page.reload()
    expect(page.locator("#numbers .row")).to_have_count(1)


def test_the_token_of_a_link_is_in_no_address_no_page_and_no_log(page: Page, own: SandboxServer) -> None:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108 - playwright takes no builtin
    page.goto(f"{own.url}/#token={own.token}")
    page.locator("#state[data-state=live]").wait_for()
    own.seed(OFFICE)
    expect(page.locator("#routes .node.number")).to_have_count(1)
    assert page.url == f"{own.url}/"
    assert page.evaluate("history.length") <= 2
    assert own.token not in page.content()
    data = [request for request in sent if "/_sandbox/page" in request.url or "routes.svg" in request.url]
    assert len(data) >= 3
    for request in sent:
        assert own.token not in request.url.partition("#")[0]
        headers = {**request.headers, "authorization": ""} if request in data else request.headers
        assert own.token not in json.dumps(headers)
        assert "referer" not in headers or own.token not in headers["referer"]
    assert page.evaluate("[document.cookie, localStorage.length]") == ["", 0]
    page.goto(f"{own.url}/#token=wrong")
    expect(page.locator("#token-form .refusal")).to_have_text("This is not the account's token.")
    own.stop()
    assert own.token not in own.output


def test_a_token_that_the_sandbox_no_longer_takes_is_asked_for_again(
    opened: Page, sandbox: SandboxServer
) -> None:
    sandbox.seed(OFFICE)
    expect(opened.locator("#numbers .row")).to_have_count(1)
    opened.evaluate("sessionStorage.setItem('plusofon-token', 'outdated')")
    expect(opened.get_by_label("Token of the account")).to_be_visible()
    expect(opened.locator("#shown")).to_be_hidden()
