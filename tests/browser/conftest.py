"""Pages and pictures in the system's Chromium; an error that the browser reports fails the test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from support import browser as machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page, Request


class _CannotRun(pytest.Module):
    """A file of tests on a machine that lacks what they need."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        raise self.CollectError(f"{self.path.name} cannot run: {machine.missing(self.path)}")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what this machine cannot run. The pipeline has to run it all."""
    if collection_path.name.startswith("test_") and not os.environ.get("CI"):
        return bool(machine.missing(collection_path)) or None
    return None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return _CannotRun.from_parent(parent, path=module_path) if machine.missing(module_path) else None


# Not one for the whole session: while Playwright is open, its event loop counts as the thread's running one,
# and other tests of this process cannot run theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.chromium(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page that the tests of a file share, and what it reports: errors, scripts that run, requests."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
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
def page(window: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page, in which nothing may be reported, run or be asked of a server."""
    page, seen = window
    seen.clear()
    yield page
    assert seen == []
