"""The page as a person uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.vendor_api import Api

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from pulumi_plusofon.testing import SandboxServer


def test_a_write_of_the_api_is_shown_while_the_page_is_open(opened: Page, sandbox: SandboxServer) -> None:
    body = {"host": "sip.example.com", "number": 12025550100, "port": 5060, "login": "111", "secret": "s"}
    Api(sandbox.url, sandbox.token).call("PUT", "/ate", body)
    row = opened.locator("#numbers .row[data-number='12025550100']")
    row.wait_for()
    assert "sip.example.com:5060" in row.inner_text()
    opened.locator("#requests .row[data-operation='connect']").wait_for()
    opened.locator("#routes .node").first.wait_for()
