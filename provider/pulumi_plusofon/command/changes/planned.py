"""The numbers before a preview's update and after it, each with its forwarding.

Knows which step leaves what, and compares nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pulumi_plusofon.pulumi_cli.preview import is_known, read_step
from pulumi_plusofon.pulumi_cli.runner import StackError
from pulumi_plusofon.pulumi_cli.state import as_integer
from pulumi_plusofon.routes.model import Resource
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, kind_of, name_in
from pulumi_plusofon.schema.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pulumi_plusofon.pulumi_cli.preview import State, Step


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


@dataclass(frozen=True)
class Number:
    """A number on one side: the resource that has it, its properties, and its forwarding's if it has one.

    `account` is the URN of the provider resource of an account beside the stack's own.
    """

    urn: str
    account: str | None
    facts: Mapping[str, Any]
    op: str
    is_replaced: bool = False
    is_retained: bool = False
    forwarding: Mapping[str, Any] | None = None
    forwarding_urn: str | None = None
    forwarding_op: str = "same"

    @property
    def name(self) -> str:
        """The resource's name."""
        return plain(name_in(self.urn))

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this number: its account and its digits, or its resource where they are not known."""
        number = self.facts.get("number")
        return self.account or "", str(number) if is_known(number) else self.urn


@dataclass
class Planned:
    """A preview as two sides; `resources` are those of the later one, as rules see them.

    `loose` are steps of forwardings whose number is not among the preview's. `others` are the steps of
    resources that are not ours, in words. `errors` and `warnings` are what the preview itself reports.
    `hides_unchanged` says that what does not change is not known here. `steps` counts all steps, by the
    engine's word.
    """

    stack: str
    before: list[Number] = field(default_factory=list)
    after: list[Number] = field(default_factory=list)
    loose: list[Step] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    hides_unchanged: bool = False
    steps: Mapping[str, int] = field(default_factory=dict)


def read_preview(content: Any, state_of: Callable[[str], Sequence[Mapping[str, Any]] | None]) -> Planned:
    """The two sides of what `pulumi preview --json` printed. Raises `StackError` for anything else.

    Without `--show-sames` the engine leaves out what does not change: `state_of` then gives the resources of
    the stack's state, None where it cannot be had.
    """
    try:
        steps = [read_step(step) for step in content["steps"]]
        hides = _hides_unchanged(content, steps)
        state = state_of(_stack(steps)) if hides and steps else None
        steps += _unchanged(state or (), steps)
        planned = Planned(
            _stack(steps),
            errors=_said(content, "error"),
            warnings=_said(content, "warning"),
            hides_unchanged=hides and state is None,
            steps={op: int(count) for op, count in (content.get("changeSummary") or {}).items()},
        )
        _fill(planned, steps)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise StackError("this is no output of `pulumi preview --json`") from None
    return planned


def _said(content: Mapping[str, Any], severity: str) -> list[str]:
    """What the preview says of this severity, each on one line and once."""
    found = [each for each in content.get("diagnostics") or () if each.get("severity") == severity]
    texts = [str(each["message"]).removeprefix(f"{severity}: ") for each in found]
    return list(dict.fromkeys(plain(" ".join(text.split())) for text in texts))


def _hides_unchanged(content: Mapping[str, Any], steps: Sequence[Step]) -> bool:
    counted: int = (content.get("changeSummary") or {}).get("same", 0)
    return counted > sum(step.op == "same" for step in steps)


def _unchanged(state: Iterable[Mapping[str, Any]], steps: Sequence[Step]) -> Iterator[Step]:
    """Our resources of the state that no step speaks of, as steps."""
    shown = {step.urn for step in steps}
    for entry in state:
        if entry["urn"] not in shown and kind_of(entry["type"]) and not entry.get("delete"):
            yield read_step({"op": "same", "urn": entry["urn"], "oldState": entry, "newState": entry})


def _stack(steps: Sequence[Step]) -> str:
    return plain(steps[0].urn.split(":")[2]) if steps else ""


def _fill(planned: Planned, steps: Sequence[Step]) -> None:
    ours = []
    for step in steps:
        if step.op not in _OPS:
            raise StackError(f"the preview has a step {plain(step.op)}, which this version does not know")
        is_custom = step.state is not None and step.state.is_custom
        if step.kind and _OPS[step.op]:
            ours.append(step)
        elif step.op not in ("same", "read", "refresh") and is_custom and not step.kind:
            planned.others.append(f"{step.op} {plain(step.token)} {plain(step.name)}")
    before = [_number(step, step.old) for step in _on(ours, had=True) if step.old and _is_number(step)]
    after = [_number(step, step.new or step.old) for step in _on(ours, has=True) if _is_number(step)]
    forwarded: set[int] = set()
    planned.before = list(_forwarded(before, _on(ours, had=True), forwarded, of_old=True))
    planned.after = list(_forwarded(after, _on(ours, has=True), forwarded, of_old=False))
    forwardings = [step for step in ours if not _is_number(step)]
    planned.loose = [step for step in forwardings if id(step) not in forwarded]
    planned.resources = [_resource(step, facts) for step in _on(ours, has=True) if (facts := _facts(step))]


def _on(steps: Iterable[Step], *, had: bool = False, has: bool = False) -> list[Step]:
    """The steps whose resource is on that side; one that several steps speak of, by the first of them."""
    found: dict[tuple[str, str], Step] = {}
    for step in steps:
        op = _OPS[step.op]
        if op and ((had and op.had and step.old) or (has and op.has)):
            # A resource that a failed update left to be deleted has the URN of the one that is there.
            key = (step.urn, step.old.id if had and step.old else "")
            found.setdefault(key, step)
    return list(found.values())


def _is_number(step: Step) -> bool:
    return step.kind == EXTERNAL_NUMBER.name


def _number(step: Step, state: State | None) -> Number:
    op = _OPS[step.op]
    return Number(
        urn=step.urn,
        account=state.provider if state else None,
        facts=_side(step, state),
        op=step.op,
        is_replaced=bool(op and op.is_replacement),
        is_retained=bool(state and state.is_retained),
    )


def _side(step: Step, state: State | None) -> dict[str, Any]:
    """The properties on one side: before, all that the state has; after, the inputs and what stays listed."""
    if state is None:
        return {}
    if state is step.old:
        return _whole({**state.inputs, **state.outputs})
    op = _OPS[step.op]
    stays = step.old.outputs if step.old and op and not op.is_replacement else {}
    listed = {name: stays[name] for name in EXTERNAL_NUMBER.listed if name in stays}
    return _whole({**listed, **state.inputs} if _is_number(step) else state.inputs)


def _whole(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_integer(value) for name, value in properties.items()}


def _forwarded(
    numbers: Sequence[Number], steps: Sequence[Step], seen: set[int], *, of_old: bool
) -> Iterator[Number]:
    """The numbers with their forwardings; `seen` takes the steps that are of one of them."""
    by_urn = {number.urn: number for number in numbers}
    by_id = {(one.account, one.facts.get("type"), one.facts.get("number_id")): one.urn for one in numbers}
    found: dict[str, tuple[Step, dict[str, Any]]] = {}
    for step in steps:
        state = step.old if of_old else step.new or step.old
        if _is_number(step) or state is None:
            continue
        facts = _side(step, state)
        named = [urn for urn in state.sources.get("number_id", ()) if urn in by_urn]
        by_its_id = by_id.get((state.provider, facts.get("number_type"), facts.get("number_id")))
        urn = named[0] if len(named) == 1 else by_its_id
        if urn is not None:
            found[urn] = (step, facts)
            seen.add(id(step))
    for number in numbers:
        if number.urn not in found:
            yield number
            continue
        step, facts = found[number.urn]
        yield replace(number, forwarding=facts, forwarding_urn=step.urn, forwarding_op=step.op)


def _facts(step: Step) -> dict[str, Any]:
    return _side(step, step.new or step.old)


def _resource(step: Step, facts: Mapping[str, Any]) -> Resource:
    state = step.new or step.old
    _, _, stack, _, project, *_ = step.urn.split(":")
    return Resource(
        step.kind or "",
        plain(step.name),
        step.urn,
        {name: value if is_known(value) else UNKNOWN for name, value in facts.items()},
        f"{project}/{stack}",
        protect=bool(state and state.is_protected),
        sources=state.sources if state else {},
    )
