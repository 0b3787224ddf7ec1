"""Plan a recording run before anything runs: what it would take into a stack's state, and what prevents it.

Reads a preview of the program, as `pulumi preview --json` prints it, and compares it with the account's list
by the rules by which the run itself records (`lifecycle.adoption`). Sends GETs alone; changes no state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from pulumi_plusofon.lifecycle import adoption
from pulumi_plusofon.pulumi_cli.preview import PROVIDERS, is_known, read_step
from pulumi_plusofon.runtime.text import in_one_line, plain
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER, NUMBER_FORWARDING
from pulumi_plusofon.session import AccountError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.pulumi_cli.preview import Step

_SAME: Final = ("same", "read", "refresh")
# Steps after which all that the account has is still there.
_HARMLESS: Final = ("create", "update", "import")
_ELSEWHERE: Final = "in an account beside the stack's own: compared when it is recorded"


class AccountView(Protocol):
    """An account's list. Both raise `AccountError` where it does not say whether the number is there."""

    def find(self, number: str) -> ListedNumber | None:
        """The entry of a number."""

    def with_id(self, number_type: str, number_id: int) -> ListedNumber | None:
        """The entry of a type with an id."""


@dataclass(frozen=True)
class PlanRow:
    """One resource that is to be recorded.

    `differs` says why it cannot be, None where nothing speaks against it; `on_trust` what the list does not
    show and the state will hold as declared.
    """

    number: str | None
    id: int | None
    kind: str
    resource: str
    differs: str | None
    on_trust: str | None


@dataclass(frozen=True)
class Plan:
    """A recording run before it runs.

    `others` are the steps that it would do besides, one line each, `losses` those of them that delete or
    replace.
    """

    rows: tuple[PlanRow, ...]
    others: tuple[str, ...]
    losses: tuple[str, ...] = ()

    @property
    def obstacles(self) -> list[PlanRow]:
        """The rows that cannot be recorded as declared."""
        return [row for row in self.rows if row.differs]


def plan(steps: Sequence[Mapping[str, Any]], account: AccountView) -> Plan:
    """The plan for the steps of a preview."""
    read = [read_step(step) for step in steps]
    ours = [step for step in read if step.op == "create" and step.kind]
    numbers = {step.urn: _inputs(step) for step in ours if step.kind == EXTERNAL_NUMBER.name}
    rows = [
        _number(step, account) if step.urn in numbers else _forwarding(step, numbers, account)
        for step in ours
    ]
    rows.sort(key=lambda row: (row.number or "", row.kind, row.resource))
    others = [(step.op, f"{step.op} {plain(step.token)} {plain(step.name)}") for step in _others(read)]
    losses = [line for op, line in others if op not in _HARMLESS]
    return Plan(tuple(_once_each(rows)), tuple(line for _, line in others), tuple(losses))


def _once_each(rows: Sequence[PlanRow]) -> Iterator[PlanRow]:
    """The rows, with those that another resource declares, too, as what cannot be recorded."""
    first: dict[tuple[str, str | None, int], PlanRow] = {}
    for row in rows:
        other = row if row.id is None else first.setdefault((row.kind, row.number, row.id), row)
        yield row if other is row else replace(row, differs=f"{other.resource} declares the same")


def _others(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        is_ours = step.op == "create" and step.kind
        # A component and the stack itself are names; an account beside the stack's own is settings.
        is_name = step.state is not None and not step.state.is_custom
        is_harmless = step.op == "create" and (is_name or step.token.startswith(PROVIDERS))
        if step.op not in _SAME and not is_ours and not is_harmless:
            yield step


def _number(step: Step, account: AccountView) -> PlanRow:
    inputs = _inputs(step)
    number = inputs.get("number")
    row = PlanRow(
        number=number if is_known(number) else None,
        id=None,
        kind=EXTERNAL_NUMBER.name,
        resource=plain(step.name),
        differs=None,
        on_trust="password, port" if inputs.get("type") == "ate" else None,
    )
    if _is_beside(step) or not is_known(number) or not is_known(inputs.get("type")):
        return replace(row, on_trust=_ELSEWHERE if _is_beside(step) else "all that is known in the run alone")
    try:
        found = account.find(str(number))
        if found is not None and not all(is_known(inputs.get(name)) for name in ("host", "login", "port")):
            # What is secret or not known yet is compared in the run.
            found = replace(found, source=None)
        entry = adoption.recorded(found, inputs)
    except AccountError as error:
        return replace(row, differs=in_one_line(error.reason))
    return replace(row, id=entry.id)


def _forwarding(step: Step, numbers: Mapping[str, Mapping[str, Any]], account: AccountView) -> PlanRow:
    inputs = _inputs(step)
    row = PlanRow(
        number=None,
        id=None,
        kind=NUMBER_FORWARDING.name,
        resource=plain(step.name),
        differs=None,
        on_trust=_ELSEWHERE if _is_beside(step) else "forwarding",
    )
    of = step.state.sources.get("number_id", ()) if step.state else ()
    number = next((numbers[urn].get("number") for urn in of if urn in numbers), None)
    if number is not None:
        # Its number is recorded in the same run, and has a row of its own that says what differs.
        row = replace(row, number=str(number) if is_known(number) else None)
        return row if row.number is None or _is_beside(step) else replace(row, id=_id(account, row.number))
    number_type, number_id = inputs.get("number_type"), inputs.get("number_id")
    if _is_beside(step) or not is_known(number_type) or not isinstance(number_id, int | float):
        return row
    try:
        entry = account.with_id(str(number_type), int(number_id))
    except AccountError as error:
        return replace(row, id=int(number_id), differs=in_one_line(error.reason))
    if entry is None:
        return replace(row, id=int(number_id), differs=f"the account has no {number_type} number of this id")
    return replace(row, number=entry.number, id=entry.id)


def _id(account: AccountView, number: str) -> int | None:
    try:
        found = account.find(number)
    except AccountError:
        # The number's own row says so.
        return None
    return None if found is None else found.id


def _inputs(step: Step) -> Mapping[str, Any]:
    return step.state.inputs if step.state else {}


def _is_beside(step: Step) -> bool:
    """Whether an account beside the stack's own has the resource."""
    return step.state is not None and step.state.provider is not None
