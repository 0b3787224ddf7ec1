"""The engine's place in a quick run: takes registrations, checks them, and answers as an account would.

Every number gets an id at once, as if it had been connected. Sends nothing, and keeps nothing after the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor

from pulumi_plusofon import lifecycle
from pulumi_plusofon.hosts.properties import plain_values
from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING, kind_of

CUSTOMER_ID: Final = 42291
_FIRST_ID: Final = 101
_STACK: Final = "pulumi:pulumi:Stack"
# The engine's mark of a secret value, as a property has it.
_MARK: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the mark's value, and no password
_HIDDEN: Final = "[secret]"
_OF_THE_NUMBER: Final = ("number_type", "number_id")
_LIFECYCLES: Final = {
    EXTERNAL_NUMBER.name: lifecycle.EXTERNAL_NUMBER,
    NUMBER_FORWARDING.name: lifecycle.FORWARDING,
}


class QuickMonitor(MockMonitor):
    """What a program registers, in the order in which it does."""

    def __init__(self) -> None:
        self._answers = _Answers()
        super().__init__(self._answers)
        self._last_id = _FIRST_ID - 1
        self.registered: list[dict[str, Any]] = []
        """Every resource as JSON has it: kind, name, inputs without secrets."""
        self.ours: list[Resource] = []
        """Our own resources as rules see them."""
        self.problems: list[str] = []
        self.outputs: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the base class's name
        """Take a resource; one of ours is checked, and gets what the account would list."""
        kind = kind_of(request.type)
        given = rpc.deserialize_properties(request.object)
        if kind:
            return self._ours(request, kind, given)
        if request.type != _STACK:
            self._show(request.type, request.name, _without_secrets(given))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802  the base class's name
        """Take the outputs of the stack."""
        if f"::{_STACK}::" in request.urn:
            self.outputs = _without_secrets(rpc.deserialize_properties(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # the SDK's

    def _show(self, kind: str, name: str, inputs: Mapping[str, Any]) -> None:
        shown = {key: value for key, value in plain_values(inputs).items() if value is not None}
        self.registered.append({"kind": kind, "name": name, "inputs": shown})

    def _ours(self, request: Any, kind: str, given: dict[str, Any]) -> Any:
        checked = _LIFECYCLES[kind].check(plain_values(_opened(given)))
        hidden = {name for name, value in given.items() if _is_secret(value)} | {
            *request.additionalSecretOutputs
        }
        self.problems += [f"{kind} {request.name}: {problem}" for problem in checked.problems]
        self._show(
            kind, request.name, {**checked.inputs, **dict.fromkeys(hidden & checked.inputs.keys(), _HIDDEN)}
        )
        if kind == EXTERNAL_NUMBER.name:
            self._last_id += 1
            resource_id, listed = str(self._last_id), _listed(checked.inputs, self._last_id)
        else:
            resource_id, listed = "/".join(str(checked.inputs.get(name)) for name in _OF_THE_NUMBER), {}
        outputs = {**checked.inputs, **listed}
        secrets = {name: {_MARK: _SECRET, "value": outputs[name]} for name in hidden & outputs.keys()}
        self._answers.next = (resource_id, {**outputs, **secrets})
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's
        self.ours.append(
            Resource(
                kind,
                request.name,
                answer.urn,
                outputs,
                f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}",
                protect=request.protect,
                sources={name: tuple(one.urns) for name, one in request.propertyDependencies.items()},
            )
        )
        return answer


class _Answers(pulumi.runtime.Mocks):
    """Ours are as the monitor says; those of others as declared, and what they are asked has no answer."""

    def __init__(self) -> None:
        self.next: tuple[str, dict[str, Any]] | None = None
        """The id and the outputs of the resource that is registered next, if it is ours."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        ours, self.next = self.next, None
        return ours or (f"{args.name}-id", dict(args.inputs))

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return dict(args.args), []


def _listed(inputs: Mapping[str, Any], number_id: int) -> dict[str, Any]:
    """What the account's list would say of a number."""
    if inputs.get("type") == "ate":
        own = {"source": f"{inputs.get('login')}@{inputs.get('host')}", "inbound_uri": None}
    else:
        own = {
            "source": inputs.get("host"),
            "inbound_uri": f"{CUSTOMER_ID}{inputs.get('number')}@ext.plusofon.ru",
        }
    return {"number_id": number_id, "customer_id": CUSTOMER_ID, **own}


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get(_MARK) == _SECRET


def _opened(value: Any) -> Any:
    if _is_secret(value):
        return _opened(value["value"])
    if isinstance(value, Mapping):
        return {name: _opened(inner) for name, inner in value.items()}
    return [_opened(one) for one in value] if isinstance(value, list) else value


def _without_secrets(value: Any) -> Any:
    if _is_secret(value):
        return _HIDDEN
    if isinstance(value, Mapping):
        return {name: _without_secrets(inner) for name, inner in value.items()}
    return [_without_secrets(one) for one in value] if isinstance(value, list) else value
