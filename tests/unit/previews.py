"""Steps of a preview as `pulumi preview --json` prints them, for a stack of a few numbers."""

from __future__ import annotations

from typing import Any, Final

URN: Final = "urn:pulumi:prod::phones::"
OWN: Final = f"{URN}pulumi:providers:pulumi-python::default::04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECOND: Final = f"{URN}pulumi:providers:pulumi-python::second::6f0d"
SECRET: Final = "[secret]"
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK: Final[dict[str, Any]] = {
    "op": "same",
    "urn": f"{URN}pulumi:pulumi:Stack::phones-prod",
    "oldState": {"type": "pulumi:pulumi:Stack", "custom": False},
    "newState": {"type": "pulumi:pulumi:Stack", "custom": False},
}
# What the sides of a step are made of, and what is left out where one is missing.
_ADDED: Final = ("create", "import")


def urn(kind: str, name: str) -> str:
    return f"{URN}pulumi-python:dynamic/plusofon:{kind}::{name}"


def number(
    op: str, name: str, digits: int, change: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A step of a sipuri number that ends in `digits`; `change` are its inputs after the step."""
    inputs = {"type": "sipuri", "number": f"447700900{digits}", "host": "sip.a.example", "adopt": False}
    inputs |= more.pop("inputs", {})
    listed = {"number_id": digits, "customer_id": 42291, "source": "sip.a.example"}
    return _step(op, "ExternalNumber", name, inputs, inputs | (change or {}), listed, str(digits), **more)


def ate(op: str, name: str, digits: int, change: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A step of an ate number, as `number`."""
    login = {"type": "ate", "port": 5060, "login": "900101", "secret": SECRET}
    return number(op, name, digits, change, inputs=login, **more)


def forwarding(
    op: str, name: str, of: int, change: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A step of the forwarding to group 9 of the number that ends in `of` and has its name."""
    inputs = {"type": "group", "group_id": 9, "cli_type": "Y", "number_type": "sipuri", "number_id": of}
    inputs |= more.pop("inputs", {})
    after = {name: value for name, value in (inputs | (change or {})).items() if value is not None}
    sources = {"number_id": [urn("ExternalNumber", more.pop("number", name))]}
    return _step(
        op, "NumberForwarding", name, inputs, after, {}, f"sipuri/{of}", propertyDependencies=sources, **more
    )


def preview(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """All that is printed."""
    counts: dict[str, int] = {}
    for step in (STACK, *steps):
        counts[step["op"]] = counts.get(step["op"], 0) + 1
    return {"steps": [STACK, *steps], "changeSummary": counts, **more}


def _step(
    op: str,
    kind: str,
    name: str,
    before: dict[str, Any],
    after: dict[str, Any],
    listed: dict[str, Any],
    resource_id: str,
    **state: Any,
) -> dict[str, Any]:
    common = {"type": f"pulumi-python:dynamic/plusofon:{kind}", "custom": True, "provider": OWN, **state}
    step: dict[str, Any] = {"op": op, "urn": urn(kind, name)}
    if op not in _ADDED:
        step["oldState"] = {**common, "id": resource_id, "inputs": before, "outputs": before | listed}
    if not op.startswith("delete"):
        step["newState"] = {**common, "inputs": after}
    return step
