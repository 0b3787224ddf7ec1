"""Resource options: those that cannot be used are refused in one line, those that do nothing are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import sent
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

PROGRAM = """
import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding

number = ExternalNumber(
    "office",
    type="sipuri",
    number="+447700900101",
    host={host!r},
    opts=pulumi.ResourceOptions({number}),
)
NumberForwarding(
    "office", number=number, type="group", group_id=9, cli_type="Y", opts=pulumi.ResourceOptions({forwarding})
)
"""

READ = {"number": "id='101'"}


def _write(stack: EngineStack, *, host: str = "a.example", number: str = "", forwarding: str = "") -> None:
    program = PROGRAM.format(host=host, number=number, forwarding=forwarding)
    (stack.program / "__main__.py").write_text(program)


@pytest.fixture
def held(sandbox: SandboxServer) -> None:
    """An account that has the number, and another one."""
    sandbox.seed(
        {"type": "sipuri", "number": "447700900101", "host": "a.example"},
        {"type": "sipuri", "number": "447700900102", "host": "a.example"},
    )


@pytest.mark.usefixtures("held")
def test_an_option_that_cannot_be_used_is_refused_in_one_line_and_nothing_is_sent(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    for options, said in (
        ({"number": "import_='101'"}, "ExternalNumber office: opts.import_: cannot be used: "),
        ({"number": "id='102'"}, "id 102 is not that of 447700900101, for the account lists it as 101"),
        (
            {**READ, "forwarding": "import_='sipuri/101'"},
            "NumberForwarding office: opts.import_: cannot be used: ",
        ),
        ({**READ, "forwarding": "id='sipuri/101'"}, "NumberForwarding office: opts.id: cannot be used: "),
    ):
        _write(stack, **options)
        text = stack.up(status=None).text
        assert said in text
        assert shows_no_traceback(text)
        assert set(sent(sandbox)) <= {"GET"}
        assert "NumberForwarding office" not in stack.resources()


@pytest.mark.rest
@pytest.mark.usefixtures("held")
def test_a_number_that_is_read_by_its_own_id_is_used_and_never_taken_down(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    _write(stack, number="id='101'")
    stack.up()
    stack.refresh()
    stack.destroy()
    assert sent(sandbox) == ["GET", "POST follow", "GET", "GET", "POST follow"]
    assert [entry["forwarding"] for entry in sandbox.account()] == [None, None]


def test_options_that_do_nothing_are_named_once_and_the_others_work(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    _write(stack)
    stack.up()
    sent(sandbox)
    idle = "replace_on_changes=['*'], custom_timeouts=pulumi.CustomTimeouts(create='1s')"
    working = "ignore_changes=['host'], additional_secret_outputs=['source'], retain_on_delete=True"
    _write(stack, host="b.example", number=f"{idle}, {working}", forwarding=idle)
    text = stack.up().text.partition("Diagnostics:")[2]
    for name in ("replace_on_changes", "custom_timeouts"):
        assert text.count(f"warning: opts.{name}: does nothing here") == 1
    assert sent(sandbox) == []
    assert "ciphertext" in stack.resources()["ExternalNumber office"]["outputs"]["source"]
    stack.destroy()
    assert sent(sandbox) == ["GET", "POST follow"]
    assert len(sandbox.account()) == 1
