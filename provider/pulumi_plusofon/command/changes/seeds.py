"""The accounts that a preview's steps begin with: of the state's resources and of the account's own list.

Groups the resources that share a number, so that each group has an account of its own. Carries out nothing,
and takes what was never set by the stack for not known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.lifecycle.adoption import RECORDED
from pulumi_plusofon.lifecycle.external_number import ADOPTED
from pulumi_plusofon.lifecycle.forwarding import SET_ON
from pulumi_plusofon.pulumi_cli.state import as_integer
from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.schema.kinds import CUSTOMER, NUMBER_FORWARDING
from pulumi_plusofon.schema.targets import NOWHERE

from .account import NOT_FORWARDED, Held, MemoryAccount
from .hidden import LATER
from .planned import inputs, is_number, is_on, properties

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from pulumi_plusofon.pulumi_cli.preview import State, Step

    from .account import Forwarded, Id
    from .hidden import Hidden
    from .planned import Planned

_CONNECTION: Final = ("host", "port", "login", "secret")
_CREATES: Final = ("create", "replace", "create-replacement")
# An account in memory opens with no token of a person's.
_TOKEN: Final = "in-memory"  # noqa: S105 - no secret


def grouped(steps: Sequence[Step], listed: Sequence[ListedNumber] | None, hidden: Hidden) -> list[list[Step]]:
    """The steps in groups that share no number, each in the order given; the list says whose an id is."""
    parents: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        while (above := parents.setdefault(key, key)) != key:
            parents[key] = parents[above]
            key = above
        return key

    for entry in listed or ():
        parents[root((None, entry.type, entry.id))] = root((None, entry.number))
    for step in steps:
        for key in _keys(step, hidden):
            parents[root(key)] = root(step.urn)
    groups: dict[Hashable, list[Step]] = defaultdict(list)
    for step in steps:
        groups[root(step.urn)].append(step)
    return list(groups.values())


def _keys(step: Step, hidden: Hidden) -> Iterator[Hashable]:
    for side, state in (("old", step.old), ("new", step.new)):
        if state is None:
            continue
        facts = {name: hidden.value(step.urn, side, name, value) for name, value in properties(state).items()}
        if is_number(step):
            yield (state.provider, str(facts.get("number")))
            number_id = (facts.get("type"), facts.get("number_id") or _id(state))
        else:
            number_id = (facts.get("number_type"), facts.get("number_id"))
            if SET_ON in facts:
                yield (state.provider, str(facts[SET_ON]))
            yield from state.sources.get("number_id", ())
        if None not in number_id:
            yield (state.provider, *number_id)


class Seeds:
    """What is known of the accounts before a preview's steps; `listed` is the list of the stack's own."""

    def __init__(self, planned: Planned, listed: Sequence[ListedNumber] | None, hidden: Hidden) -> None:
        self._planned = planned
        self._hidden = hidden
        self._is_listed = listed is not None
        self._by_number: dict[str, list[ListedNumber]] = defaultdict(list)
        self._by_id: dict[Id, ListedNumber] = {}
        self._customers: dict[str | None, set[int]] = defaultdict(set)
        ids = _ids(planned.ours)
        for entry in (_with_id(entry, ids) for entry in listed or ()):
            self._by_number[entry.number].append(entry)
            if entry.id is not None:
                self._by_id[entry.type, entry.id] = entry
            if entry.customer_id is not None:
                self._customers[None].add(entry.customer_id)
        for step in planned.ours:
            customer = step.old.outputs.get(CUSTOMER) if step.old else None
            if step.old and isinstance(customer, int) and not (self._is_listed and not step.old.provider):
                self._customers[step.old.provider].add(customer)

    def accounts(self, steps: Sequence[Step]) -> dict[str | None, MemoryAccount]:
        """The accounts that a group of steps is in, by the URN of the provider resource."""
        places = {state.provider for step in steps for state in (step.old, step.new) if state}
        return {place: self._account(place, steps) for place in places}

    def _account(self, place: str | None, steps: Sequence[Step]) -> MemoryAccount:
        mode: Any = self._planned.adopts.get(place, "refuse")
        account = MemoryAccount(
            Settings(_TOKEN, adopt=mode), self._hidden, frozenset(self._customers.get(place, ()))
        )
        forwarded = self._forwarded(place, steps)
        is_listed = self._is_listed and place is None
        created: set[str] = set()
        # All that the state has, before what the program says of it; a forwarding does not know its number.
        in_order = sorted(steps, key=lambda step: not is_number(step))
        for side in ("old", "new"):
            for step in in_order:
                state = step.old if side == "old" else step.new
                if state is None or state.provider != place or not is_on(step, after=side == "new"):
                    continue
                facts = self._facts(step, side, state)
                if is_listed:
                    self._add_listed(account, step, facts, forwarded)
                elif not is_number(step):
                    self._add_by_id(account, side, facts, forwarded)
                elif str(facts.get("number")) not in created:
                    if side == "new" and step.op in _CREATES and not _adopts(facts, account):
                        # What adopts it later finds what this has connected.
                        created.add(str(facts.get("number")))
                    self._add_number(account, step, side, facts, forwarded)
        return account

    def _add_listed(
        self,
        account: MemoryAccount,
        step: Step,
        facts: Mapping[str, Any],
        forwarded: Mapping[Id, Forwarded],
    ) -> None:
        if is_number(step):
            found = self._by_number.get(str(facts.get("number")), [])
        else:
            entry = self._by_id.get((facts.get("number_type"), facts.get("number_id")))  # type: ignore[arg-type]
            found = [entry] if entry else []
        for entry in found:
            known = {
                name: facts[name] for name in _CONNECTION if is_number(step) and step.old and facts.get(name)
            }
            if any(held.entry == entry for held in account.held):
                continue
            shown = {"host": entry.source} if entry.type == "sipuri" and entry.source else {}
            is_ours = step.old is not None and facts.get("number_id") == entry.id
            never = None if step.urn in self._planned.unseen else _never_set(step, facts, is_ours=is_ours)
            leads = forwarded.get((entry.type, entry.id or 0), never)
            account.add(Held(entry, known if is_ours else shown), leads)

    def _add_number(
        self,
        account: MemoryAccount,
        step: Step,
        side: str,
        facts: Mapping[str, Any],
        forwarded: Mapping[Id, Forwarded],
    ) -> None:
        number = str(facts.get("number"))
        is_read = step.op == "read"
        adopts = step.op in _CREATES and _adopts(facts, account)
        is_assumed = side == "new"
        if (is_assumed and not is_read and not adopts) or account.of(number):
            return
        state = step.new if is_assumed else step.old
        number_id = facts.get("number_id") or (_id(state) if state and (is_read or not is_assumed) else None)
        if number_id is None and is_assumed:
            number_id = self._hidden.new("number_id", LATER)
        entry = ListedNumber(
            number_id,
            str(facts.get("type")),
            number,
            facts.get("source") or _source(facts),
            facts.get("inbound_uri"),
            facts.get(CUSTOMER),
        )
        connection = {name: facts[name] for name in _CONNECTION if facts.get(name) is not None}
        leads = _never_set(step, facts, is_ours=not is_assumed)
        if self._planned.hides_unchanged or step.urn in self._planned.unseen:
            leads = None
        key = (entry.type, entry.id or 0)
        held = Held(entry, {} if is_assumed else connection, is_assumed=is_assumed and not is_read)
        account.add(held, forwarded.get(key, leads))

    def _add_by_id(
        self, account: MemoryAccount, side: str, facts: Mapping[str, Any], forwarded: Mapping[Id, Forwarded]
    ) -> None:
        """The number that a forwarding names by its id, and no resource has."""
        key: Any = (facts.get("number_type"), facts.get("number_id"))
        if side == "new" and self._hidden.is_hidden(key[1]):
            return
        if isinstance(key[1], int) and key not in account.numbers:
            number = facts.get(SET_ON) or self._hidden.new("number", LATER)
            entry = ListedNumber(key[1], str(key[0]), number, None, None, None)
            account.add(Held(entry), forwarded.get(key))

    def _forwarded(self, place: str | None, steps: Sequence[Step]) -> dict[Id, Forwarded]:
        """What the state has of each number's forwarding: several, where several resources have it."""
        found: dict[Id, list[Mapping[str, Any]]] = defaultdict(list)
        for step in steps:
            if is_number(step) or step.old is None or step.old.provider != place:
                continue
            facts = self._facts(step, "old", step.old)
            key: Any = (facts.get("number_type"), facts.get("number_id"))
            body = {name: facts[name] for name in NUMBER_FORWARDING.sent if facts.get(name) is not None}
            if body not in found[key]:
                found[key].append(body)
        return {key: _bodies(bodies) for key, bodies in found.items()}

    def _facts(self, step: Step, side: str, state: State) -> dict[str, Any]:
        found = properties(state) if side == "old" or step.op == "same" else inputs(state)
        side = "old" if step.op == "same" else side
        return {name: self._hidden.value(step.urn, side, name, value) for name, value in found.items()}


