"""The steps of a preview, as `pulumi preview --json` prints them: a resource before and after.

Says what the engine would do, and decides nothing. Secrets and values that are known in the update alone
stay what the engine writes in their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.kinds import kind_of, name_in

if TYPE_CHECKING:
    from collections.abc import Mapping

# How a preview writes a secret, and a value that it does not know.
SECRET: Final = "[secret]"  # noqa: S105 - the engine's own word
COMPUTED: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PROVIDERS: Final = "pulumi:providers:"
# The stack's own account. That of a component has the component's type in its URN.
_OWN: Final = "::pulumi:providers:pulumi-python::default"
# The SDK keeps the provider's pickle among the properties.
_PICKLE: Final = "__provider"


@dataclass(frozen=True)
class State:
    """A resource as a step finds it or leaves it.

    `provider` is the URN of its provider resource, None in the stack's own account; `sources` has the URNs of
    the resources that each property comes from.
    """

    token: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    provider: str | None
    sources: Mapping[str, tuple[str, ...]]
    is_custom: bool = True
    is_protected: bool = False
    is_retained: bool = False


@dataclass(frozen=True)
class Step:
    """One step: what it does (`op`, the engine's word), to which resource, before and after."""

    op: str
    urn: str
    old: State | None
    new: State | None

    @property
    def name(self) -> str:
        """The resource's name."""
        return name_in(self.urn)

    @property
    def state(self) -> State | None:
        """The resource after the step, or before it where nothing is left."""
        return self.new or self.old

    @property
    def token(self) -> str:
        """The token of the resource's type."""
        return self.state.token if self.state else ""

    @property
    def kind(self) -> str | None:
        """Which of our resources it is, None for all others."""
        return kind_of(self.token)


def read_step(step: Mapping[str, Any]) -> Step:
    """A step of the preview's JSON. Raises `KeyError`, `TypeError` or `AttributeError` for what is none."""
    return Step(step["op"], step["urn"], _state(step.get("oldState")), _state(step.get("newState")))


def is_known(value: Any) -> bool:
    """Whether a preview shows the value: a secret and a value that waits for the update are not shown."""
    return value not in (SECRET, COMPUTED) and not isinstance(value, dict)


def _state(state: Mapping[str, Any] | None) -> State | None:
    if state is None:
        return None
    provider = str(state.get("provider") or "").rpartition("::")[0]
    return State(
        token=str(state.get("type", "")),
        id=str(state.get("id", "")),
        inputs=_properties(state.get("inputs")),
        outputs=_properties(state.get("outputs")),
        provider=provider if provider and not provider.endswith(_OWN) else None,
        sources={
            name: tuple(urns) for name, urns in (state.get("propertyDependencies") or {}).items() if urns
        },
        is_custom=bool(state.get("custom", True)),
        is_protected=bool(state.get("protect")),
        is_retained=bool(state.get("retainOnDelete")),
    )


def _properties(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (given or {}).items() if name != _PICKLE}
