"""A model of the engine for pairs of programs: previews as JSON of what it would do, and then does.

Knows the lifecycle and an account in memory, and nothing of the command that reads the previews.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import AccountSession
from unit.fake_account import FakeClient
from unit.previews import OWN, SECOND, SECRET, urn
from unit.previews import UNKNOWN as COMPUTED

PROVIDERS = {"own": OWN, "second": SECOND}


@dataclass(frozen=True)
class Declared:
    """A resource of a program; `of` is the name of a forwarding's number, None where it names an id."""

    kind: str
    name: str
    inputs: dict[str, Any]
    account: str = "own"
    of: str | None = None
    alias: str | None = None
    secrets: frozenset[str] = frozenset()
    retain: bool = False

    @property
    def urn(self) -> str:
        return urn(self.kind, self.name)

    @property
    def life(self) -> Any:
        return EXTERNAL_NUMBER if self.kind == "ExternalNumber" else FORWARDING


@dataclass
class Kept:
    """A resource in the state."""

    declared: Declared
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]

    @property
    def number(self) -> str | None:
        """The URN of a forwarding's number."""
        return urn("ExternalNumber", self.declared.of) if self.declared.of else None


class VendorsAccount(FakeClient):
    """An account that refuses to forward a number that it does not have."""

    def forward(self, body: dict[str, Any]) -> None:
        self._index(body["number_type"], body["number_id"])
        super().forward(body)


