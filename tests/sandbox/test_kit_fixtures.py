"""The kit's fixture `plusofon_sandbox` as a team's tests meet it, in runs of pytest of their own."""

from __future__ import annotations

import json
import os
import re
import time
from typing import TYPE_CHECKING

import pytest
import requests

from support.kit_runs import KitRun, kit_run
from support.vendor_api import Api

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxAccount

NUMBER = {"type": "sipuri", "number": "442079460131", "host": "sip.operator.example"}
GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}

APART = """
import os
import pytest

NUMBER = {"type": "sipuri", "number": "442079460131", "host": "sip.operator.example"}

@pytest.mark.parametrize("place", range(8))
def test_apart(place, plusofon_sandbox):
    assert plusofon_sandbox.account() == [] and plusofon_sandbox.requests() == []
    assert plusofon_sandbox.faults() == []
    assert plusofon_sandbox.seed(NUMBER) == [101]
    plusofon_sandbox.fault("status", status=503)
    assert plusofon_sandbox.customer_id == 42291
    with open(os.environ["TOKENS"], "a") as tokens:
        tokens.write(f"{plusofon_sandbox.token} {plusofon_sandbox.url}\\n")
"""
FAILING = """
import os, socket, subprocess, sys
import pytest
import requests
from pulumi_plusofon.testing import ForbiddenConnectionError

HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Client": "10553"}

def put(account, secret):
    body = {"host": "sip.operator.example", "number": 442079460131, "port": 5060, "login": "a"}
    body["secret"] = secret
    headers = {**HEADERS, "Authorization": f"Bearer {account.token}"}
    url = f"{account.url}/api/v1/number/external"
    requests.put(f"{url}/ate", json=body, headers=headers)
    requests.get(f"{url}/{account.token}", headers=headers)

def test_fails_with_requests(plusofon_sandbox):
    put(plusofon_sandbox, "canary-secret")
    raise ValueError("of the test")

def test_passes_with_requests(plusofon_sandbox):
    put(plusofon_sandbox, "canary-secret")

def test_speaks_to_another_machine(plusofon_sandbox):
    with pytest.raises(ForbiddenConnectionError):
        socket.create_connection(("192.0.2.1", 443))

def test_has_a_process_that_does(plusofon_sandbox):
    program = "import urllib.request; urllib.request.urlopen('https://restapi.plusofon.ru/')"
    subprocess.run([sys.executable, "-c", program], stderr=subprocess.DEVNULL)

@pytest.fixture
def speaking(plusofon_sandbox):
    yield
    put(plusofon_sandbox, "x")
    with pytest.raises(ForbiddenConnectionError):
        socket.create_connection(("192.0.2.2", 443))

def test_speaks_at_its_end(speaking):
    pass

def test_has_a_dead_end(plusofon_sandbox):
    plusofon_sandbox.seed({"type": "sipuri", "number": "442079460131", "host": "sip.operator.example"})
    plusofon_sandbox.assert_no_dead_ends()

def test_uses_none_of_it():
    assert os.environ["PLUSOFON_TOKEN"] == "theirs" and os.environ["PLUSOFON_TIMEOUT"] == "9"
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", 1))
"""
UNTOUCHED = """
import os, socket, sys

BEFORE = socket.socket.connect, socket.getaddrinfo

def test_untouched():
    loaded = [name for name in sys.modules if name.startswith(("pulumi", "requests", "httptools"))]
    assert loaded == ["pulumi_plusofon", "pulumi_plusofon.testing", "pulumi_plusofon.testing.plugin"]
    assert (socket.socket.connect, socket.getaddrinfo) == BEFORE
    assert os.environ["PLUSOFON_TOKEN"] == "theirs"
"""


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> KitRun:
    folder = tmp_path_factory.mktemp("failing")
    return kit_run(folder, FAILING, PLUSOFON_TOKEN="theirs", PLUSOFON_TIMEOUT="9")


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_each_test_has_an_account_and_a_token_of_its_own(tmp_path: Path, options: tuple[str, ...]) -> None:
    run = kit_run(tmp_path, APART, *options, TOKENS=str(tmp_path / "tokens"))
    assert "8 passed" in run.text, run.text
    tokens, urls = zip(*map(str.split, (tmp_path / "tokens").read_text().splitlines()), strict=True)
    assert len(set(tokens)) == 8
    # One process for each worker.
    assert len(set(urls)) == (2 if options else 1)


def test_a_test_that_uses_no_fixture_is_not_touched(tmp_path: Path) -> None:
    run = kit_run(tmp_path, UNTOUCHED, PLUSOFON_TOKEN="theirs")
    assert run.outcomes == {"test_untouched": "PASSED"}, run.text
    assert "plusofon requests" not in run.text


def test_the_requests_of_a_failed_test_are_in_its_report(failing: KitRun) -> None:
    report = failing.report_of("test_fails_with_requests")
    _, section = report.split("plusofon requests")
    put, get = [line for line in section.splitlines() if line.startswith(("PUT", "GET"))]
    assert put.startswith("PUT /api/v1/number/external/ate 200 {")
    assert json.loads(put.partition("200 ")[2])["secret"] == "[redacted]"
    assert get == "GET /api/v1/number/external/[redacted] 405"
    assert "canary-secret" not in section
    assert failing.outcomes["test_passes_with_requests"] == "PASSED"


def test_a_test_that_speaks_to_another_machine_fails_with_the_address(failing: KitRun) -> None:
    assert failing.outcomes["test_speaks_to_another_machine"] == "FAILED"
    assert "asked for\n  192.0.2.1:443\n" in failing.report_of("test_speaks_to_another_machine")


