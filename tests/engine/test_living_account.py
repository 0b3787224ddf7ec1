"""A living account of 200 numbers comes under management and leaves it, by the commands of the page.

First on a copy of it, then itself: exported, adopted, changed in three places, compared, and let go.
"""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harness.engine_stack import BIN
from pulumi_plusofon.testing import Control
from support.repository import ROOT
from support.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

PAGE = (ROOT / "docs" / "living-accounts.md").read_text()
HOST = "sip.operator.example"
pytestmark = [pytest.mark.rest, pytest.mark.timeout(600)]


def digits(at: int) -> str:
    return f"447700900{at:03}"


def living_account(sandbox: SandboxServer) -> None:
    """200 numbers of both types; the last four entries are of the kinds that no program can declare."""
    numbers: list[dict[str, Any]] = [
        {
            "type": "ate",
            "number": digits(at),
            "host": HOST,
            "port": 5060,
            "login": f"u{at}",
            "secret": "theirs",
        }
        for at in range(120)
    ]
    numbers += [{"type": "sipuri", "number": digits(at), "host": HOST} for at in range(120, 190)]
    several = "a.operator.example,b.operator.example"
    numbers += [{"type": "sipuri", "number": digits(at), "host": several} for at in range(190, 196)]
    # The sandbox takes it, and no numbering plan has it.
    numbers += [{"type": "sipuri", "number": "12345", "host": HOST}]
    sandbox.seed(*numbers)
    sandbox.seed_targets(
        group=[{"id": 9, "name": "Support"}, {"id": 12, "name": "Sales"}],
        call_queue=[{"id": 14, "name": "Waiting"}],
    )
    sandbox.seed_entries(
        {"id": 900, "type": "fax", "number": digits(197), "source": "x", "customer_id": 42291},
        {"type": "SIP-URI", "number": digits(198), "source": HOST, "customer_id": 42291},
        {"id": "?", "type": "SIP-URI", "number": digits(199), "source": HOST, "customer_id": 42291},
    )
    sandbox.clear_requests()


def commands(heading: str) -> str:
    """The console blocks under a heading of the page, as one script."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return "\n".join(line.removeprefix("$ ") for block in blocks for line in block.splitlines())


def changed(file: Path) -> None:
    """One number of the list changed, one removed, three forwarded by names."""
    entries = yaml.safe_load(file.read_text())
    by_number = {entry["number"]: entry for entry in entries}
    office = by_number[f"+{digits(1)}"]
    del office["keep_secret"]
    office |= {"host": "new.operator.example", "secret": {"env": "OFFICE_PASSWORD"}}
    entries.remove(by_number[f"+{digits(2)}"])
    for at, target in (
        (3, {"type": "group", "group": "Support"}),
        (121, {"type": "group", "group": "Sales"}),
    ):
        by_number[f"+{digits(at)}"]["forward"] = {**target, "cli_type": "Y"}
    by_number[f"+{digits(122)}"]["forward"] = {
        "type": "call_queue",
        "call_queue": "Waiting",
        "cli_type": "N",
    }
    file.write_text(yaml.safe_dump(entries, sort_keys=False))


def manage(shell: Shell, account: Control, operations: dict[str, int]) -> None:
    """Adopt what the page's export wrote, change it, compare it and let it go; `account` agrees."""
    before = account.account()
    said = shell.run(f"{commands('Export')}\n{commands('Adopt')}")
    left_out = {line.split()[0][1:] for line in said.splitlines() if re.match(r"^\+\d{5,} ", line)} - {
        entry["number"] for entry in before if entry["number"] != "12345"
    }
    assert left_out == {"12345", digits(197), digits(198), digits(199)}
    [recorded] = re.findall(r"^\d+ numbers and 0 forwardings recorded.*$", PAGE, re.MULTILINE)
    assert recorded in said.splitlines()
    assert account.account() == before
    assert {request["method"] for request in account.requests()} == {"GET"}
    shell.run("cd numbers; plusofon drift --stack prod", status=7)

    changed(shell.folder / "numbers" / "numbers.yaml")
    shell.environment["OFFICE_PASSWORD"] = secrets.token_urlsafe(12)
    account.clear_requests()
    shown = shell.run(f"cd numbers\n{commands('Manage')}")
    assert re.search(r"~ 1 to update", shown)
    assert re.search(r"- 1 to delete", shown)
    written = [request["operation"] for request in account.requests() if request["wrote"]]
    assert {name: written.count(name) for name in set(written)} == operations
    held = {entry["number"]: entry for entry in account.account()}
    assert digits(2) not in held
    assert held[digits(1)]["host"] == "new.operator.example"
    assert [held[digits(at)]["forwarding"]["group_id"] for at in (3, 121)] == [9, 12]

    account.edit(held[digits(5)]["id"], host="other.example")
    seen = shell.run(f"cd numbers\n{commands('See what changed by hand')}", status=7)
    assert re.search(rf"^changed +prod +{digits(5)} +\+{digits(5)} .*other\.example", seen, re.MULTILINE)
    [others] = [line for line in seen.splitlines() if "in no stack" in line]
    assert others.startswith("4 numbers of the account are in no stack (")
    assert others.endswith(" and 1 more): `plusofon numbers --unmanaged --stack prod` lists them")
    assert "Not seen: forwardings and SIP passwords" in seen

    account.clear_requests()
    kept = account.account()
    gone = shell.run(f"cd numbers\n{commands('Let all of it go')}")
    assert "198 resources left the state; the account is as it was" in gone
    assert account.account() == kept
    assert [request["method"] for request in account.requests() if request["method"] != "GET"] == []


