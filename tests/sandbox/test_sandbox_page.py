"""The page's files and data as a client gets them: headers, the token, and that they leave the API alone."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

import pulumi_plusofon.sandbox.web
from pulumi_plusofon.sandbox.web.files import routes

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

STATIC = Path(pulumi_plusofon.sandbox.web.__file__).parent / "static"
FILES = sorted(route.path for route in routes())
DATA = ["/_sandbox/page", "/_sandbox/routes.svg", "/_sandbox/account"]
OFFICE = {"type": "sipuri", "number": "447700900131", "host": "sip.operator.example"}


def get(sandbox: SandboxServer, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {sandbox.token}"} if path in DATA else {}
    return requests.get(sandbox.url + path, headers=headers, timeout=10)


@pytest.mark.parametrize("path", [*FILES, *DATA])
def test_every_answer_has_the_headers_that_keep_a_page_safe(sandbox: SandboxServer, path: str) -> None:
    answer = get(sandbox, path)
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in SAFE} == SAFE


SAFE = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("file", sorted(STATIC.iterdir()), ids=lambda file: file.name)
def test_a_file_of_the_page_is_readable_and_has_nothing_inline_or_from_elsewhere(file: Path) -> None:
    text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert (
        re.findall(r"https?:|//[a-z]|<style|\sstyle=|\son\w+=|<script(?![^>]* src=)|innerHTML|eval\(", text)
        == []
    )
    lines = text.splitlines()
    assert len(lines) < 300
    assert [line for line in lines if len(line) > 110 and file.suffix != ".svg"] == []


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_the_page_is_read_and_never_written(sandbox: SandboxServer, path: str) -> None:
    assert requests.post(sandbox.url + path, timeout=10).status_code in (401, 404, 405)
    assert get(sandbox, path).status_code == 200


def test_the_pages_requests_are_neither_logged_nor_delayed_nor_broken(sandbox: SandboxServer) -> None:
    sandbox.seed(OFFICE)
    sandbox.settings(latency=5, requests_per_second=1)
    sandbox.fault("status", status=503, times=None)
    began = time.monotonic()
    for path in [*FILES, *DATA]:
        assert get(sandbox, path).status_code == 200, path
    assert time.monotonic() - began < 5
    assert sandbox.requests() == []
    assert sandbox.faults()[0]["done"] == 0


def test_the_routes_are_a_picture_of_the_numbers_that_are_asked_for(sandbox: SandboxServer) -> None:
    sandbox.seed(OFFICE, {**OFFICE, "number": "447700900132"})
    headers = {"Authorization": f"Bearer {sandbox.token}"}

    def drawn(query: str) -> set[str]:
        answer = requests.get(f"{sandbox.url}/_sandbox/routes.svg{query}", headers=headers, timeout=10)
        assert answer.headers["content-type"] == "image/svg+xml"
        return set(re.findall(r'data-key="([^"]*)"', answer.text))

    assert drawn("") == {"number:447700900131", "number:447700900132", "nowhere"}
    assert drawn("?numbers=102,999,x") == {"number:447700900132", "nowhere"}
    assert drawn("?numbers=") == set()