def test_a_test_whose_process_speaks_to_another_machine_fails_with_the_request(failing: KitRun) -> None:
    assert failing.outcomes["test_has_a_process_that_does"] == "FAILED"
    assert "CONNECT restapi.plusofon.ru:443\n" in failing.report_of("test_has_a_process_that_does")


def test_a_contact_at_the_end_of_a_test_is_an_error_with_its_requests(failing: KitRun) -> None:
    assert failing.outcomes["test_speaks_at_its_end"] == "ERROR"
    report = failing.report_of("test_speaks_at_its_end")
    assert "192.0.2.2:443" in report
    assert "PUT /api/v1/number/external/ate 200" in report


def test_a_dead_end_is_a_failure_at_the_line_of_the_test(failing: KitRun) -> None:
    report = failing.report_of("test_has_a_dead_end")
    assert re.search("^E +442079460131: has no forwarding$", report, re.MULTILINE)
    assert "/testing/" not in report


def test_the_environment_of_the_person_is_restored(failing: KitRun) -> None:
    assert failing.outcomes["test_uses_none_of_it"] == "PASSED"


def test_the_environment_leads_to_the_account(plusofon_sandbox: SandboxAccount) -> None:
    environment = plusofon_sandbox.environment
    assert set(environment) == {"PLUSOFON_TOKEN", "PLUSOFON_BASE_URL"}
    assert {name: os.environ[name] for name in environment} == environment
    api = Api(environment["PLUSOFON_BASE_URL"], environment["PLUSOFON_TOKEN"])
    assert api.call("GET").json()["external_numbers"] == []
    assert [request["path"] for request in plusofon_sandbox.requests()] == ["/api/v1/number/external"]


def test_a_seed_is_data_a_file_or_both(plusofon_sandbox: SandboxAccount, tmp_path: Path) -> None:
    whole = {
        "numbers": [{**NUMBER, "number": "442079460132"}],
        "targets": {"group": [{"id": 9, "name": "A"}]},
    }
    file = tmp_path / "seed.json"
    file.write_text(json.dumps({"customer_id": 7, "numbers": [{**NUMBER, "number": "442079460133"}]}))
    assert plusofon_sandbox.seed({**NUMBER, "forwarding": GROUP}, whole, file) == [101, 102, 103]
    assert plusofon_sandbox.targets()["group"][0]["name"] == "A"
    assert plusofon_sandbox.route("+44 20 7946 0131") == GROUP
    assert plusofon_sandbox.route("442079460133") is None
    assert plusofon_sandbox.customer_id == 7


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), ("{", "is no JSON"), ("[]", "must be an object"), ('{"numbers": 1}', "400")],
)
def test_a_file_that_is_no_seed_is_refused(
    plusofon_sandbox: SandboxAccount, tmp_path: Path, content: str | None, says: str
) -> None:
    file = tmp_path / "seed.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(Exception, match=says):
        plusofon_sandbox.seed(str(file))


def test_an_account_of_a_test_can_be_broken(plusofon_sandbox: SandboxAccount) -> None:
    plusofon_sandbox.fault("close-before", "list")
    with pytest.raises(requests.ConnectionError):
        Api(plusofon_sandbox.url, plusofon_sandbox.token).call("GET")
    assert [request["fault"] for request in plusofon_sandbox.requests()] == ["close-before"]


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['uvicorn'] = None\n")
    run = kit_run(tmp_path, "def test_it(plusofon_sandbox):\n    pass\n", PYTHONPATH=str(tmp_path))
    assert run.outcomes == {"test_it": "ERROR"}
    line = "plusofon_sandbox: uvicorn is not installed: pip install 'pulumi-plusofon[testing]'"
    assert f"\n{line}\n" in run.text


KILLED = """
import os, signal

def test_kills_the_sandbox(plusofon_sandbox, plusofon_server):
    plusofon_server.kill()
    raise ValueError("of the test")

def test_needs_none():
    pass
"""


def test_a_sandbox_that_was_killed_ends_no_run(tmp_path: Path) -> None:
    run = kit_run(tmp_path, KILLED)
    assert run.outcomes["test_needs_none"] == "PASSED", run.text
    assert "INTERNALERROR" not in run.text
    assert "plusofon requests -----" in run.text
    assert "\nnot known: " in run.text


BESIDE = """
import numbers
import os
import secrets
from pathlib import Path
import requests

# This process has Python's own already, a process that it starts would find these.
for name in ("secrets", "numbers"):
    Path(f"{name}.py").write_text("raise SystemExit('imported in place of the one of Python')")

def test_is_apart(plusofon_sandbox, plusofon_server, monkeypatch):
    def taken(*_, **__):
        raise AssertionError("the kit used the transport that a test replaces")
    monkeypatch.setattr(requests.Session, "send", taken)
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", taken)
    assert plusofon_sandbox.account() == []

def test_is_killed(plusofon_server):
    Path("sandbox.pid").write_text(str(plusofon_server.pid))
    os.kill(os.getpid(), 9)
"""


def test_a_sandbox_starts_beside_files_named_as_pythons_own_and_ends_with_a_killed_run(
    tmp_path: Path,
) -> None:
    run = kit_run(tmp_path, BESIDE, "--import-mode=importlib", "-v")
    assert "test_is_apart PASSED" in run.text
    pid = int((tmp_path / "sandbox.pid").read_text())
    deadline = time.monotonic() + 20
    while has_process(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not has_process(pid)


def has_process(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
