"""The steps of a preview that are ours, in their order, and what is known besides: rules' resources, errors.

Reads what `pulumi preview --json` printed, and the state for what that leaves out. Carries out nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pulumi_plusofon.command.output.groups import Item
from pulumi_plusofon.pulumi_cli.preview import PROVIDERS, Step, is_known, read_step
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.pulumi_cli.state import as_integer
from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import CUSTOMER, EXTERNAL_NUMBER, name_in
from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pulumi_plusofon.pulumi_cli.preview import State

_NO_PREVIEW: Final = "this is no output of `pulumi preview --json`"
_REPLACES: Final = ("replace", "create-replacement")
_ADOPT: Final = "plusofon:adopt"
_MODES: Final = ("refuse", "update", "record")


class _Op(NamedTuple):
    had: bool
    has: bool
    is_replacement: bool = False


# The engine's steps: whether the resource is there before and after, and whether another one takes its place.
_OPS: Final[Mapping[str, _Op | None]] = {
    "same": _Op(had=True, has=True),
    "update": _Op(had=True, has=True),
    "create": _Op(had=False, has=True),
    "import": _Op(had=False, has=True),
    "delete": _Op(had=True, has=False),
    "replace": _Op(had=True, has=True, is_replacement=True),
    "create-replacement": _Op(had=True, has=True, is_replacement=True),
    "import-replacement": _Op(had=True, has=True, is_replacement=True),
    "delete-replaced": _Op(had=True, has=False, is_replacement=True),
    "read": _Op(had=True, has=True),
    "read-replacement": _Op(had=True, has=True),
    # What a refresh found is the old state of the step that follows; the others touch the state alone.
    "refresh": None,
    "discard": None,
    "discard-replaced": None,
    "remove-pending-replace": None,
}


@dataclass
class Planned:
    """A preview. `ours` are our steps in the engine's order.

    `resources` are those of its end, as rules see them. `others` are the steps of resources that are not
    ours, in words. `errors` and `warnings` are what the preview itself reports. `hides_unchanged` says that
    what does not change is not known here, `unseen` are the URNs of numbers whose forwarding is not.
    `steps` counts all steps, by the engine's word. `adopts` is `plusofon:adopt` of an account beside the
    stack's own by the URN of its provider resource, and of the stack's own for None.
    """

    stack: str
    ours: list[Step] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    errors: list[Item] = field(default_factory=list)
    warnings: list[Item] = field(default_factory=list)
    steps: Mapping[str, int] = field(default_factory=dict)
    hides_unchanged: bool = False
    unseen: frozenset[str] = frozenset()
    adopts: dict[str | None, str] = field(default_factory=dict)

    @property
    def customers(self) -> set[int]:
        """The ids that the state has for the stack's own account."""
        found = [step.old.outputs.get(CUSTOMER) for step in self.ours if step.old and not step.old.provider]
        return {as_integer(customer) for customer in found if isinstance(customer, int | float)}

    @cached_property
    def replaced(self) -> frozenset[str]:
        """The URNs of resources whose replacement the preview shows in single steps."""
        parts = ("create-replacement", "delete-replaced")
        return frozenset(step.urn for step in self.ours if step.op in parts)


def is_on(step: Step, *, after: bool) -> bool:
    """Whether the step's resource is there before it, or after it."""
    op = _OPS[step.op]
    return op is not None and (op.has if after else op.had and step.old is not None)


def is_number(step: Step) -> bool:
    """Whether the step is of an external number, and no forwarding."""
    return step.kind == EXTERNAL_NUMBER.name


def properties(state: State) -> dict[str, Any]:
    """All that a state has of its resource, secrets and unknown values as the engine writes them."""
    return {name: as_integer(value) for name, value in {**state.inputs, **state.outputs}.items()}


def inputs(state: State) -> dict[str, Any]:
    """What a state has of what the program says."""
    return {name: as_integer(value) for name, value in state.inputs.items()}


def read_preview(content: Any, state_of: Callable[[str], Sequence[Mapping[str, Any]] | None]) -> Planned:
    """What `pulumi preview --json` printed. Raises `StackError` for anything else.

    Without `--show-sames` the engine leaves out what does not change. It never shows the deletion of what
    depends on a replaced resource, nor of what a failed run has left: `state_of` gives the resources of the
    stack's state for these, None where it cannot be had.
    """
    try:
        steps = [read_step(step) for step in _steps(content)]
        hides = _hides_unchanged(content, steps)
        replaced = [step for step in steps if step.kind and is_number(step) and step.op in _REPLACES]
        state = state_of(_stack(steps)) if steps else None
        unshown = list(_unshown(state or (), steps, replaced)) if hides or replaced else []
        # The engine comes to what does not change before it deletes anything.
        steps = [
            *(step for step in unshown if step.op == "same"),
            *steps,
            *(step for step in unshown if step.op != "same"),
            *_left_over(state or (), steps),
        ]
        planned = Planned(
            _stack(steps),
            errors=_said(content, "error"),
            warnings=_said(content, "warning"),
            steps={op: int(count) for op, count in (content.get("changeSummary") or {}).items()},
            hides_unchanged=hides and state is None,
            unseen=_unseen(steps, replaced) if state is None else frozenset(),
        )
        if mode := (content.get("config") or {}).get(_ADOPT):
            planned.adopts[None] = mode
        _fill(planned, steps)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        raise StackError(_NO_PREVIEW) from None
    return planned


