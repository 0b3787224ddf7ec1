"""A page of a sandbox in a real browser; an error that the browser reports fails the test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect, sync_playwright

from harness.browsers import ARGUMENTS, CHROMIUM, MISSING
from pulumi_plusofon.testing import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the tests out where there is no browser; tests/conftest.py says so at the end of the run."""
    is_left_out = CHROMIUM is None and not os.environ.get("CI") and collection_path.suffix == ".py"
    return True if is_left_out else None


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makemodule(parent: pytest.Collector) -> Generator[None, pytest.Module, pytest.Module]:
    """A pipeline must not be green without a browser."""
    if CHROMIUM is None:
        raise parent.CollectError(MISSING)
    return (yield)


# A machine with other work to do is no reason to fail.
_PATIENCE: Final = 20_000
expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for each process of the run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(_PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; what the browser reports as an error, a dialog too, fails the test at its end."""
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser's own line about data that a test has refused to it is no error of the page.
        is_about_data = "Failed to load resource" in message.text and "/web/" not in message.location["url"]
        if message.type == "error" and not is_about_data:
            errors.append(message.text)

    def refuse(dialog: Dialog) -> None:
        errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", refuse)
    yield page
    assert errors == []


@pytest.fixture
def own(tmp_path: Path) -> Iterator[SandboxServer]:
    """A sandbox of the test alone, which prints its requests and may be killed."""
    server = SandboxServer(tmp_path, "--registers-after", "0", "--log").start()
    yield server
    server.kill()


@pytest.fixture
def opened(page: Page, sandbox: SandboxServer) -> Page:
    """The page of the sandbox, with its token."""
    page.goto(f"{sandbox.url}/#token={sandbox.token}")
    page.locator("#state[data-state=live]").wait_for()
    return page
