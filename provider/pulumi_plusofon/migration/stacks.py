"""A stack as the commands read it: its configuration, its settings, and our resources in its state.

Asks `pulumi` alone, which takes no lock for it. Secrets are read into memory and never shown. Changes
nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.schema.kinds import CUSTOMER, kind_of

from .engine import StackError, output_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Resource", "Stack", "StackError", "read_config", "read_settings", "read_stack", "stack_of"]

# The engine's mark of a secret in a state, and what stands beside it in clear.
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_PROVIDER: Final = "pulumi:providers:pulumi-python"


@dataclass(frozen=True)
class Resource:
    """One of our resources in a state.

    `kind` is "ExternalNumber" or "NumberForwarding", `outputs` what the state keeps of it, secrets in clear,
    `provider` the URN of the provider resource whose account it is in, `dependencies` the URNs that it
    depends on.
    """

    urn: str
    kind: str
    name: str
    id: str
    outputs: Mapping[str, Any] = field(repr=False)
    provider: str
    dependencies: tuple[str, ...] = ()
    protect: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is an external number, and no forwarding."""
        return self.kind == "ExternalNumber"

    @property
    def customer_id(self) -> int | None:
        """The id of the account that it is in, None where no list has shown it."""
        value = self.outputs.get(CUSTOMER)
        return None if value is None else int(value)


@dataclass(frozen=True)
class Stack:
    """Our resources in a stack's state, and the inputs of the accounts that are beside its own, by URN."""

    name: str
    resources: tuple[Resource, ...]
    accounts: Mapping[str, Mapping[str, str]] = field(repr=False)

    def numbers(self) -> Iterator[Resource]:
        """The external numbers."""
        return (one for one in self.resources if one.is_number)

    def forwarding_of(self, number: Resource) -> Resource | None:
        """The forwarding that the stack has of an external number of its own."""
        key = (number.outputs.get("type"), str(number.outputs.get("number_id")), number.provider)
        for one in self.resources:
            named = (one.outputs.get("number_type"), str(whole(one.outputs.get("number_id"))), one.provider)
            if not one.is_number and named == key:
                return one
        return None


def read_config(stack: str, folder: Path) -> dict[str, str]:
    """The stack's whole configuration, keys in full ("plusofon:token"), secrets in clear.

    Raises `StackError`.
    """
    said = output_of(folder, "config", "--json", "--show-secrets", "--stack", stack)
    values = {key: entry.get("value") for key, entry in _json(said, "config").items()}
    return {key: value for key, value in values.items() if isinstance(value, str)}


def read_settings(stack: str, folder: Path) -> Settings:
    """The settings of the stack's own account; raises `ConfigurationError` or `StackError`."""
    config = read_config(stack, folder)
    return Settings.load(config.get, keys=config)


def read_stack(stack: str, folder: Path) -> Stack:
    """Our resources in the stack's state as it was last written. Raises `StackError`."""
    said = output_of(folder, "stack", "export", "--show-secrets", "--stack", stack)
    return stack_of(stack, _json(said, "stack export"))


def stack_of(name: str, exported: Mapping[str, Any]) -> Stack:
    """Our resources in an exported state."""
    entries = (exported.get("deployment") or {}).get("resources") or ()
    resources = tuple(
        Resource(
            urn=entry["urn"],
            kind=kind,
            name=entry["urn"].rpartition("::")[2],
            id=entry.get("id", ""),
            outputs={key: whole(_in_clear(value)) for key, value in entry.get("outputs", {}).items()},
            provider=entry.get("provider", "").rpartition("::")[0],
            dependencies=tuple(entry.get("dependencies") or ()),
            protect=bool(entry.get("protect")),
        )
        for entry in entries
        if (kind := kind_of(entry["type"])) and not entry.get("delete")
    )
    accounts = {
        entry["urn"]: {key: str(_in_clear(value)) for key, value in entry.get("inputs", {}).items()}
        for entry in entries
        if entry["type"] == _PROVIDER and not _is_default(entry["urn"])
    }
    return Stack(name, resources, accounts)


def _is_default(urn: str) -> bool:
    return urn.rpartition("::")[2].startswith("default")


def _in_clear(value: Any) -> Any:
    """A state's value without the engine's mark of a secret; one that is encrypted is not known."""
    if isinstance(value, dict):
        if _SIGNATURE in value:
            return json.loads(value["plaintext"]) if "plaintext" in value else None
        return {key: _in_clear(inner) for key, inner in value.items()}
    return [_in_clear(inner) for inner in value] if isinstance(value, list) else value


def whole(value: Any) -> Any:
    """A whole number as an integer: the engine keeps every number as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _json(said: str, command: str) -> dict[str, Any]:
    try:
        content = json.loads(said)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise StackError(f"`pulumi {command}` did not print JSON: a newer or older engine may be on PATH")
    return content
