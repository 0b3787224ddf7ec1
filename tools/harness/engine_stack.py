"""A stack on the real engine as tests hold it: a program made of data, commands, state, output."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_plusofon.pulumi_cli.runner import VARIABLES

from .forwarding_types import CRMS, TYPES
from .state_file import deployment_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_plusofon.testing import SandboxServer

    from .starts import Starts

BIN = Path(sys.executable).parent
PROGRAM = Path(__file__).with_name("program")
_COMMAND_SECONDS = 180
_LOOKS = ("same", "refresh")
# A preview makes snapshots as an `up` does, and keeps none of them.
_PREVIEWED = {"PULUMI_SKIP_CHECKPOINTS": "true"}
ONE_OF_EACH: dict[str, dict[str, Any]] = {
    **{name: {"type": name, row.field: row.value, "cli_type": "Y"} for name, row in TYPES.items()},
    **{name: {"type": name, "host": host, "cli_type": "N"} for name, host in CRMS.items()},
    "number": {"type": "number", "destination_number": "12025550123", "cli_type": "N"},
    "bitrix": {
        "type": "bitrix",
        "host": CRMS["bitrix"],
        "cli_type": "Y",
        "type_default": "sip",
        "sip_id": 4,
        "cli_type_default": "N",
    },
    "retail": {
        "type": "retail",
        "host": CRMS["retail"],
        "cli_type": "Y",
        "type_default": "number",
        "destination_number": "12025550124",
    },
    "empty": {"type": "empty"},
}


def pulumi_environment(folder: Path, backend: Path, passphrase: str) -> dict[str, str]:
    """This process's environment less its settings of ours, for `pulumi` with a home in `folder`."""
    return {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("PLUSOFON_", "PULUMI_"))
        },
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": passphrase,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # As docs/performance.md advises: a run takes a twentieth less CPU time.
        "GOGC": "400",
    }


def numbered(place: int, secret: str, **more: Any) -> dict[str, Any]:
    """The `ate` number of a place in a row of them, as a program declares it."""
    return {
        "type": "ate",
        "number": f"447700900{place:03}",
        "host": "sip.operator.example",
        "login": f"user{place}",
        "secret": secret,
        **more,
    }


@dataclass(frozen=True)
class Ran:
    """A command that has run: its exit status and all that it printed."""

    status: int
    text: str


