"""The page through a whole `make up`, a fault, and a switch of profile: it shows what the account does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from pulumi_plusofon.testing import Control
from support.repository import Clone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

SWITCH = """
source .sandbox/env
pulumi config set profile night --stack dev
pulumi up --yes --skip-preview --stack dev
"""
pytestmark = [pytest.mark.rest, pytest.mark.timeout(900)]


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    """A clone that is set up; the sandbox that it has brought up is stopped."""
    clone = Clone(tmp_path / "clone", is_set_up=True)
    yield clone
    clone.stop_sandbox()


def test_the_page_shows_make_up_a_fault_and_a_switch_of_the_profile(clone: Clone, page: Page) -> None:
    said = clone.run("make up\nsource .sandbox/env\npulumi destroy --yes --skip-preview --stack dev")
    [link] = re.findall(r"^page: (\S+)$", said, re.MULTILINE)
    page.goto(link)
    rows = page.locator("#numbers .row")
    expect(page.locator("#numbers .none")).to_be_visible()

    clone.run("make up")
    expect(rows).to_have_count(3)
    office = page.locator("#numbers .row[data-number='447700900123']")
    expect(office).to_have_attribute("data-registered", "true")
    expect(office.locator(".cell-forwarding")).to_have_text("group Support (9)")
    expect(page.locator("#routes .node.number")).to_have_count(3)
    expect(page.locator("#routes .node.target")).to_have_count(4)

    # The next forwarding that is set is answered with an error, and set all the same.
    url, token = link.split("/#token=")
    Control(url, token).fault("status", "forward", status=503)
    expect(page.locator("#faults .orders li")).to_contain_text("status, operation forward, status 503")

    clone.run(SWITCH)
    for number, leads in (
        ("447700900123", "number 12025550124"),
        ("447700900124", "number 12025550124"),
        ("447700900125", "sip_uri fax@pbx.example.com"),
    ):
        row = page.locator(f"#numbers .row[data-number='{number}']")
        expect(row.locator(".cell-forwarding")).to_have_text(leads)
    expect(page.locator("#routes .node.target")).to_have_count(2)
    expect(page.locator("#faults .orders li")).to_contain_text("broke 1 of 1")
    expect(page.locator("#requests .row[data-fault='status'] .cell-status")).to_have_text("503")
