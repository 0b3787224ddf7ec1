"""A number of one stack in another one: the section of docs/scale.md, and what is exported for it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from support.office import NUMBER
from support.repository import ROOT
from support.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

SECTION: Final = (
    (ROOT / "docs" / "scale.md")
    .read_text()
    .split("\n## A number of another stack\n")[1]
    .split("\n## ", maxsplit=1)[0]
)
DIGITS: Final = "84951234567"
# `pulumi stack export` of an earlier version's stack with this number, before there was `e164`.
STATE: Final = ROOT / "tests" / "fixtures" / "state.json"
EXPORTS: Final = """
import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding

office = ExternalNumber(
    "office", type="ate", number="+44 7700 900101", host="sip.operator.example", login="900101",
    secret="fixture-password",
)
NumberForwarding("office-forward", number=office, type="group", group_id=9, cli_type="Y")
pulumi.export("e164", office.e164)
"""
FROM_DATA: Final = """
from pathlib import Path

from pulumi_plusofon.stack import declare_stack

declare_stack(Path(__file__).parent)
"""


def blocks(language: str) -> list[str]:
    """The section's blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path, sandbox: SandboxServer) -> Shell:
    """The two projects of the section, in the folder of a person's shell."""
    person = Shell(tmp_path / "person", sandbox)
    for name, program in zip(("hanoi", "office"), blocks("python"), strict=True):
        (person.folder / name).mkdir()
        (person.folder / name / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        (person.folder / name / "__main__.py").write_text(program)
    return person


def commands() -> list[str]:
    """The section's commands."""
    [block] = blocks("console")
    return [line.removeprefix("$ ") for line in block.splitlines()]


def forwardings(sandbox: SandboxServer) -> dict[str, Any]:
    return {entry["number"]: entry["forwarding"] for entry in sandbox.account()}


def test_a_number_of_one_stack_is_forwarded_to_by_another_as_the_page_says(
    shell: Shell, sandbox: SandboxServer
) -> None:
    *new, up_hanoi, up_office = commands()
    shell.run("\n".join(new))
    # Known before the number is connected.
    assert f'night: "+{DIGITS}"' in shell.run("pulumi preview --cwd hanoi --stack prod")
    shell.run(up_hanoi)
    shell.run(up_office)
    to = {"type": "number", "destination_number": DIGITS, "cli_type": "N"}
    assert forwardings(sandbox) == {DIGITS: None, "447700900131": to}
    shell.run(f"{up_hanoi} --expect-no-changes\n{up_office} --expect-no-changes")


@pytest.mark.rest
def test_digits_of_another_stack_are_refused_in_the_preview_with_what_to_give(
    shell: Shell, sandbox: SandboxServer
) -> None:
    program = shell.folder / "hanoi" / "__main__.py"
    program.write_text(program.read_text().replace("night.e164", "night.number"))
    *new, up_hanoi, _ = commands()
    shell.run("\n".join([*new, up_hanoi]))
    refused = shell.run("pulumi preview --cwd office --stack prod", status=1)
    assert f"can be read as +74951234567 or +{DIGITS}" in refused
    assert "with its plus, as e164 of a number has it" in refused
    assert [entry["number"] for entry in sandbox.account()] == [DIGITS]


@pytest.mark.rest
def test_a_stack_whose_numbers_are_data_gives_them_out_with_their_plus(
    shell: Shell, sandbox: SandboxServer
) -> None:
    hanoi, office = shell.folder / "hanoi", shell.folder / "office"
    (hanoi / "__main__.py").write_text(FROM_DATA)
    program = (office / "__main__.py").read_text()
    (office / "__main__.py").write_text(program.replace('("night")', '("night")["e164"]'))
    *new, up_hanoi, up_office = commands()
    numbers = json.dumps(
        [{"name": "night", "type": "sipuri", "number": f"+{DIGITS}", "host": "sip.operator.example"}]
    )
    shell.run("\n".join(new))
    shell.run(f"pulumi config set numbers '{numbers}' --cwd hanoi --stack prod\n{up_hanoi}\n{up_office}")
    outputs = json.loads(shell.run("pulumi stack output --json --cwd hanoi --stack prod"))
    assert (outputs["night"]["number"], outputs["night"]["e164"]) == (DIGITS, f"+{DIGITS}")
    assert str(forwardings(sandbox)["447700900131"]["destination_number"]) == DIGITS


@pytest.mark.rest
def test_a_state_of_before_has_e164_without_a_change(stack: EngineStack, sandbox: SandboxServer) -> None:
    connection = {
        "host": "sip.operator.example",
        "port": 5060,
        "login": "900101",
        "secret": "fixture-password",
    }
    sandbox.seed({"type": "ate", "number": NUMBER, **connection})
    stack.run("stack", "import", "--stack", "test", "--file", str(STATE))
    (stack.program / "__main__.py").write_text(EXPORTS)
    before = stack.resources()
    assert stack.preview() == {}
    stack.up(None, "--expect-no-changes")
    assert stack.outputs() == {"e164": f"+{NUMBER}"}
    # A secret is encrypted anew in each state.
    assert {name: set(resource["outputs"]) for name, resource in stack.resources().items()} == {
        name: set(resource["outputs"]) for name, resource in before.items()
    }
