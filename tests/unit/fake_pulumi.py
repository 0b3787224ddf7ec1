"""A program `pulumi` that prints the configurations and states that a test has written, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from unit.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIGNATURE: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PROVIDERS: Final = "urn:pulumi:prod::phones::pulumi:providers:pulumi-python"
OWN: Final = f"{PROVIDERS}::default"
# The entries of the account's list for two numbers, the first as `number` has it in the state.
OFFICE: Final[dict[str, Any]] = {
    "id": 101,
    "type": "АТС",
    "number": "447700900101",
    "source": "900101@sip.a.example",
    "customer_id": 42291,
    "status": True,
}
SALES: Final[dict[str, Any]] = {
    "id": 102,
    "type": "SIP-URI",
    "number": "447700900102",
    "source": "sip.a.example",
    "host": "42291447700900102@ext.plusofon.ru",
    "customer_id": 42291,
}
_STACK: Final = "urn:pulumi:prod::phones::pulumi:pulumi:Stack::phones-prod"
_SCRIPT: Final = """#!/bin/sh
for stack; do :; done
file="{folder}/$stack.$2.json"
[ -f "$file" ] && exec cat "$file"
echo "error: no stack named '$stack' found" >&2
exit 6
"""


def listed(*entries: dict[str, Any]) -> Answer:
    """The API's answer with these entries."""
    return Answer(body={"external_numbers": list(entries), "success": True})


class FakePulumi:
    """The program in `folder`/bin, and the stacks that it knows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        program = self.bin / "pulumi"
        program.write_text(_SCRIPT.format(folder=folder))
        program.chmod(0o755)

    def is_engine(self, version: str) -> None:
        """Let it be an engine of this version, with its programs beside it."""
        (self.folder / "version.version.json").write_text(f"{version}\n")
        for name in ("pulumi-language-python", "pulumi-resource-pulumi-python"):
            self.add(name, b"")

    def add(self, program: str, content: bytes) -> Path:
        """Put a program beside it."""
        file = self.bin / program
        file.write_bytes(content)
        file.chmod(0o755)
        return file

    def lists(self, *stacks: str) -> None:
        """Let it list these stacks of the project."""
        (self.folder / "--json.stack.json").write_text(json.dumps([{"name": name} for name in stacks]))

    def has(self, stack: str, *entries: dict[str, Any], **config: str) -> None:
        """Let it know a stack with these resources; `config` are values of `plusofon:`."""
        values = {f"plusofon:{key}": {"value": value, "secret": False} for key, value in config.items()}
        (self.folder / f"{stack}.config.json").write_text(json.dumps(values))
        (self.folder / f"{stack}.stack.json").write_text(json.dumps(exported(*entries)))


def exported(*entries: dict[str, Any]) -> dict[str, Any]:
    """An exported state with these resources, and what the engine adds to every one."""
    own = {"urn": OWN, "type": "pulumi:providers:pulumi-python", "id": "1", "inputs": {"plusofon:token": "x"}}
    stack = {"urn": _STACK, "type": "pulumi:pulumi:Stack"}
    return {"version": 3, "deployment": {"resources": [stack, own, *entries]}}


def secret(value: Any) -> dict[str, str]:
    """A value as a state shows it where it is a secret."""
    return {**SIGNATURE, "plaintext": json.dumps(value)}


def account(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """An `Account` beside the stack's own."""
    return {
        "urn": f"{PROVIDERS}::{name}",
        "type": "pulumi:providers:pulumi-python",
        "id": "2",
        "parent": _STACK,
        "inputs": {f"plusofon:{key}": value for key, value in inputs.items()},
    }


def number(name: str, provider: str = OWN, **outputs: Any) -> dict[str, Any]:
    """An external number: an `ate` one with the id 101, unless `outputs` say otherwise."""
    known: dict[str, Any] = {
        "__provider": "pickle",
        "type": "ate",
        "number": "447700900101",
        "host": "sip.a.example",
        "port": 5060.0,
        "login": "900101",
        "secret": secret("hidden"),
        "number_id": 101.0,
        "source": "900101@sip.a.example",
        "customer_id": 42291.0,
    } | outputs
    return _resource("ExternalNumber", name, str(int(known["number_id"])), provider, known)


def forwarding(name: str, provider: str = OWN, **outputs: Any) -> dict[str, Any]:
    """A forwarding to a group, of the number with the id 101."""
    known = {
        "number_type": "ate",
        "number_id": 101.0,
        "type": "group",
        "group_id": 9.0,
        "cli_type": "Y",
    } | outputs
    return _resource(
        "NumberForwarding", name, f"{known['number_type']}/{known['number_id']:.0f}", provider, known
    )


def _resource(
    kind: str, name: str, resource_id: str, provider: str, outputs: dict[str, Any]
) -> dict[str, Any]:
    token = f"pulumi-python:dynamic/plusofon:{kind}"
    return {
        "urn": f"urn:pulumi:prod::phones::{token}::{name}",
        "type": token,
        "id": resource_id,
        "provider": f"{provider}::7d6e",
        "outputs": outputs,
    }
