"""An exported project on the real engine: it previews, it is adopted as it is, and nothing is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

NAMES = """\
"+44 7700 900101": 'it''s "an" office, ${pulumi.stack} # {%'
447700900102: "!!python/none \u00e4 \u0424"
"""


def number(at: int, **fields: Any) -> dict[str, Any]:
    return {"type": "sipuri", "number": f"4477009001{at:02}", "host": "sip.operator.example", **fields}


def ate(at: int, host: str) -> dict[str, Any]:
    return number(at, type="ate", host=host, port=5060, login=f"user{at}", secret="theirs")


def living_account(sandbox: SandboxServer) -> int:
    """Numbers of both types as people and the vendor leave them; how many of them can be declared."""
    sandbox.seed(
        ate(1, "sip.operator.example"),
        ate(2, "SIP.Operator.example:5070"),
        ate(3, "sip.plusofon.ru"),
        ate(4, "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"),
        number(5),
        number(6, host=", ".join(f"server{at}.operator.example" for at in range(9))),
        number(7, host="\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"),
    )
    listed = {"type": "SIP-URI", "customer_id": 42291}
    sandbox.seed_entries(
        {"id": 901, "number": "447700900108", "source": "", **listed},
        {"id": 902, "number": "447700900109", **listed, "type": "\u0410\u0422\u0421"},
        {"id": 903, "number": "447700900110", **listed, "type": "fax"},
        {"number": "447700900111", "source": "sip.operator.example", **listed},
    )
    sandbox.clear_requests()
    return 9


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("form", [pytest.param("program", marks=pytest.mark.rest), "config"])
def test_an_export_previews_and_is_adopted_as_it_is(
    tmp_path: Path, sandbox: SandboxServer, form: str
) -> None:
    count = living_account(sandbox)
    before = sandbox.account()
    shell = Shell(tmp_path / "shell", sandbox)
    (shell.folder / "names.yaml").write_text(NAMES)
    # In a project of this name, keys of its own would be the provider's.
    command = f"plusofon export plusofon --as {form} --names names.yaml"
    shell.run(command)
    project = shell.folder / "plusofon"
    written = bytes_of(project)
    assert "exists already, and nothing was written" in shell.run(command, status=1)
    shell.run(f"{command} --force")
    assert bytes_of(project) == written
    shell.run(f"{command} --force --strict", status=1)

    shell.run("cd plusofon; pulumi stack init prod")
    shown = shell.run("cd plusofon; PLUSOFON_ADOPT=record pulumi preview --json 2>/dev/null")
    steps = json.loads(shown)["steps"]
    assert [step["op"] for step in steps] == ["create"] * (count + 1)
    names = {step["urn"].rpartition("::")[2] for step in steps}
    assert {'it\'s "an" office, ${pulumi.stack} # {%', "!!python/none \u00e4 \u0424"} <= names
    said = shell.run("cd plusofon; plusofon adopt --stack prod --yes")
    assert f"{count} numbers and 0 forwardings recorded" in said
    assert "a preview of the stack shows no changes" in said
    assert sandbox.account() == before
    assert {request["method"] for request in sandbox.requests()} == {"GET"}