@dataclass
class ModelStack:
    """A stack's state and the accounts that it is in."""

    accounts: dict[str, FakeClient] = field(
        default_factory=lambda: {"own": VendorsAccount(), "second": VendorsAccount()}
    )
    state: dict[str, Kept] = field(default_factory=dict)

    def preview(self, program: list[Declared]) -> list[dict[str, Any]]:
        """The steps that `up` would do."""
        steps, seen = [], set()
        fresh: set[str] = set()
        changing: set[str] = set()
        renamed: dict[str, Kept] = {}
        for declared in program:
            kept = self._kept(declared)
            number = urn("ExternalNumber", declared.of) if declared.of else None
            inputs = self._inputs(declared, fresh, changing, renamed)
            if kept:
                renamed[declared.urn] = kept
            op = "create"
            if kept:
                seen.add(kept.declared.urn)
                diff = declared.life.diff(kept.outputs, inputs)
                moved = kept.declared.account != declared.account
                op = "replace" if diff.replaces or moved else "update" if diff.changed else "same"
            if op in ("create", "replace"):
                fresh.add(declared.urn)
            if op == "update":
                changing.add(declared.urn)
            step: dict[str, Any] = {
                "op": op,
                "urn": declared.urn,
                "newState": self._new(declared, inputs, number),
            }
            if kept:
                step["oldState"] = self._old(kept)
            steps.append(step)
        replaced = {step["oldState"]["urn"] for step in steps if step["op"] == "replace"}
        gone = [
            kept
            for key, kept in self.state.items()
            # The engine deletes what depends on a replaced resource before that, and shows no step for it.
            if key not in seen and kept.number not in replaced
        ]
        return steps + [
            {"op": "delete", "urn": kept.declared.urn, "oldState": self._old(kept)} for kept in _ends(gone)
        ]

    def entries(self) -> list[dict[str, Any]]:
        """What the state has of each resource."""
        return [self._old(kept) for kept in self.state.values()]

    def up(self, program: list[Declared]) -> PlusofonError | None:
        """Do it, one step after the other, up to the first error."""
        sessions = {name: AccountSession(client) for name, client in self.accounts.items()}
        before = dict(self.state)
        seen: set[str] = set()
        try:
            for declared in program:
                self._converge(declared, sessions, seen)
            for kept in _ends([kept for key, kept in before.items() if key not in seen]):
                self._delete(kept, sessions)
        except PlusofonError as error:
            return error
        return None

    def _converge(self, declared: Declared, sessions: dict[str, AccountSession], seen: set[str]) -> None:
        kept, session, life = self._kept(declared), sessions[declared.account], declared.life
        inputs = self._inputs(declared, set(), set(), self.state)
        if key := life.key(inputs):
            session.holds.declare(key, f"{declared.kind} {declared.name}")
        if kept:
            seen.add(kept.declared.urn)
            self.state[declared.urn] = self.state.pop(kept.declared.urn)
            diff = life.diff(kept.outputs, inputs)
            if diff.replaces or kept.declared.account != declared.account:
                life.expect_replacement(session, kept.outputs, inputs)
                for other in [*self.state.values()]:
                    if other.declared.of == kept.declared.name:
                        self._delete(other, sessions)
                        seen.add(other.declared.urn)
                self._delete(replace_urn(kept, declared), sessions)
            elif diff.changed:
                kept.outputs = life.update(session, kept.id, kept.outputs, inputs)
            else:
                life.keep(session, kept.outputs)
            kept.inputs, kept.declared = inputs, declared
        if declared.urn not in self.state:
            created = life.create(session, inputs)
            self.state[declared.urn] = Kept(declared, created.id, inputs, created.outputs)

    def _delete(self, kept: Kept, sessions: dict[str, AccountSession]) -> None:
        if not kept.declared.retain:
            kept.declared.life.delete(sessions[kept.declared.account], kept.id, kept.outputs)
        self.state.pop(kept.declared.urn, None)

    def _kept(self, declared: Declared) -> Kept | None:
        names = [declared.urn, *([urn(declared.kind, declared.alias)] if declared.alias else [])]
        return next((self.state[name] for name in names if name in self.state), None)

    def _inputs(
        self, declared: Declared, fresh: set[str], changing: set[str], there: dict[str, Kept]
    ) -> dict[str, Any]:
        given = dict(declared.inputs)
        if declared.of:
            key = urn("ExternalNumber", declared.of)
            number = there.get(key)
            is_fresh = key in fresh or number is None
            given["number_id"] = UNKNOWN if is_fresh or number is None else int(number.id)
            if not is_fresh and number is not None:
                unknown = key in changing
                given["customer_id"] = UNKNOWN if unknown else number.outputs["customer_id"]
        checked = declared.life.check(given)
        assert not checked.problems, checked.problems
        inputs: dict[str, Any] = checked.inputs
        return inputs

    def _new(self, declared: Declared, inputs: dict[str, Any], number: str | None) -> dict[str, Any]:
        sources = {"number_id": [number], "customer_id": [number]} if number else {}
        return {
            "type": f"pulumi-python:dynamic/plusofon:{declared.kind}",
            "custom": True,
            "provider": PROVIDERS[declared.account],
            "inputs": _printed(inputs, declared.secrets),
            "propertyDependencies": sources,
            "dependencies": [number] if number else [],
            "retainOnDelete": declared.retain,
        }

    def _old(self, kept: Kept) -> dict[str, Any]:
        declared = kept.declared
        number = urn("ExternalNumber", declared.of) if declared.of else None
        state = self._new(declared, kept.inputs, number)
        return state | {
            "urn": declared.urn,
            "id": kept.id,
            "outputs": _printed(kept.outputs, declared.secrets),
        }


def replace_urn(kept: Kept, declared: Declared) -> Kept:
    """The resource under the name that it has now."""
    return replace(kept, declared=replace(kept.declared, name=declared.name))


def _ends(kept: list[Kept]) -> list[Kept]:
    """Forwardings before their numbers."""
    return sorted(kept, key=lambda each: each.declared.kind == "ExternalNumber")


def _printed(values: dict[str, Any], secrets: frozenset[str]) -> dict[str, Any]:
    """Properties as a preview shows them."""
    shown = {}
    for name, value in values.items():
        if value is None:
            continue
        hides = name in secrets or name == "secret" or (name == "source" and "host" in secrets)
        shown[name] = COMPUTED if value is UNKNOWN else SECRET if hides else value
    return shown