def _with_id(entry: ListedNumber, ids: Mapping[tuple[str, str], int]) -> ListedNumber:
    """The entry, with the id that the state has where the list has none: the provider takes it, too."""
    return entry if entry.id is not None else replace(entry, id=ids.get((entry.type, entry.number)))


def _ids(steps: Sequence[Step]) -> dict[tuple[str, str], int]:
    """The ids that the state has for the numbers of the stack's own account, by type and digits."""
    found = {}
    for step in steps:
        outputs = step.old.outputs if step.old and not step.old.provider and is_number(step) else {}
        if isinstance(number_id := as_integer(outputs.get("number_id")), int):
            found[str(outputs.get("type")), str(outputs.get("number"))] = number_id
    return found


def _adopts(facts: Mapping[str, Any], account: MemoryAccount) -> bool:
    return facts.get("adopt") is True or account.settings.adopt != "refuse"


def _never_set(step: Step, facts: Mapping[str, Any], *, is_ours: bool) -> Forwarded:
    """What a number is forwarded by that this stack has no forwarding of."""
    if not is_ours or step.op == "read":
        return None
    was_there = any(facts.get(name) for name in (ADOPTED, RECORDED, "adopt"))
    return None if was_there else NOT_FORWARDED


def _bodies(bodies: list[Mapping[str, Any]]) -> Forwarded:
    [first, *more] = bodies
    return NOT_FORWARDED if not more and first.get("type") == NOWHERE else tuple(bodies)


def _source(facts: Mapping[str, Any]) -> Any:
    host = facts.get("host")
    return f"{facts.get('login')}@{host}" if facts.get("type") == "ate" else host


def _id(state: State) -> int | None:
    return int(state.id) if state.id.isdigit() else None