def _said(content: Mapping[str, Any], severity: str) -> list[Item]:
    """The messages of the preview of this severity, each on one line and once.

    Those that differ by the resource's name or by digits alone are of one kind.
    """
    found: dict[str, Item] = {}
    for each in content.get("diagnostics") or ():
        if each.get("severity") != severity:
            continue
        text = plain(" ".join(str(each["message"]).removeprefix(f"{severity}: ").split()))
        urn = each.get("urn")
        found.setdefault(text, Item(alike(text, name_in(urn) if isinstance(urn, str) else ""), text))
    return list(found.values())


def alike(text: str, *names: str) -> str:
    """A text without what is another thing in each of its kind: names, and digits."""
    for name in filter(None, names):
        text = text.replace(name, "")
    return re.sub("[0-9]+", "0", text)


def _steps(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The engine leaves the field out where it has no step to show; its summary is there all the same."""
    steps = content.get("steps")
    is_empty = "changeSummary" in content or content.get("diagnostics")
    if not isinstance(steps, list) or not steps:
        if steps not in (None, []) or not is_empty:
            raise TypeError(steps)
        return []
    return steps


def _hides_unchanged(content: Mapping[str, Any], steps: Sequence[Step]) -> bool:
    counted: int = (content.get("changeSummary") or {}).get("same", 0)
    return counted > sum(step.op == "same" for step in steps)


def _unshown(
    state: Iterable[Mapping[str, Any]], steps: Sequence[Step], replaced: Sequence[Step]
) -> Iterator[Step]:
    """Our resources of the state that no step speaks of, as steps: they stay, or go with what is replaced."""
    shown = {urn for step in steps for urn in step.urns}
    go = {urn for step in replaced for urn in step.urns}
    for entry in state:
        if entry["urn"] in shown or entry.get("delete"):
            continue
        step = read_step({"op": "same", "urn": entry["urn"], "oldState": entry, "newState": entry})
        if step.old and not go.isdisjoint(step.old.numbers):
            step = Step("delete", step.urn, step.old, None)
        if step.kind or step.token.startswith(PROVIDERS):
            yield step


def _left_over(state: Iterable[Mapping[str, Any]], steps: Sequence[Step]) -> Iterator[Step]:
    """What a failed run has left to be deleted: the engine does it, and its JSON may show no step for it."""
    shown = {(step.urn, step.old.id) for step in steps if step.old and step.old.is_left_over}
    for entry in reversed([entry for entry in state if entry.get("delete")]):
        step = read_step({"op": "delete-replaced", "urn": entry["urn"], "oldState": entry})
        if step.kind and step.old and (step.urn, step.old.id) not in shown:
            yield step


def _unseen(steps: Sequence[Step], replaced: Sequence[Step]) -> frozenset[str]:
    """The URNs of the replaced numbers of which no step shows a forwarding."""
    forwarded = {urn for step in steps if step.kind and step.old for urn in step.old.numbers}
    return frozenset(step.urn for step in replaced if forwarded.isdisjoint(step.urns))


def _stack(steps: Sequence[Step]) -> str:
    return plain(steps[0].urn.split(":")[2]) if steps else ""


def _fill(planned: Planned, steps: Sequence[Step]) -> None:
    for step in steps:
        if step.op not in _OPS:
            raise StackError(f"the preview has a step {plain(step.op)}, which this version does not know")
        is_custom = step.state is not None and step.state.is_custom
        if step.kind and _OPS[step.op]:
            planned.ours.append(step)
        elif step.token.startswith(PROVIDERS) and step.state is not None:
            mode = step.state.inputs.get(_ADOPT)
            if mode in _MODES:
                planned.adopts[step.urn] = str(mode)
        if step.op not in ("same", "read", "refresh") and is_custom and not step.kind:
            planned.others.append(f"{step.op} {plain(step.token)} {plain(step.name)}")
    after: dict[str, Step] = {}
    for step in planned.ours:
        _require_values(step)
        if is_on(step, after=True):
            after.setdefault(step.urn, step)
    planned.resources = [_resource(step, state) for step in after.values() if (state := step.new or step.old)]


def _require_values(step: Step) -> None:
    """Refuse lists where a resource of ours has texts; an object is a secret of a state."""
    for state in (step.old, step.new):
        for value in properties(state).values() if state else ():
            if isinstance(value, list):
                raise TypeError(value)


def _resource(step: Step, state: State) -> Resource:
    op = _OPS[step.op]
    stays = step.old.outputs if step.old and op and not op.is_replacement else {}
    listed = {name: stays[name] for name in EXTERNAL_NUMBER.listed if name in stays and is_number(step)}
    facts = {**listed, **inputs(state)}
    _, _, stack, _, project, *_ = step.urn.split(":")
    return Resource(
        step.kind or "",
        plain(name_in(step.urn)),
        step.urn,
        {name: as_integer(value) if is_known(value) else UNKNOWN for name, value in facts.items()},
        f"{project}/{stack}",
        protect=state.is_protected,
        sources=state.sources,
    )
