"""Declares what `spec.json` beside it says, so that a test changes its program by writing data.

A value {"promise": x} is given as an output, {"unknown": x} as one that a preview does not know.
"""

import json
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

from pulumi_plusofon import ExternalNumber, NumberForwarding


class _EchoProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("echo", {**props, "echoed": props["value"]})

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=_olds["turn"] != _news["turn"])

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        return UpdateResult({**_news, "echoed": _news["value"]})


class _Echo(Resource, module="test", name="Echo"):
    """Its `echoed` is its `value`, but unknown in every preview that changes `turn`."""

    echoed: pulumi.Output[Any]

    def __init__(self, name: str, value: Any, turn: int) -> None:
        props = {"value": pulumi.Output.secret(value), "turn": turn, "echoed": None}
        options = pulumi.ResourceOptions(additional_secret_outputs=["echoed"])
        super().__init__(_EchoProvider(), name, props, options)


spec = json.loads(Path(__file__).with_name("spec.json").read_text())


def _given(resource: str, field: str, value: Any) -> Any:
    if isinstance(value, dict) and "promise" in value:
        return pulumi.Output.from_input(value["promise"])
    if isinstance(value, dict) and "unknown" in value:
        return _Echo(f"{resource}-{field}", value["unknown"], value["turn"]).echoed
    return value


for name, entry in spec.items():
    forwards = entry.pop("forwards", {})
    options = pulumi.ResourceOptions(**entry.pop("opts", {}))
    number = ExternalNumber(
        name, **{field: _given(name, field, value) for field, value in entry.items()}, opts=options
    )
    for forward_name, forward in forwards.items():
        inputs = {field: _given(forward_name, field, value) for field, value in forward.items()}
        if "number_id" not in inputs:
            inputs["number"] = number
        NumberForwarding(forward_name, **inputs)
    pulumi.export(
        name,
        {
            "id": number.id,
            "number_id": number.number_id,
            "number": number.number,
            "type": number.type,
            "source": number.source,
            "inbound_uri": number.inbound_uri,
            "customer_id": number.customer_id,
            "secret": number.secret,
        },
    )
