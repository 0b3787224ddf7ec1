"""The table of bad inputs through the real engine: each reported by its field, with nothing sent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from support.bad_input_cases import (
    CONFIGURATION,
    COUNT,
    DATA,
    EXTERNAL_NUMBER,
    NUMBER_FORWARDING,
    PROMISED_FORWARDINGS,
    PROMISED_NUMBERS,
)
from support.repository import ROOT
from support.tracebacks import shows_no_traceback
from unit.bad_inputs import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

GOOD = {"type": "sipuri", "number": "447700900101", "host": "sip.example.com"}
SECRETS = (HIDDEN, "pa55-word")
# Every case in one run of the engine; what each is reported is an output of the stack.
PROGRAM = """
import pulumi
from support.bad_input_cases import DATA, EXTERNAL_NUMBER, NUMBER_FORWARDING
from pulumi_plusofon import ExternalNumber, InputError, NumberForwarding
from pulumi_plusofon.stack import declare_numbers

def tried(declare, *arguments, **inputs):
    try:
        declare(*arguments, **inputs)
    except InputError as error:
        return str(error)
    except Exception as error:
        return type(error).__name__
    return "accepted"

pulumi.export("EXTERNAL_NUMBER", [tried(ExternalNumber, "office", **row[0]) for row in EXTERNAL_NUMBER])
pulumi.export("NUMBER_FORWARDING", [tried(NumberForwarding, "office", **row[0]) for row in NUMBER_FORWARDING])
pulumi.export("DATA", [tried(declare_numbers, row[0]) for row in DATA])
"""


def test_every_bad_input_of_a_program_is_reported_in_one_line_by_its_field(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    (stack.program / "__main__.py").write_text(PROGRAM)
    stack.environment["PYTHONPATH"] = os.pathsep.join(str(ROOT / folder) for folder in ("tests", "tools"))
    stack.up()
    outputs = stack.outputs()
    wrong = []
    for table, rows, start in (
        ("EXTERNAL_NUMBER", EXTERNAL_NUMBER, "ExternalNumber office: "),
        ("NUMBER_FORWARDING", NUMBER_FORWARDING, "NumberForwarding office: "),
        ("DATA", DATA, ""),
    ):
        for (_, field, expected), line in zip(rows, outputs[table], strict=True):
            good = line.startswith(f"{start}{field}: ") and expected in line and line.isprintable()
            if not good or len(line) > 240 or any(secret in line for secret in SECRETS):
                wrong.append(f"{table} {field}: {expected!r}, reported {line!r}")
    assert wrong == []
    assert not any(secret in stack.said for secret in SECRETS)
    assert sandbox.requests() == []
    assert not stack.resources()


@pytest.mark.parametrize(
    "rows",
    [PROMISED_NUMBERS[0], *(pytest.param(rows, marks=pytest.mark.rest) for rows in PROMISED_NUMBERS[1:])],
)
def test_every_bad_value_that_a_number_was_promised_is_reported(
    stack: EngineStack, sandbox: SandboxServer, rows: list[tuple[str, Any, str]]
) -> None:
    _refused(stack, {"office": {field: {"promise": value} for field, value, _ in rows}}, rows)
    assert sandbox.requests() == []


@pytest.mark.parametrize("rows", PROMISED_FORWARDINGS)
def test_every_bad_value_that_a_forwarding_was_promised_is_reported(
    stack: EngineStack, sandbox: SandboxServer, rows: list[tuple[str, Any, str]]
) -> None:
    forward = {field: {"promise": value} for field, value, _ in rows}
    _refused(stack, {"office": {**GOOD, "forwards": {"onward": forward}}}, rows)
    assert sandbox.requests() == []


def _refused(stack: EngineStack, spec: dict[str, Any], rows: list[tuple[str, Any, str]]) -> None:
    said = stack.refused_preview(spec)
    lines = said.splitlines()
    for field, _, expected in rows:
        assert any(line.endswith(f"{field}: {expected}") for line in lines), f"{field}: {expected}\n{said}"
    assert shows_no_traceback(said)
    assert HIDDEN not in said


def test_every_bad_key_of_the_configuration_is_reported(stack: EngineStack, sandbox: SandboxServer) -> None:
    # `tests/provider/test_provider_configuration.py` shows the other rows.
    keys = CONFIGURATION[0]
    pairs = [("--plaintext", f"plusofon:{key}={value}") for key, (value, _) in keys.items()]
    stack.run("config", "set-all", "--stack", "test", *(word for pair in pairs for word in pair))
    said = stack.refused_preview({"office": GOOD})
    for key, (_, expected) in keys.items():
        assert f"plusofon:{key}: {expected}" in said
    assert shows_no_traceback(said)
    assert HIDDEN not in said
    assert sandbox.requests() == []


def test_the_table_is_long(record_property: Callable[[str, object], None]) -> None:
    record_property("cells", COUNT)
    assert COUNT >= 120
