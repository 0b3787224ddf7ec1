"""Secrets stay secret: token and SIP password are searched for in all that a run leaves and shows."""

from __future__ import annotations

import logging
import pickle
import re
import threading
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, sent
from pulumi_plusofon.api import Client
from pulumi_plusofon.hosts.dynamic import ExternalNumberProvider, NumberForwardingProvider
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER
from pulumi_plusofon.runtime import PlusofonError, Settings
from pulumi_plusofon.session import AccountSession
from pulumi_plusofon.testing import SandboxServer
from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.starts import Starts

NUMBER = "447700900101"
ROTATION = (ROOT / "docs" / "rotation.md").read_text()
OPTIONS = ("--yes", "--skip-preview", "--stack", "test")


def _office(secret: str, **more: Any) -> dict[str, Any]:
    login = {"host": "sip.operator.example", "login": "900101", "secret": secret}
    return {"type": "ate", "number": NUMBER, **login, **more}


@pytest.fixture
def configured(stack: EngineStack, sandbox: SandboxServer) -> EngineStack:
    """A stack that has the token in its configuration, and nothing of it in the environment."""
    stack.run("config", "set", "--secret", "plusofon:token", sandbox.token)
    del stack.environment["PLUSOFON_TOKEN"]
    stack.declare({"office": _office(stack.secret, forwards={"onward": ONE_OF_EACH["group"]})})
    return stack


def _leaks(stack: EngineStack, *more: Path) -> list[str]:
    files = [file for folder in more for file in folder.rglob("*") if file.is_file()]
    canaries = (stack.sandbox.token.encode(), stack.secret.encode())
    found = [str(file) for file in files if any(canary in file.read_bytes() for canary in canaries)]
    return [*stack.tokens_in_clear(), *found]


