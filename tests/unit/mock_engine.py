"""Programs run against the SDK's mocks; what they register is kept as the engine would receive it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import set_root_resource

if TYPE_CHECKING:
    from collections.abc import Callable

# The engine's mark of a secret value.
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


@dataclass
class Registered:
    """One resource as it was registered."""

    type: str
    name: str
    inputs: dict[str, Any]
    delete_before_replace: bool | None
    secret_outputs: list[str] = field(default_factory=list)
    protect: bool = False
    aliases: list[str] = field(default_factory=list)


class _Mocks(pulumi.runtime.Mocks):
    def __init__(self, listed: dict[str, Any]) -> None:
        self._listed = listed

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        is_number = args.typ.endswith("ExternalNumber")
        return "101", {**args.inputs, **(self._listed if is_number else {})}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"a program of ours calls nothing, and this one called {args.token}")


class _Monitor(MockMonitor):
    def __init__(self, mocks: _Mocks) -> None:
        super().__init__(mocks)
        self.registered: list[Registered] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the base class's name
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        self.registered.append(
            Registered(
                request.type,
                request.name,
                rpc.deserialize_properties(request.object),
                request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
                list(request.additionalSecretOutputs),
                request.protect,
                [alias.spec.name for alias in request.aliases],
            )
        )
        return answer


def run(program: Callable[[], object], **listed: Any) -> list[Registered]:
    """What `program` registers; resources that do not wait for each other come in any order.

    `listed` are outputs of its numbers, as a list of the account would have them.

    Each run has a root of its own, as under the engine: what is warned of once in a run is warned of in each.
    """
    mocks = _Mocks(listed)
    monitor = _Monitor(mocks)
    set_root_resource(None)  # type: ignore[arg-type]  # what the SDK itself begins with
    pulumi.runtime.set_mocks(mocks, monitor=monitor)
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            program()
        except pulumi.RunError as failure:
            failures.append(failure)

    pulumi.runtime.test(guarded)()  # type: ignore[no-untyped-call]  # the SDK's
    if failures:
        raise failures[0]
    return [resource for resource in monitor.registered if resource.type.startswith("pulumi-python:")]