class EngineStack:
    """One stack of the program in `program`, with its own backend, home and SIP password.

    `environment` adds to that of its commands, or changes it, such as the backend. `starts` has what to copy.
    """

    def __init__(
        self,
        folder: Path,
        sandbox: SandboxServer,
        secret: str,
        name: str = "test",
        *,
        program: Path = PROGRAM,
        environment: Mapping[str, str] | None = None,
        starts: Starts | None = None,
    ) -> None:
        self.folder = folder
        self.name = name
        self.sandbox = sandbox
        self.secret = secret
        self.said = ""
        self.program = folder / "program"
        self.backend = folder / "backend"
        self.starts = starts
        shutil.copytree(program, self.program)
        self.project: str = yaml.safe_load((program / "Pulumi.yaml").read_text())["name"]
        self.environment = {
            **pulumi_environment(folder, self.backend, "test"),
            "PULUMI_PYTHON_CMD": sys.executable,
            "PLUSOFON_TOKEN": sandbox.token,
            "PLUSOFON_BASE_URL": sandbox.url,
            **(environment or {}),
        }
        self.backend.mkdir()
        if starts is None:
            self.run("stack", "init", name)
        else:
            starts.new(self)

    def on_another_machine(self, folder: Path) -> EngineStack:
        """The same stack on the same backend, with a home and a working copy of its own in `folder`."""
        other = copy.copy(self)
        other.folder = folder
        other.said = ""
        other.program = folder / "program"
        other.environment = {**self.environment, "PULUMI_HOME": str(folder / "home")}
        shutil.copytree(self.program, other.program)
        other.run("stack", "select", self.name)
        return other

    def run(self, *arguments: str, status: int | None = 0, **environment: str | None) -> Ran:
        """Run `pulumi` with `arguments`; anything but exit `status` fails the test (None: not 0).

        `environment` changes the command's environment, None takes a variable out.
        """
        if arguments[0] == "preview":
            environment = {**_PREVIEWED, **environment}
        command: list[str | Path] = [BIN / "pulumi", "--non-interactive", "--color", "never", *arguments]
        ran = self.execute(command, **{**VARIABLES.get(arguments[0], {}), **environment})
        is_as_wanted = ran.status != 0 if status is None else ran.status == status
        if not is_as_wanted:
            raise AssertionError(f"pulumi {' '.join(arguments)}: exit {ran.status}\n{ran.text}")
        return ran

    def plusofon(self, *words: str, **environment: str | None) -> Ran:
        """Run `plusofon` in the project's folder."""
        return self.execute([BIN / "plusofon", *words], **environment)

    def shell(self, script: str, **environment: str | None) -> Ran:
        """Run a shell's script, up to its first command that fails, in the project's folder."""
        return self.execute(["bash", "-euo", "pipefail", "-c", script], **environment)

    def execute(self, command: Sequence[str | Path], **environment: str | None) -> Ran:
        """Run a command where and with what the stack's own run; `environment` as for `run`."""
        changed = {**self.environment, **environment}
        done = subprocess.run(
            list(command),
            cwd=self.program,
            env={name: value for name, value in changed.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        self.said += done.stdout
        return Ran(done.returncode, done.stdout)

    def declare(self, spec: dict[str, dict[str, Any]]) -> None:
        """Make `spec` the program: numbers by resource name, `forwards` by theirs below them."""
        (self.program / "spec.json").write_text(json.dumps(spec))

    def up(self, spec: dict[str, dict[str, Any]] | None = None, *options: str, status: int | None = 0) -> Ran:
        """`pulumi up`, of `spec` if given."""
        if spec is not None:
            self.declare(spec)
        return self.run("up", "--yes", "--skip-preview", "--stack", self.name, *options, status=status)

    def start(self, spec: dict[str, dict[str, Any]] | None = None) -> None:
        """Bring a new stack up on an empty account, and empty the account's log."""
        if spec is not None:
            self.declare(spec)
        if self.starts is None:
            self.up()
        else:
            self.starts.up(self)
        self.sandbox.clear_requests()

    def refused_preview(self, spec: dict[str, dict[str, Any]]) -> str:
        """What a `pulumi preview` of `spec` says that must fail."""
        self.declare(spec)
        return self.run("preview", "--stack", self.name, status=None).text

    def preview(self, *options: str, status: int | None = 0) -> dict[str, str]:
        """What `pulumi preview` would do, as operations by resource name, less those that only look."""
        told = self.run("preview", "--json", "--stack", self.name, *options, status=status).text
        steps = json.loads(told[told.index("{") :])["steps"]
        return {_name(step["urn"]): step["op"] for step in steps if step["op"] not in _LOOKS}

    def refresh(self, *, status: int | None = 0) -> Ran:
        """`pulumi refresh`."""
        return self.run("refresh", "--yes", "--skip-preview", "--stack", self.name, status=status)

    def destroy(self, *, status: int | None = 0) -> Ran:
        """`pulumi destroy`."""
        return self.run("destroy", "--yes", "--skip-preview", "--stack", self.name, status=status)

    def deployment(self) -> dict[str, Any]:
        """The state, as `pulumi stack export` prints it."""
        if self.environment["PULUMI_BACKEND_URL"] == self.backend.as_uri():
            return deployment_of(self.backend, self.project, self.name)
        exported: dict[str, Any] = json.loads(self.run("stack", "export", "--stack", self.name).text)
        state: dict[str, Any] = exported["deployment"]
        return state

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's own resources by "Kind name"."""
        ours = [
            resource for resource in self.deployment().get("resources", ()) if "plusofon" in resource["type"]
        ]
        return {
            f"{resource['type'].rpartition(':')[2]} {_name(resource['urn'])}": resource for resource in ours
        }

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets as [secret]."""
        outputs: dict[str, Any] = json.loads(self.run("stack", "output", "--json", "--stack", self.name).text)
        return outputs

    def urn(self, resource: str) -> str:
        """The URN of "Kind name"."""
        urn: str = self.resources()[resource]["urn"]
        return urn

    def tokens_in_clear(self) -> list[str]:
        """Where the token or the SIP password stands in clear: state, backups, output, the server's log."""
        places = {"what pulumi printed": self.said, "the sandbox's log": json.dumps(self.sandbox.requests())}
        for file in [*self.backend.rglob("*"), *(self.folder / "home").rglob("*")]:
            if file.is_file():
                places[str(file)] = file.read_bytes().decode("utf-8", "replace")
        canaries = (self.sandbox.token, self.secret)
        return [place for place, text in places.items() if any(canary in text for canary in canaries)]


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def expected_account(spec: dict[str, dict[str, Any]], default_port: int = 5060) -> dict[str, dict[str, Any]]:
    """What the account must hold after an `up` of `spec`, by number."""
    expected = {}
    for entry in spec.values():
        ate = entry["type"] == "ate"
        forwards = list(entry.get("forwards", {}).values())
        forwarding = forwards[0] if forwards and forwards[0]["type"] != "empty" else None
        expected[entry["number"]] = {
            "type": entry["type"],
            "host": entry["host"],
            "port": entry.get("port", default_port) if ate else None,
            "login": entry.get("login"),
            "forwarding": forwarding,
        }
    return expected


def held_account(sandbox: SandboxServer) -> dict[str, dict[str, Any]]:
    """What the account holds, in the same form."""
    held = {}
    for number in sandbox.account():
        forwarding = number["forwarding"]
        held[number["number"]] = {
            "type": number["type"],
            "host": number["host"],
            "port": number["port"],
            "login": number["login"],
            "forwarding": forwarding
            and {key: value for key, value in forwarding.items() if key not in ("number_type", "number_id")},
        }
    return held


def sent(sandbox: SandboxServer) -> list[str]:
    """The requests since the log was emptied, as "PUT ate", in order; the log is empty afterwards."""
    requests = sandbox.requests()
    sandbox.clear_requests()
    base = "/api/v1/number/external"
    return [
        f"{request['method']} {request['path'].removeprefix(base).lstrip('/')}".strip()
        for request in requests
    ]


def refused(sandbox: SandboxServer) -> list[dict[str, Any]]:
    """The requests that the strict server refused of itself."""
    return [
        request
        for request in sandbox.requests()
        if request["status"] != HTTPStatus.OK and not request["fault"]
    ]
