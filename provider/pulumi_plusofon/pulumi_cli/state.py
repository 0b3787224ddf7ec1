"""A stack as the commands read it: its configuration, its settings, and our resources in its state.

Asks `pulumi` alone, which takes no lock for it. Secrets are read into memory and never shown. Changes
nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.kinds import CUSTOMER, EXTERNAL_NUMBER, kind_of, name_in

from .runner import StackError, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = [
    "StackError",
    "StackState",
    "StateResource",
    "read_config",
    "read_entries",
    "read_marked_config",
    "read_stack",
    "stack_of",
]

# The engine's mark of a secret in a state, and what stands beside it in clear.
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_PROVIDER: Final = "pulumi:providers:pulumi-python"
# The SDK keeps the provider's pickle among the outputs.
_PICKLE: Final = "__provider"


@dataclass(frozen=True)
class StateResource:
    """One of our resources in a state.

    `kind` is "ExternalNumber" or "NumberForwarding", `outputs` what the state keeps of it, secrets in clear,
    `secrets` the names of those that the state has as secrets, `provider` the URN of the provider resource
    whose account it is in, `dependencies` the URNs that it depends on.
    """

    urn: str
    kind: str
    name: str
    id: str
    outputs: Mapping[str, Any] = field(repr=False)
    provider: str
    dependencies: tuple[str, ...] = ()
    protect: bool = False
    secrets: frozenset[str] = frozenset()

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
class StackState:
    """Our resources in a stack's state, and the inputs of the accounts that are beside its own, by URN.

    `left_over` are the digits of the numbers that a failed run has left to be deleted.
    """

    name: str
    resources: tuple[StateResource, ...]
    accounts: Mapping[str, Mapping[str, str]] = field(repr=False)
    left_over: frozenset[str] = frozenset()

    def numbers(self) -> Iterator[StateResource]:
        """The external numbers."""
        return (resource for resource in self.resources if resource.is_number)

    def forwarding_of(self, number: StateResource) -> StateResource | None:
        """The forwarding that the stack has of an external number of its own."""
        return self._forwardings.get(_id(number))

    def number_of(self, forwarding: StateResource) -> StateResource | None:
        """The stack's own external number that a forwarding is of."""
        return self._numbers.get(_id(forwarding))

    @cached_property
    def _forwardings(self) -> Mapping[tuple[str, str, str], StateResource]:
        return {_id(resource): resource for resource in self.resources if not resource.is_number}

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, str, str], StateResource]:
        return {_id(resource): resource for resource in self.numbers()}


def _id(resource: StateResource) -> tuple[str, str, str]:
    """What a number and its forwarding have in common: type, id, and the account that both are in."""
    number_type = resource.outputs.get("type" if resource.is_number else "number_type")
    return str(number_type), str(resource.outputs.get("number_id")), resource.provider


def read_config(stack: str, folder: Path) -> dict[str, str]:
    """The stack's as_integer configuration, keys in full ("plusofon:token"), secrets in clear.

    Raises `StackError`.
    """
    return read_marked_config(stack, folder)[0]


def read_marked_config(stack: str, folder: Path) -> tuple[dict[str, str], frozenset[str]]:
    """As `read_config`, and the keys whose values the stack keeps as secrets."""
    entries = _object(folder, "config", "--json", "--show-secrets", "--stack", stack)
    values = {key: entry.get("value") for key, entry in entries.items()}
    return (
        {key: value for key, value in values.items() if isinstance(value, str)},
        frozenset(key for key, entry in entries.items() if entry.get("secret")),
    )


def read_stack(stack: str, folder: Path) -> StackState:
    """Our resources in the stack's state as it was last written. Raises `StackError`."""
    return stack_of(stack, _object(folder, "stack", "export", "--show-secrets", "--stack", stack))


def read_entries(stack: str, folder: Path) -> list[dict[str, Any]]:
    """All resources of the stack's state as the engine keeps them, secrets encrypted.

    Raises `StackError`.
    """
    exported = _object(folder, "stack", "export", "--stack", stack)
    return (exported.get("deployment") or {}).get("resources") or []


def stack_of(name: str, exported: Mapping[str, Any]) -> StackState:
    """Our resources in an exported state."""
    entries = (exported.get("deployment") or {}).get("resources") or ()
    resources = tuple(
        StateResource(
            urn=entry["urn"],
            kind=kind,
            name=name_in(entry["urn"]),
            id=entry.get("id", ""),
            outputs={key: as_integer(_in_clear(value)) for key, value in _outputs(entry).items()},
            secrets=frozenset(key for key, value in _outputs(entry).items() if _is_secret(value)),
            provider=entry.get("provider", "").rpartition("::")[0],
            dependencies=tuple(entry.get("dependencies") or ()),
            protect=bool(entry.get("protect")),
        )
        for entry in entries
        if (kind := kind_of(entry["type"])) and not entry.get("delete")
    )
    accounts = {
        entry["urn"]: {
            key: value
            for key, secret in entry.get("inputs", {}).items()
            if isinstance(value := _in_clear(secret), str)
        }
        for entry in entries
        if entry["type"] == _PROVIDER and not _is_default(entry)
    }
    left_over = {
        str(_outputs(entry).get("number"))
        for entry in entries
        if entry.get("delete") and kind_of(entry["type"]) == EXTERNAL_NUMBER.name
    }
    return StackState(name, resources, accounts, frozenset(left_over))


def _is_default(entry: Mapping[str, Any]) -> bool:
    """Whether it is the engine's own provider, which has no parent; an `Account` may have any name."""
    return "parent" not in entry and name_in(entry["urn"]).startswith("default")


def _outputs(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in (entry.get("outputs") or {}).items() if key != _PICKLE}


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and _SIGNATURE in value


def _in_clear(value: Any) -> Any:
    """A state's value without the engine's mark of a secret; one that is encrypted is not known."""
    if isinstance(value, dict):
        if _is_secret(value):
            return json.loads(value["plaintext"]) if "plaintext" in value else None
        return {key: _in_clear(inner) for key, inner in value.items()}
    return [_in_clear(inner) for inner in value] if isinstance(value, list) else value


def as_integer(value: Any) -> Any:
    """A as_integer number as an integer: the engine keeps every number as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _object(folder: Path, *arguments: str) -> dict[str, Any]:
    content = read_json(folder, *arguments)
    if not isinstance(content, dict):
        raise StackError(f"`pulumi {' '.join(arguments)}` printed no object: another engine may be on PATH")
    return content
