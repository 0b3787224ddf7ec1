"""The picture of the sandbox's page in docs/sandbox.md: an account, a fault, some requests, in a browser.

Takes the file to write. Invented numbers only; starts a sandbox of its own and ends it.
"""

from __future__ import annotations

import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import requests
from playwright.sync_api import Page, ViewportSize, sync_playwright

from harness.browsers import ARGUMENTS, MISSING, chromium
from pulumi_plusofon.testing import SandboxServer

FILE: Final = Path(__file__).resolve().parent.parent / "docs" / "sandbox" / "page.png"
SIZE: Final[ViewportSize] = {"width": 1280, "height": 800}
HOST: Final = "sip.operator.example"
NUMBERS: Final[list[dict[str, Any]]] = [
    {"forwarding": {"type": "group", "group_id": 9, "cli_type": "Y"}},
    {
        "registered": False,
        "forwarding": {
            "type": "bitrix",
            "host": "sales.bitrix24.example",
            "cli_type": "Y",
            "type_default": "number",
            "destination_number": "447700900131",
        },
    },
    {"forwarding": {"type": "sip_uri", "destination_uri": "fax@pbx.example.com", "cli_type": "N"}},
    {},
]


def main() -> int:
    """Write the picture; 0 good, 1 no browser, 2 wrong usage."""
    if len(sys.argv) > 2:  # noqa: PLR2004 - the script and a file
        print(f"usage: {Path(sys.argv[0]).name} [FILE]", file=sys.stderr)
        return 2
    browser_file = chromium()
    if browser_file is None:
        print(MISSING, file=sys.stderr)
        return 1
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    with tempfile.TemporaryDirectory() as folder, SandboxServer(Path(folder)) as sandbox:
        _use(sandbox)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_file, args=ARGUMENTS)
            _take(browser.new_page(viewport=SIZE, color_scheme="light"), sandbox, file)
            browser.close()
    return 0


def _use(sandbox: SandboxServer) -> None:
    """Fill the account, and ask it as a client would."""
    sandbox.seed_targets(
        group=[{"id": 9, "name": "Support", "number": 200}],
        sip=[{"id": 4, "name": "Reception", "number": 101, "login": "42291101"}],
    )
    for at, number in enumerate(NUMBERS, 131):
        known = {"type": "ate", "number": f"447700900{at}", "host": HOST, "port": 5060, "login": f"900{at}"}
        sandbox.seed({**known, **number})
    sandbox.fault("status", "list", status=503, skip=1)
    headers = {
        "Authorization": f"Bearer {sandbox.token}",
        "Client": "1",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    with requests.Session() as session:
        session.trust_env = False
        for expected in (HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE):
            answer = session.get(f"{sandbox.url}/api/v1/number/external", headers=headers, timeout=10)
            assert answer.status_code == expected  # noqa: S101 - the picture would show another account


def _take(page: Page, sandbox: SandboxServer, file: Path) -> None:
    page.goto(f"{sandbox.url}/#token={sandbox.token}")
    page.locator("#routes .node").first.wait_for()
    page.locator("#requests .row[data-fault=status]").wait_for()
    page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    sys.exit(main())
