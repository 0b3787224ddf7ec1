"""A group of a preview's steps, carried out by the lifecycle on accounts in memory, in the engine's order.

What a step does is decided by the lifecycle alone. Sends nothing.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER as NUMBER
from pulumi_plusofon.lifecycle import FORWARDING
from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import in_one_line, plain
from pulumi_plusofon.schema.kinds import name_for_people
from pulumi_plusofon.session import AccountSession, ContradictedError

from .account import MemoryClient
from .given import NOT_REHEARSED, Given, NumberFailedError, UnclearError
from .hidden import LATER
from .outcome import Done, Rehearsed
from .planned import is_number, is_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pulumi_plusofon.lifecycle import Lifecycle
    from pulumi_plusofon.pulumi_cli.preview import State, Step

    from .account import MemoryAccount
    from .hidden import Hidden
    from .planned import Planned

_LOG: Final = logging.getLogger("pulumi_plusofon")
# What depends on a resource goes before that is replaced.
_GO_BEFORE: Final = ("replace", "delete")
_DELETIONS: Final = ("delete", "delete-replaced")


class Stage:
    """A group of resources, the accounts that they are in, and what is in the state by now."""

    def __init__(
        self,
        planned: Planned,
        steps: Sequence[Step],
        accounts: dict[str | None, MemoryAccount],
        hidden: Hidden,
    ) -> None:
        before = {key: account.copy() for key, account in accounts.items()}
        self.rehearsed = Rehearsed(before, accounts, [])
        self._planned = planned
        self._steps = steps
        self._hidden = hidden
        self._sessions = {key: AccountSession(MemoryClient(account)) for key, account in accounts.items()}
        self._state: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._given = Given(hidden, self._state)
        self._deleted: set[tuple[str, str]] = set()
        self._later: list[Step] = []
        self._ends = {step.urn for step in planned.ours if step.op in _DELETIONS}

    def set_up(self) -> None:
        """All that comes before the deletions."""
        singly = self._planned.replaced
        created: set[str] = set()
        for step in self._steps:
            is_left = step.op == "delete-replaced" and (step.urn in created or _is_left_over(step))
            if step.op == "delete" or is_left:
                self._later.append(step)
                continue
            if step.op == "replace" and step.urn in singly:
                continue
            created.add(step.urn)
            self._do(step)

    @property
    def has_failed(self) -> bool:
        """Whether a step was refused by now."""
        return any(done.failure for done in self.rehearsed.done)

    def take_down(self, *, has_failed: bool) -> None:
        """The deletions at the end of an update."""
        for step in self._later:
            if has_failed and not self._is_gone(step):
                done = Done(step, waits=True)
                self._about(done)
                self.rehearsed.done.append(done)
            else:
                self._do(step, deletes=True)

    def _is_gone(self, step: Step) -> bool:
        return step.old is not None and (step.urn, step.old.id) in self._deleted

    def _do(self, step: Step, *, deletes: bool = False) -> None:
        done = Done(step)
        self.rehearsed.done.append(done)
        counts = {key: len(account.writes) for key, account in self.rehearsed.after.items()}
        with _warnings(done.notes):
            try:
                self._declare(step)
                self._act(step, done, deletes=deletes or step.op in _DELETIONS)
            except PlusofonError as error:
                done.failure = self._hidden.cleaned(in_one_line(str(error)))
            except UnclearError as error:
                done.unclear = str(error)
            except NumberFailedError:
                done.notes.append(f"the up fails before it sets {plain(step.name)}")
            except (AttributeError, KeyError, TypeError, ValueError):
                done.unclear = NOT_REHEARSED
        done.notes = [self._hidden.cleaned(text) for text in done.notes]
        for key, account in self.rehearsed.after.items():
            done.writes += [(key, write) for write in account.writes[counts[key] :]]
        done.numbers |= {(key, write.number) for key, write in done.writes}
        self._about(done)
        if done.failure or done.unclear:
            self._given.failed.add(step.urn)

    def _declare(self, step: Step) -> None:
        """Note what the program declares, as a host does when the engine asks it to check a resource."""
        state = step.new or step.old
        if state and is_on(step, after=True):
            key = _life(step).key(self._given.old(step) if step.op == "same" else self._given.new(step))
            if key:
                self._session(state).holds.declare(key, name_for_people(step.urn))

    def _act(self, step: Step, done: Done, *, deletes: bool) -> None:
        life = _life(step)
        if deletes:
            self._delete(step)
        elif step.op in ("import", "import-replacement", "read-replacement"):
            raise UnclearError(f"a step {step.op} is not rehearsed")
        elif step.op == "same":
            self._keep(life, step)
        elif step.op == "read":
            self._read(life, step)
        elif step.op == "update":
            self._update(life, step, done)
        elif step.op == "replace":
            self._replace(life, step, done)
        else:
            self._create(life, step, done)

    def _keep(self, life: Lifecycle, step: Step) -> None:
        if step.old:
            outputs = self._given.old(step)
            life.keep(self._session(step.old), outputs)
            self._state[step.urn] = (step.old.id, outputs)

    def _read(self, life: Lifecycle, step: Step) -> None:
        state = step.new or step.old
        if state is None or not state.id.isdigit():
            raise UnclearError(NOT_REHEARSED)
        found = life.read(self._session(state), state.id, self._given.new(step))
        if found:
            self._state[step.urn] = (found.id, found.outputs)

    def _update(self, life: Lifecycle, step: Step, done: Done) -> None:
        if step.old is None or step.new is None:
            raise UnclearError(NOT_REHEARSED)
        outputs, given = self._given.old(step), self._given.new(step)
        # Where the preview shows a reason for the update, what it hides may be as before.
        shows_reason = bool(life.diff(outputs, self._assumed(outputs, given)).changed)
        done.is_sure = not (is_number(step) and shows_reason) or any(
            given.get(name) != outputs.get(name) and not self._hidden.is_hidden(given.get(name))
            for name in ("host", "port", "login", "secret")
        )
        updated = life.update(self._session(step.new), step.old.id, outputs, given)
        self._state[step.urn] = (step.old.id, updated)

    def _create(self, life: Lifecycle, step: Step, done: Done) -> None:
        if step.new is None:
            raise UnclearError(NOT_REHEARSED)
        given = self._given.new(step)
        try:
            created = life.create(self._session(step.new), given)
        except ContradictedError as error:
            if not self._hides_connection(step.new.provider, given):
                raise
            # What is hidden on one side may be what the other side shows.
            done.is_sure = False
            done.notes.append(f"the up may fail here: {error.reason}")
            created = life.create(self._concealed(step.new.provider, given["number"]), given)
        self._state[step.urn] = (created.id, created.outputs)

    def _hides_connection(self, place: str | None, given: Mapping[str, Any]) -> bool:
        """Whether a part of how a number is or will be connected is hidden."""
        held = self.rehearsed.after[place].of(given["number"])
        source = (held.entry.source if held else None) or ""
        return self._hidden.is_in(source) or any(
            self._hidden.is_hidden(given.get(name)) for name in ("host", "login", "port")
        )

    def _concealed(self, place: str | None, number: str) -> AccountSession:
        """The session of an account whose list no longer shows how a number is connected."""
        account, before = self.rehearsed.after[place], self._sessions[place]
        account.conceal(number)
        session = self._sessions[place] = AccountSession(MemoryClient(account))
        session.holds, session.notes = before.holds, before.notes
        return session

    def _replace(self, life: Lifecycle, step: Step, done: Done) -> None:
        if step.old is None or step.new is None:
            raise UnclearError(NOT_REHEARSED)
        if self._stays(life, step):
            outputs, given = self._given.old(step), self._given.new(step)
            done.is_sure = bool(life.diff(outputs, self._assumed(outputs, given)).changed)
            if life.diff(outputs, given).changed:
                self._state[step.urn] = (
                    step.old.id,
                    life.update(self._session(step.new), step.old.id, outputs, given),
                )
            else:
                self._keep(life, step)
            return
        # The engine asks the account of afterwards, and it alone.
        life.expect_replacement(
            self._session(step.new), self._given.old(step), self._given.new(step, resolves=False)
        )
        if _is_left_over(step):
            self._later.append(step)
        else:
            for other in self._steps:
                if other.op in _GO_BEFORE and other.old and step.urns & other.old.numbers:
                    self._delete(other)
            self._delete(step)
        self._create(life, step, done)

    def _stays(self, life: Lifecycle, step: Step) -> bool:
        """Whether a forwarding is of the number that it was of, as the engine sees once that has its id."""
        if step.old is None or is_number(step) or (step.urn, step.old.id) in self._deleted:
            return False
        if step.new is None or step.new.provider != step.old.provider:
            return False
        return not life.diff(self._given.old(step), self._given.new(step)).replaces

    def _assumed(self, outputs: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """What the program says, if what is hidden is as before."""
        return {
            name: outputs.get(name) if self._hidden.is_hidden(value) else value
            for name, value in given.items()
        }

    def _delete(self, step: Step) -> None:
        if step.old is None:
            raise UnclearError(NOT_REHEARSED)
        key = (step.urn, step.old.id)
        if key in self._deleted or step.old.is_retained or step.old.deleted_with in self._ends:
            return
        _life(step).delete(self._session(step.old), step.old.id, self._given.old(step))
        self._deleted.add(key)

    def _session(self, state: State) -> AccountSession:
        return self._sessions[state.provider]

    def _about(self, done: Done) -> None:
        """Note the numbers that a step is about."""
        step = done.step
        sides = [(step.old, self._given.old(step), done.digits_before)] if is_on(step, after=False) else []
        if is_on(step, after=True):
            now = self._state.get(step.urn)
            sides.append(
                (step.new or step.old, dict(now[1]) if now else self._given.shown(step), done.digits_after)
            )
        for state, facts, digits in sides:
            if state is None:
                continue
            account = self.rehearsed.after[state.provider]
            if is_number(step):
                digits.add(str(facts.get("number")))
                done.numbers.add((state.provider, str(facts.get("number"))))
                continue
            key = (facts.get("number_type"), facts.get("number_id"))
            number = account.numbers.get(key)  # type: ignore[arg-type]  # what is no id is not found
            if number is not None:
                done.numbers.add((state.provider, number))
        if not done.numbers:
            done.numbers = self._of_sources(step)
        if not done.numbers and step.state:
            done.numbers.add((step.state.provider, self._hidden.new("number", LATER)))

    def _of_sources(self, step: Step) -> set[tuple[str | None, str]]:
        sources = {
            urn for state in (step.old, step.new) if state for urn in state.sources.get("number_id", ())
        }
        found = [other.numbers for other in self.rehearsed.done if other.step.urn in sources]
        return set().union(*found)


def _life(step: Step) -> Lifecycle:
    return NUMBER if is_number(step) else FORWARDING


def _is_left_over(step: Step) -> bool:
    return bool(step.old and step.old.is_left_over)


class _Notes(logging.Handler):
    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(record.getMessage())


@contextmanager
def _warnings(texts: list[str]) -> Iterator[None]:
    """A block whose warnings are noted, and not printed."""
    handler, propagates = _Notes(texts), _LOG.propagate
    _LOG.addHandler(handler)
    _LOG.propagate = False
    try:
        yield
    finally:
        _LOG.removeHandler(handler)
        _LOG.propagate = propagates
