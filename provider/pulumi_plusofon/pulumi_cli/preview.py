"""The steps of a preview, as `pulumi preview --json` prints them: a resource before and after.

Says what the engine would do, and decides nothing. Secrets and values that are known in the update alone
stay what the engine writes in their place.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.kinds import KINDS, NUMBER_FORWARDING, kind_of, name_in

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
# The module of our provider classes, which is in their pickles.
_CLASSES: Final = b"pulumi_plusofon.hosts.dynamic"


@dataclass(frozen=True)
class State:
    """A resource as a step finds it or leaves it.

    `kind` says which of our resources it is, by the provider class that serves it and else by its type; None
    for all others. `provider` is the URN of its provider resource, None in the stack's own account; `sources`
    has the URNs of the resources that each property comes from. `is_left_over` says that another one has
    taken its place already. `urn` is the one of before where an alias renames it. `deleted_with` is the URN
    of the resource with which it ends: the engine sends nothing for its own end then.
    """

    token: str
    kind: str | None
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    provider: str | None
    sources: Mapping[str, tuple[str, ...]]
    is_custom: bool = True
    is_protected: bool = False
    is_retained: bool = False
    is_left_over: bool = False
    urn: str = ""
    deleted_with: str = ""

    @property
    def numbers(self) -> frozenset[str]:
        """The URNs of the numbers whose id a forwarding takes: it goes with them where they are replaced."""
        return frozenset(self.sources.get("number_id", ()))


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
    def urns(self) -> frozenset[str]:
        """The resource's URN, and the one that it had before."""
        return frozenset({self.urn, self.old.urn if self.old else ""} - {""})

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
        return self.state.kind if self.state else None


def read_step(step: Mapping[str, Any]) -> Step:
    """A step of the preview's JSON. Raises `KeyError`, `TypeError` or `AttributeError` for what is none."""
    op, urn = _text(step["op"]), _text(step["urn"])
    if not urn.startswith("urn:pulumi:"):
        raise TypeError(urn)
    return Step(op, urn, _state(step.get("oldState")), _state(step.get("newState")))


def is_known(value: Any) -> bool:
    """Whether a preview shows the value: a secret and a value that waits for the update are not shown."""
    return value not in (SECRET, COMPUTED) and not isinstance(value, dict)


def _state(state: Mapping[str, Any] | None) -> State | None:
    if state is None:
        return None
    provider = _text(state.get("provider") or "").rpartition("::")[0]
    token = _text(state.get("type", ""))
    sources = {name: tuple(urns) for name, urns in (state.get("propertyDependencies") or {}).items() if urns}
    kind, resource_id = _kind(state) or kind_of(token), _text(state.get("id") or "")
    of_number = _of_number(resource_id) if kind == NUMBER_FORWARDING.name else {}
    return State(
        token=token,
        kind=kind,
        id=resource_id,
        inputs=_properties(state.get("inputs"), of_number),
        outputs=_properties(state.get("outputs"), of_number),
        provider=provider if provider and not provider.endswith(_OWN) else None,
        sources=sources,
        is_custom=bool(state.get("custom", True)),
        is_protected=bool(state.get("protect")),
        is_retained=bool(state.get("retainOnDelete")),
        is_left_over=bool(state.get("delete")),
        urn=_text(state.get("urn") or ""),
        deleted_with=_text(state.get("deletedWith") or ""),
    )


def _kind(state: Mapping[str, Any]) -> str | None:
    """Which of our resources it is by the pickle of its provider: a raw resource may have any type."""
    for properties in (state.get("inputs"), state.get("outputs")):
        pickled = (properties or {}).get(_PICKLE)
        if not isinstance(pickled, str):
            continue
        try:
            content = base64.b64decode(pickled, validate=True)
        except binascii.Error:
            # A secret, as which an earlier version of the SDK kept it.
            continue
        if _CLASSES in content:
            return next((kind.name for kind in KINDS if f"{kind.name}Provider".encode() in content), None)
    return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _properties(given: Mapping[str, Any] | None, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What is given, with what is `shown` elsewhere in place of what is hidden."""
    return {
        name: shown[name] if name in shown and not is_known(value) else value
        for name, value in (given or {}).items()
        if name != _PICKLE
    }


def _of_number(resource_id: str) -> dict[str, Any]:
    """The number of a forwarding, from its id ("ate/101"): a program may keep the number's id as a secret."""
    number_type, _, number_id = resource_id.partition("/")
    return {"number_type": number_type, "number_id": int(number_id)} if number_id.isdecimal() else {}