def test_a_whole_life_leaves_neither_in_clear(
    configured: EngineStack, sandbox: SandboxServer, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    configured.run("up", *OPTIONS, "--event-log", str(logs / "events.json"), PULUMI_DEBUG_COMMANDS="true")
    assert (logs / "events.json").stat().st_size
    configured.declare({"office": _office(f"{configured.secret}-2", port=5061)})
    configured.run("preview", "--diff", "--stack", "test")
    configured.preview()
    # 8 is the highest level at which the engine keeps the values that it passes on to itself.
    configured.up(None, "--debug", "--logtostderr", "-v=8")
    configured.refresh()
    configured.run("stack", "export", "--stack", "test")
    configured.run("stack", "history", "--stack", "test")
    configured.run("stack", "output", "--json", "--stack", "test")
    configured.destroy()
    assert _leaks(configured, logs, sandbox.folder) == []
    assert [file.name for file in sandbox.folder.iterdir() if file.name.endswith("-wal")]
    assert any(file.name.endswith(".bak") for file in configured.backend.rglob("*"))


def test_the_page_says_from_which_level_on_the_engines_log_is_a_secret() -> None:
    assert "up to `-v=8` | never | never" in ROTATION
    assert "`-v=9` and above | **in clear** | **in clear**" in ROTATION


def test_a_vendor_who_repeats_both_is_not_repeated(configured: EngineStack, sandbox: SandboxServer) -> None:
    echo = f"bad token {sandbox.token} or secret {configured.secret}"
    sandbox.fault("status", "connect", status=400, message=echo)
    said = configured.up(status=None).text
    assert "HTTP 400: bad token" in said
    assert _leaks(configured) == []


def test_no_command_line_shows_them_and_no_environment_the_password(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    sandbox.fault("slow", "connect", seconds=2)
    stack.declare({"office": _office(stack.secret)})
    with _processes() as seen:
        stack.up()
    lines = {line for line, _ in seen}
    assert any(b"dynamic" in line for line in lines), "the provider's process was among them"
    assert not [line for line in lines if sandbox.token.encode() in line or stack.secret.encode() in line]
    assert not [line for line, environment in seen if stack.secret.encode() in environment]


@contextmanager
def _processes() -> Iterator[set[tuple[bytes, bytes]]]:
    """Command line and environment of every process that there is meanwhile, as /proc has them."""
    seen: set[tuple[bytes, bytes]] = set()
    over = threading.Event()

    def poll() -> None:
        while not over.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                # It may have ended, or be somebody else's.
                with suppress(OSError):
                    seen.add(((process / "cmdline").read_bytes(), (process / "environ").read_bytes()))

    watcher = threading.Thread(target=poll)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


FAULTS: list[dict[str, Any]] = [
    {"kind": "close-before"},
    {"kind": "close-after"},
    {"kind": "half-body"},
    {"kind": "html"},
    {"kind": "slow", "seconds": 3},
    *({"kind": "status", "status": status} for status in (400, 401, 403, 404, 500, 503)),
    # A shorter pause would be waited for, again and again.
    {"kind": "status", "status": 429, "retry_after": "121"},
    {"kind": "refuse"},
]


@pytest.mark.parametrize("operation", ["list", "connect", "update", "disconnect"])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_no_error_nor_its_causes_nor_our_logs_hold_one(
    sandbox: SandboxServer, caplog: pytest.LogCaptureFixture, fault: dict[str, Any], operation: str
) -> None:
    secret = "sip-canary-pa55"
    caplog.set_level(logging.DEBUG)
    # So short that a fault is waited for; nothing else is to take so long on a machine that has much to do.
    timeout = 0.3 if fault["kind"] == "slow" else 20
    client = Client(Settings(sandbox.token, base_url=sandbox.url, timeout=timeout, max_retries=0))
    inputs = EXTERNAL_NUMBER.check(_office(secret)).inputs
    changed = {**inputs, "host": "other.example"}
    # What a request does not send, its answer is not searched for.
    expected = sandbox.token if operation in ("list", "disconnect") else f"{sandbox.token} {secret}"
    words = {"message": expected} if fault["kind"] in ("status", "refuse") else {}
    if operation in ("list", "connect"):
        sandbox.fault(operation=operation, times=None, **fault, **words)
    error = None
    try:
        # Each in a run of its own, or it would be refused before anything is sent.
        created = EXTERNAL_NUMBER.create(AccountSession(client), inputs)
        sandbox.fault(operation=operation, times=None, **fault, **words)
        EXTERNAL_NUMBER.update(AccountSession(client), created.id, created.outputs, changed)
        EXTERNAL_NUMBER.delete(AccountSession(client), created.id, created.outputs)
    except PlusofonError as failure:
        error = failure
    texts = [caplog.text, *(repr(record.__dict__) for record in caplog.records)]
    cause: BaseException | None = error
    while cause is not None:
        # What a cause holds, and what that holds in turn, is in its pickle.
        texts += [str(cause), repr(cause), repr(pickle.dumps(cause)), *traceback.format_exception(cause)]
        cause = cause.__cause__ or cause.__context__
    assert sandbox.faults()[0]["done"]
    assert not [text for text in texts if sandbox.token in text or secret in text]


def test_no_error_holds_the_request_that_failed(sandbox: SandboxServer) -> None:
    settings = Settings(sandbox.token, base_url=sandbox.url, max_retries=0)
    sandbox.fault("close-before", "list", times=None)
    with pytest.raises(PlusofonError) as failed:
        Client(settings).list_numbers()
    context: BaseException | None = failed.value
    while context is not None:
        assert sandbox.token.encode() not in pickle.dumps(context)
        context = context.__cause__ or context.__context__


@pytest.mark.parametrize("provider", [ExternalNumberProvider, NumberForwardingProvider])
def test_a_providers_pickle_is_its_name_alone(provider: type[ExternalNumberProvider]) -> None:
    pickled = pickle.dumps(provider())
    assert len(pickled) < 120
    assert vars(pickle.loads(pickled)) == {}  # noqa: S301 - our own


FROM_CONFIGURATION = """
import pulumi
from pulumi_plusofon import ExternalNumber, NumberForwarding

number = ExternalNumber(
    "office", type="ate", number="447700900101", host="sip.operator.example", login="900101",
    secret=pulumi.Config().require_secret("sipPassword"),
)
NumberForwarding("onward", number=number, type="group", group_id=9, cli_type="Y")
"""


def _commands(section: str) -> list[str]:
    """The page's commands of one section, block by block."""
    text = ROTATION.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks
    return [re.sub(r"^\$ ", "", block, flags=re.MULTILINE) for block in blocks]


def _typed(stack: EngineStack, script: str) -> None:
    ran = stack.shell(script)
    assert ran.status == 0, f"{script}\n{ran.text}"


@pytest.fixture
def rotating(tmp_path: Path, starts: Starts) -> Iterator[EngineStack]:
    """A stack up on a sandbox of its own, whose token may change; its secrets in the configuration."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "stack").mkdir()
    with SandboxServer(tmp_path / "sandbox", "--registers-after", "0") as sandbox:
        stack = EngineStack(tmp_path / "stack", sandbox, "sip-canary-before", starts=starts)
        del stack.environment["PLUSOFON_TOKEN"]
        (stack.program / "__main__.py").write_text(FROM_CONFIGURATION)
        stack.run("config", "set", "--secret", "plusofon:token", sandbox.token)
        stack.run("config", "set", "--secret", "sipPassword", stack.secret)
        stack.up()
        sandbox.clear_requests()
        yield stack
        assert stack.tokens_in_clear() == []


@pytest.mark.rest
@pytest.mark.parametrize("refreshes", [False, True], ids=["up", "refresh --run-program"])
def test_a_rotated_token(rotating: EngineStack, *, refreshes: bool) -> None:
    sandbox = rotating.sandbox
    before = rotating.resources()
    sandbox.stop()
    old, sandbox.token = sandbox.token, "canary-of-the-new-token"
    sandbox.start()
    (rotating.program / "new-token").write_text(sandbox.token)
    (sets, up), (refresh,) = (block.splitlines() for block in _commands("The token"))
    _typed(rotating, sets)
    for command in ("refresh", "destroy"):
        said = rotating.run(command, *OPTIONS, status=None).text
        assert "HTTP 401" in said
        assert "check plusofon:token" in said
    assert set(rotating.resources()) == set(before)
    assert len(sandbox.account()) == 1
    sandbox.clear_requests()
    _typed(rotating, refresh if refreshes else up)
    assert not [request for request in sandbox.requests() if request["status"] != 200 or request["wrote"]]
    if not refreshes:
        rotating.destroy()
        assert sandbox.account() == [], "from the next `up` on, plain commands use the new one"
    assert old not in rotating.said


@pytest.mark.rest
def test_a_rotated_sip_password_is_one_patch(rotating: EngineStack) -> None:
    sandbox = rotating.sandbox
    rotating.secret = "sip-canary-after"
    (rotating.program / "new-password").write_text(rotating.secret)
    for block in _commands("A SIP password"):
        _typed(rotating, block)
    assert sandbox.secret_matches(NUMBER, rotating.secret)
    assert [request for request in sent(sandbox) if request != "GET"] == ["PATCH ate/101"]
    assert rotating.preview() == {}