OPERATIONS = {"update": 1, "disconnect": 1, "forward": 3}


def test_a_living_account_is_managed_and_let_go(tmp_path: Path, sandbox: SandboxServer) -> None:
    living_account(sandbox)
    manage(Shell(tmp_path / "shell", sandbox), sandbox, OPERATIONS)


def test_a_copy_of_it_is_rehearsed_on_and_the_account_untouched(
    tmp_path: Path, sandbox: SandboxServer
) -> None:
    living_account(sandbox)
    before = sandbox.account()
    shell = Shell(tmp_path / "shell", sandbox)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = commands("Rehearse on a copy").replace("8701", str(port))
    assert "8701" in commands("Rehearse on a copy")
    export, serve, address, *backend = script.splitlines()
    assert "no SIP passwords and no forwardings" in shell.run(export)
    # The command of the page, without the shell that would end with it.
    server = subprocess.Popen(
        [BIN / "plusofon", *serve.removesuffix(" &").split()[1:], "--ready-file", "ready"],
        cwd=shell.folder,
        env=shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    copy = Control(address.partition("=")[2], sandbox.token)
    try:
        shell.run("for _ in $(seq 600); do [ -e ready ] && exit 0; sleep 0.1; done; exit 1")
        ids = [(entry["number"], entry["id"], entry["host"]) for entry in copy.account()]
        assert sorted(ids) == sorted((entry["number"], entry["id"], entry["host"]) for entry in before)
        # Else logins become registered while the accounts before and after are compared.
        copy.settings(registers_after=0)
        # The shell of the page keeps what it exports; each run of this one is a shell of its own.
        printed = shell.run("\n".join([*backend, 'echo "$PULUMI_BACKEND_URL"'])).strip()
        shell.environment |= {"PULUMI_BACKEND_URL": printed, "PLUSOFON_BASE_URL": copy.url}
        manage(shell, copy, OPERATIONS)
        # The stack of the copy meets the account. One number was changed by hand before.
        [edited] = [entry["id"] for entry in copy.account() if entry["number"] == digits(5)]
        copy.edit(edited, host=HOST)
        shell.run("cd numbers; plusofon adopt --stack prod --yes")
        refused = shell.run(
            "cd numbers; plusofon adopt --stack prod --preview", status=1, PLUSOFON_BASE_URL=sandbox.url
        )
        assert "account 42291's, and it must be account 1000000042291's" in refused
        # Without the guard, too: the state has noted whose it is.
        project = shell.folder / "numbers" / "Pulumi.yaml"
        content = yaml.safe_load(project.read_text())
        del content["config"]["plusofon:customerId"]
        project.write_text(yaml.safe_dump(content))
        refused = shell.run(
            "cd numbers; plusofon adopt --stack prod --preview", status=1, PLUSOFON_BASE_URL=sandbox.url
        )
        # Its data names targets, so the preview of the program refuses it.
        assert "the state has its number in account 1000000042291, and the token is" in refused
        refused = shell.run("cd numbers; ! pulumi destroy --yes --stack prod", PLUSOFON_BASE_URL=sandbox.url)
        assert "the token is account 42291's, and it must be account 1000000042291's" in refused
    finally:
        server.terminate()
        server.wait()
        copy.close()
    assert sandbox.account() == before
    assert {request["method"] for request in sandbox.requests()} == {"GET"}
