"""Give the lifecycle a step's resource: its values in the state and in the program.

Hidden values are values of their own; ids that a run has given by now are known. Carries out nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.kinds import CUSTOMER, EXTERNAL_NUMBER, NUMBER_FORWARDING

from .planned import inputs, is_number, properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.pulumi_cli.preview import Step

    from .hidden import Hidden

# What decides whether a number can be written at all: where it is hidden, nothing can be rehearsed.
_DECIDES: Final = ("type", "adopt", "keep_secret")
NOT_REHEARSED: Final = "what it does cannot be said before the update"


class UnclearError(Exception):
    """A step that cannot be carried out, and why."""


class NumberFailedError(Exception):
    """A forwarding whose number failed: the engine does not come to it."""


class Given:
    """The properties of a group's steps; `state` has the id and outputs of what is set up, by the URN."""

    def __init__(self, hidden: Hidden, state: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        self._hidden = hidden
        self._state = state
        self.failed: set[str] = set()

    def old(self, step: Step) -> dict[str, Any]:
        """All that the state has of the resource before the step."""
        found = properties(step.old) if step.old else {}
        return {name: self._hidden.value(step.urn, "old", name, value) for name, value in found.items()}

    def new(self, step: Step, *, resolves: bool = True) -> dict[str, Any]:
        """What the program says, with ids that this run has given by now."""
        state = step.new or step.old
        found = inputs(state) if state else {}
        kept = self.old(step) if step.op == "update" else {}
        kind = EXTERNAL_NUMBER if is_number(step) else NUMBER_FORWARDING
        given = {}
        for name, value in found.items():
            there = self._hidden.value(step.urn, "new", name, value)
            if self._hidden.is_hidden(there):
                if name in kind.identity and name in kept:
                    there = kept[name]
                elif not is_number(step) and resolves:
                    there = self._resolved(step, name, there)
                    if name == "number_id" and not (step.new and step.new.sources.get(name)):
                        raise UnclearError(f"the preview does not show its number_id: {NOT_REHEARSED}")
                elif is_number(step) and name in _DECIDES:
                    raise UnclearError(f"the preview does not show its {name}: {NOT_REHEARSED}")
                elif name == "wait_for_registration":
                    continue
            if there is not None:
                given[name] = there
        return given

    def _resolved(self, step: Step, name: str, there: Any) -> Any:
        """A forwarding's id, type and account, from its number: they are known once that is connected."""
        sources = step.new.sources.get(name, ()) if step.new else ()
        for urn in sources:
            if urn not in self._state:
                continue
            resource_id, outputs = self._state[urn]
            if name == "number_id":
                return int(resource_id) if resource_id.isdigit() else there
            if name == "number_type":
                return outputs["type"]
            if name == CUSTOMER:
                return outputs.get(CUSTOMER)
        if name == "number_id" and any(urn in self.failed for urn in sources):
            raise NumberFailedError
        return None if name == CUSTOMER else there

    def shown(self, step: Step) -> dict[str, Any]:
        """What the program says, as the preview shows it."""
        found = inputs(step.new) if step.new else {}
        return {name: self._hidden.value(step.urn, "new", name, value) for name, value in found.items()}
