"""Pages and pictures in the system's Chromium; an error that the browser reports fails the test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect, sync_playwright

from harness import browsers
from pulumi_plusofon.testing import SandboxServer
from support.browser import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

# A machine with other work to do is no reason to fail.
_PATIENCE: Final = 20_000
expect.set_options(timeout=_PATIENCE)


class _CannotRun(pytest.Module):
    """A file of tests on a machine that lacks what they need."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        raise self.CollectError(f"{self.path.name} cannot run: {missing(self.path)}")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what this machine cannot run. The pipeline has to run it all."""
    if collection_path.name.startswith("test_") and not os.environ.get("CI"):
        return bool(missing(collection_path)) or None
    return None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return _CannotRun.from_parent(parent, path=module_path) if missing(module_path) else None


# Of this folder, not of the whole session: while Playwright is open, its event loop counts as the thread's
# running one, and other tests of this process cannot run theirs.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.chromium(), args=browsers.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page that the tests of a file share, and what it reports: errors, scripts that run, requests."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(_PATIENCE)
    page = context.new_page()
    seen: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "about:")):
            seen.append(f"request: {request.url}")

    page.on("console", lambda message: seen.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("dialog", dismiss)
    page.on("request", note)
    yield page, seen
    context.close()


@pytest.fixture
def canvas(window: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page for pictures, in which nothing may be reported, run or be asked of a server."""
    page, seen = window
    seen.clear()
    yield page
    assert seen == []


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
