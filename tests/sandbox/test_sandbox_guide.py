"""docs/sandbox.md: its commands run as they stand there, and its tables are the sandbox's own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pulumi_plusofon.sandbox import control
from pulumi_plusofon.sandbox.state.faults import Fault, Kind, OperationName
from pulumi_plusofon.sandbox.state.sandbox import Sandbox
from pulumi_plusofon.sandbox.state.settings import Settings
from pulumi_plusofon.sandbox.state.store import Store
from support.repository import ROOT

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

PAGE = (ROOT / "docs" / "sandbox.md").read_text()


def blocks(heading: str, language: str) -> list[str]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return [re.sub(r"^\$ ", "", block, flags=re.MULTILINE) for block in found]


def rows(heading: str, first: str) -> dict[str, list[str]]:
    """The table below a heading whose first column has this heading, by what stands there in backquotes."""
    table = PAGE.split(f"\n## {heading}\n")[1].split(f"\n| {first} |")[1].split("\n\n")[0]
    cells = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return {cell[0].strip().strip("`"): [text.strip() for text in cell[1:]] for cell in cells}


def run(script: str, folder: Path) -> str:
    """What a person's shell prints; the sandboxes that it starts end with it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PLUSOFON_")}
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={
            **inherited,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "XDG_STATE_HOME": str(folder),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = process.communicate(timeout=120)
    finally:
        # Where all have ended there is no such group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, printed
    return printed


ENDS = "\nkill $(jobs -p)\nwait"


def test_the_first_start_prints_what_the_guide_shows(tmp_path: Path) -> None:
    (folder := tmp_path / "plusofon").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    (folder / "sandbox.port").write_text(port)
    [start] = blocks("Start", "console")
    [shown] = blocks("Start", "text")
    script = f"{start.strip()} > said &\nuntil grep -qs ^page: said; do sleep 0.1; done\ncat said{ENDS}"
    printed = run(script, tmp_path)
    token = (folder / "sandbox.token").read_text()
    assert printed == shown.replace("8700", port).replace("TOKEN\n", f"{token}\n")


def test_a_script_starts_steers_and_breaks_a_sandbox(tmp_path: Path) -> None:
    start, broken = blocks("In a script", "console")
    [program] = blocks("In a script", "python")
    (tmp_path / "steer.py").write_text(program)
    printed = run(f"{start}\npython steer.py\n{broken}{ENDS}", tmp_path)
    assert "+44 7700 900131" in printed or "447700900131" in printed
    assert re.search(r"GET /api/v1/number/external 503 \d+ms fault=status", printed)
    assert (tmp_path / "token").read_text().strip() not in printed


def test_a_change_behind_pulumis_back_is_one_line(sandbox: SandboxServer, tmp_path: Path) -> None:
    sandbox.seed({"type": "sipuri", "number": "447700900131", "host": "sip.operator.example"})
    [line] = blocks("The page", "console")
    run(f"export PLUSOFON_TOKEN={sandbox.token} PLUSOFON_BASE_URL={sandbox.url}\n{line}", tmp_path)
    assert sandbox.account()[0]["host"] == "sip2.operator.example"


def test_a_seed_fills_a_new_account(tmp_path: Path) -> None:
    [script] = blocks("Seeds", "console")
    printed = run(f"export PLUSOFON_TOKEN=given-token\n{script}{ENDS}", tmp_path)
    assert "1 numbers from seed.json; it knows no SIP password of them" in printed
    assert json.loads((tmp_path / "seed.json").read_text())["targets"]["group"][0]["name"] == "Support"


def test_the_table_of_requests_has_each_control_path(tmp_path: Path) -> None:
    store = Store(tmp_path / "account.db")
    routes = control.routes(Sandbox(store, "token", Settings()))
    store.close()
    served = {
        f"{method} {route.path.replace(':id', '')}"
        for route in routes[:-1]
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert set(rows("The control plane", "request")) == served


def test_the_table_of_settings_has_each_with_its_default() -> None:
    shown = {name: cells[0] for name, cells in rows("Settings", "setting").items()}
    defaults = Settings().model_dump()
    assert shown == {name: _written(value) for name, value in defaults.items()}


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    return "none" if value is None else json.dumps(value)


def test_the_tables_of_faults_have_each_kind_and_field() -> None:
    assert set(rows("Faults", "kind")) == set(get_args(Kind))
    fields = rows("Faults", "field")
    assert set(fields) == set(Fault.model_fields)
    assert re.findall(r"`(\w+)`", fields["operation"][1]) == list(get_args(OperationName))
