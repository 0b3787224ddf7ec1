"""The page under what a person would not enter: hostile texts, a narrow window, thousands of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from pulumi_plusofon.sandbox.state.store import Connection, LoggedRequest, Store
from pulumi_plusofon.testing import SandboxServer
from support.vendor_api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd",
    "w" * 200,
    "one\ntwo\r\n\tthree",
    "\x00\x1b[31m\u2028&amp;{{7*7}}${7*7}",
    "\N{SMILE}" * 40,
]
# Names and roles that a person with a screen reader needs, without a library for it.
NAMELESS = """() => [...document.querySelectorAll("input, select, textarea, button, [tabindex='0']")]
    .filter((one) => !(one.labels?.length || one.textContent.trim() && one.tagName === "BUTTON"
        || one.getAttribute("aria-label") || document.getElementById(one.getAttribute("aria-labelledby"))))
    .map((one) => one.outerHTML)"""


def seed_hostile(sandbox: SandboxServer) -> None:
    targets = [{"id": at, "name": text, "number": text} for at, text in enumerate(HOSTILE, 1)]
    sandbox.seed_targets(group=targets, sip=[{**target, "login": target["name"]} for target in targets])
    sandbox.seed(
        *(
            {
                "type": "ate",
                "number": str(447700900100 + at),
                "host": text,
                "port": 5060,
                "login": text,
                "forwarding": {"type": "group", "group_id": at, "cli_type": "Y"},
            }
            for at, text in enumerate(HOSTILE, 1)
        )
    )
    for text in HOSTILE:
        sandbox.fault("refuse", "balance", message=text)
        Api(sandbox.url, sandbox.token).call("GET", f"/{quote(text, safe='')}", raw=text)


@pytest.mark.parametrize("width", [pytest.param(400, marks=pytest.mark.rest), 1280])
def test_hostile_texts_are_shown_as_texts_and_break_no_layout(
    page: Page, sandbox: SandboxServer, width: int
) -> None:
    seed_hostile(sandbox)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{sandbox.url}/#token={sandbox.token}")
    expect(page.locator("#numbers .row")).to_have_count(len(HOSTILE))
    expect(page.locator("#routes .node.number")).to_have_count(len(HOSTILE))
    for at, text in enumerate(HOSTILE, 1):
        row = page.locator(f"#numbers .row[data-number='{447700900100 + at}']")
        assert row.locator(".cell-login").evaluate("one => one.textContent") == text
        assert row.evaluate("one => one.offsetHeight") == page.locator("#numbers .list").evaluate(
            "one => Number.parseFloat(getComputedStyle(one).getPropertyValue('--row'))"
        )
        assert row.locator(".cell-forwarding").evaluate("one => one.textContent") == f"group {text} ({at})"
        row.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, text
    words = page.locator("#faults .orders li").evaluate_all("all => all.map(one => one.textContent)")
    assert words == [f"refuse, operation balance, message {text}: broke 0 of 1" for text in HOSTILE]
    assert (
        page.locator(
            "main script, main img, main iframe, main [onload], main [style], header [style]"
        ).count()
        == 0
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#search").fill(HOSTILE[0])
    expect(page.locator("#numbers .row")).to_have_count(1)


@pytest.mark.rest
def test_everything_has_a_name_and_the_page_has_one_first_heading(
    opened: Page, sandbox: SandboxServer
) -> None:
    seed_hostile(sandbox)
    opened.locator("#numbers .row").first.click()
    assert opened.evaluate(NAMELESS) == []
    assert opened.locator("h1").count() == 1
    assert opened.locator("html").get_attribute("lang") == "en"
    ids = opened.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.rest
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_have_enough_contrast_in_both_schemes(
    browser: Browser, sandbox: SandboxServer, scheme: Any
) -> None:
    sandbox.seed({"type": "sipuri", "number": "447700900131", "host": "a.example"})
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{sandbox.url}/#token={sandbox.token}")
    page.locator("#routes .node").first.wait_for()
    sheet = luminance(page, "#numbers", "backgroundColor")
    for selector in ("h2", ".count", ".row .cell-number", "#leave-number", "#routes .label >> nth=0"):
        name = "fill" if ".label" in selector else "color"
        ink = luminance(page, selector, name)
        brighter, darker = max(ink, sheet), min(ink, sheet)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5, selector
    assert (sheet < 0.2) == (scheme == "dark")
    context.close()


def luminance(page: Page, selector: str, name: str) -> float:
    """The relative luminance of a colour, as WCAG has it."""
    colour = page.locator(selector).first.evaluate(f"one => getComputedStyle(one).{name}")
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.fixture
def large(tmp_path: Path) -> Iterator[SandboxServer]:
    """A sandbox with 5,000 numbers and as many requests."""
    store = Store(tmp_path / "account.db")
    with store.transaction():
        for at in range(5000):
            number = str(447700000000 + at)
            store.connect("sipuri", Connection(number, f"h{at % 7}.example"), 0.0, None)
            body = f'{{"number": {number}}}'
            path = "/api/v1/number/external/sipuri"
            store.log(LoggedRequest(0.0 + at, "PUT", path, "connect", body, 200, None, wrote=True))
    store.close()
    with SandboxServer(tmp_path) as server:
        yield server


@pytest.mark.rest
def test_thousands_of_numbers_and_requests_are_listed_without_a_pause(
    page: Page, large: SandboxServer
) -> None:
    page.goto(f"{large.url}/#token={large.token}")
    page.locator("#state[data-state=live]").wait_for()
    rows, numbers = page.locator("#numbers .row"), page.locator("#numbers .list")
    expect(page.locator("#numbers .count")).to_have_text("5000")
    assert rows.count() < 200
    requests = page.locator("#requests .list")
    expect(page.locator("#requests .count")).to_have_text("5000")
    requests.evaluate("one => one.scrollTo(0, one.scrollHeight)")
    expect(page.locator("#requests .row[data-seq='1']")).to_be_visible()
    assert page.locator("#requests .row").count() < 200
    expect(page.locator("#routes .hint")).to_contain_text("Search for fewer than 5000 numbers")
    numbers.evaluate("one => one.scrollTo(0, one.scrollHeight)")
    expect(page.locator("#numbers .row[data-number='447700004999']")).to_be_visible()
    assert rows.count() < 200
    numbers.focus()
    page.keyboard.press("Home")
    expect(page.locator("#numbers .row[data-number='447700000000']")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#numbers .row[data-number='447700004999']")).to_have_attribute(
        "data-current", "true"
    )
    took = page.evaluate(
        """async () => {
            const field = document.querySelector("#search"), began = performance.now();
            for (const text of ["4", "44", "447700004998", "h3", "example", ""]) {
                field.value = text;
                field.dispatchEvent(new Event("input"));
                await new Promise(requestAnimationFrame);
            }
            return (performance.now() - began) / 6;
        }"""
    )
    assert took < 200, "milliseconds for one search"
    page.locator("#search").fill("447700004998")
    expect(page.locator("#routes .node.number")).to_have_count(1)
    page.locator("#numbers .row").click()
    expect(page.locator("#requests .row")).to_have_count(1)
    with page.expect_response(lambda answer: "/_sandbox/page?" in answer.url) as answered:
        pass
    assert len(answered.value.body()) < 500, "nothing happened, and nothing was sent"
