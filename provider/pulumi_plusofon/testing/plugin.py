"""pytest's plugin: fixtures for tests of stacks, loaded by the entry point `plusofon`.

A test that uses none of the fixtures is not touched, and nothing but this module is imported for it. A test
that uses one speaks to loopback addresses alone, or it fails; its report has the requests that it made.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from .account import SandboxAccount
    from .guard import Guard, RefusingProxy
    from .server import SandboxServer
    from .stack import StackMaker


@dataclass
class _Watched:
    """What the report of a test needs: its account, and what it asked for beyond this machine."""

    account: SandboxAccount
    guard: Guard
    reported: int = 0
    """How many of the contacts a failure has spoken of."""
    kept: list[dict[str, Any]] | None = None
    """The requests of an account that has ended."""

    def requests(self) -> list[dict[str, Any]]:
        """The requests to the account."""
        return self.account.requests() if self.kept is None else self.kept

    def end(self) -> None:
        """End the account, and keep what a report needs."""
        self.kept = self.account.requests()
        self.account.end()


_WATCHED = pytest.StashKey[_Watched]()
_SECTION = "plusofon requests"
# The same in every test and every run: addresses that the vendor dedicates to a number have it in them.
_CUSTOMER = 42291


@pytest.fixture(scope="session")
def plusofon_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """The sandbox process of the run, or of one worker of it. Tests use `plusofon_sandbox`."""
    from pulumi_plusofon.runtime.extras import absent  # noqa: PLC0415  nothing is imported for other tests

    from .server import SandboxServer  # noqa: PLC0415  as above

    if missing := absent("testing"):
        pytest.fail(f"plusofon_sandbox: {missing}", pytrace=False)
    with SandboxServer(tmp_path_factory.mktemp("plusofon"), "--registers-after", "0") as server:
        yield server


@pytest.fixture(scope="session")
def plusofon_proxy() -> Iterator[RefusingProxy]:
    """What processes of the tests are refused by. Tests use `plusofon_sandbox`."""
    from .guard import RefusingProxy  # noqa: PLC0415  as above

    with RefusingProxy() as proxy:
        yield proxy


@pytest.fixture
def plusofon_sandbox(
    request: pytest.FixtureRequest, plusofon_server: SandboxServer, plusofon_proxy: RefusingProxy
) -> Iterator[SandboxAccount]:
    """An account of this test alone on the run's sandbox: empty, with a token of its own."""
    from .account import SandboxAccount  # noqa: PLC0415  as above
    from .guard import Guard, guarded_sockets, own_environment  # noqa: PLC0415  as above

    account = SandboxAccount.opened(plusofon_server, customer_id=_CUSTOMER)
    plusofon_proxy.guard = Guard()
    watched = _Watched(account, plusofon_proxy.guard)
    with ExitStack() as at_the_end:
        at_the_end.callback(watched.end)
        at_the_end.enter_context(own_environment({**plusofon_proxy.environment, **account.environment}))
        at_the_end.enter_context(guarded_sockets(watched.guard))
        request.node.stash[_WATCHED] = watched
        yield account
    _fail_for_contacts(watched)


@pytest.fixture
def plusofon_stack(tmp_path: Path, plusofon_sandbox: SandboxAccount) -> Iterator[StackMaker]:
    """Make stacks on the real engine: `plusofon_stack(folder or program, ...)`.

    Each is destroyed at the end of the test, also of one that failed, and no process of it is left.
    """
    from .stack import StackMaker  # noqa: PLC0415  as above

    maker = StackMaker(tmp_path, plusofon_sandbox)
    yield maker
    maker.end()


# `wrapper=True` ends every run of pytest 7.1 with a traceback, also in projects that use no fixture.
@pytest.hookimpl(trylast=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail a test that asked for another machine, also where its code went on after the refusal."""
    if watched := item.stash.get(_WATCHED, None):
        _fail_for_contacts(watched)


def _fail_for_contacts(watched: _Watched) -> None:
    """Fail for what was not reported before: of each contact one failure speaks."""
    contacts = watched.guard.contacts[watched.reported :]
    watched.reported += len(contacts)
    if contacts:
        lines = "\n".join(f"  {contact}" for contact in dict.fromkeys(contacts))
        pytest.fail(f"this test may speak to loopback addresses alone, and asked for\n{lines}", pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Add the requests of a failed test to its report."""
    report = (yield).get_result()
    if report.failed and (watched := item.stash.get(_WATCHED, None)):
        report.sections.append((_SECTION, _section(watched)))


def _section(watched: _Watched) -> str:
    try:
        requests = watched.requests()
    except Exception as error:  # noqa: BLE001  a hook that fails would end the whole run
        return f"not known: {error}"
    return "\n".join(map(_line, requests)) or "none"


def _line(request: dict[str, Any]) -> str:
    status = "no answer" if request["status"] is None else str(request["status"])
    fault = f" fault={request['fault']}" if request["fault"] else ""
    body = f" {json.dumps(request['body'])}" if request["body"] is not None else ""
    return f"{request['method']} {request['path']} {status}{fault}{body}"
