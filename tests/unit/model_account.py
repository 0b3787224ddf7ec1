"""A model of the world around the lifecycle: an account that can fail, and an engine that can die.

The account is the vendor's side: it connects a number twice when it is asked to, so that whoever never
wants that has to see to it himself. The engine keeps ids and outputs, runs every step of a run in
order, stops at the first error, and starts each run as a new process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_plusofon.api import (
    InvalidRequestError,
    ListedNumber,
    MaybeDoneError,
    NoAccessError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    RegistrationStatus,
    ServerError,
    UnreadableAnswerError,
)
from pulumi_plusofon.api.retry import anything_sent, repeating
from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER, FORWARDING
from pulumi_plusofon.runtime import PlusofonError, Settings
from pulumi_plusofon.session import AccountSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_plusofon.api import Connection


_Result = TypeVar("_Result")


class Fate(Enum):
    """What becomes of one request."""

    DONE = "done"
    NOT_SENT = "not sent"
    LOST_BEFORE = "lost before it was done"
    LOST_AFTER = "lost after it was done"
    LIMITED = "429"
    LIMITED_FOR_LONG = "429 for an hour"
    BROKEN_BEFORE = "503 before it was done"
    BROKEN_AFTER = "503 after it was done"
    NO_ACCESS = "500 with a message"
    REFUSED = "success: false"
    UNREADABLE = "unreadable, and done"
    EMPTY = "a list with nothing in it, once; anything else is done"
    LATE = "a list from before the last write of this run, once; anything else is done"
    IGNORED = "answered with success, and not done"
    KILLED_BEFORE = "our process killed before it was done"
    KILLED_AFTER = "our process killed after it was done"


_SETTINGS = Settings("tok-9f8e7d6c5b4a", base_url="http://127.0.0.1:9", max_retries=2)
_DONE = (
    Fate.DONE,
    Fate.LOST_AFTER,
    Fate.BROKEN_AFTER,
    Fate.UNREADABLE,
    Fate.EMPTY,
    Fate.LATE,
    Fate.KILLED_AFTER,
)
_ERRORS: Mapping[Fate, Callable[[str], PlusofonError]] = {
    Fate.NOT_SENT: lambda doing: NotSentError(doing, "no connection"),
    Fate.LOST_BEFORE: lambda doing: MaybeDoneError(doing, "closed"),
    Fate.LOST_AFTER: lambda doing: MaybeDoneError(doing, "closed"),
    Fate.LIMITED: lambda doing: RateLimitedError(doing, "slow down", http_status=429),
    Fate.LIMITED_FOR_LONG: lambda doing: RateLimitedError(doing, "later", http_status=429, retry_after=3600),
    Fate.BROKEN_BEFORE: lambda doing: ServerError(doing, "down", http_status=503),
    Fate.BROKEN_AFTER: lambda doing: ServerError(doing, "down", http_status=503),
    Fate.NO_ACCESS: lambda doing: NoAccessError(doing, "no access", http_status=500),
    Fate.REFUSED: lambda doing: InvalidRequestError(doing, "bad parameter", http_status=400),
    Fate.UNREADABLE: lambda doing: UnreadableAnswerError(doing, "no JSON"),
}


class Killed(BaseException):
    """Our process is gone: nothing may catch this but the model's engine."""


@dataclass
class Held:
    """A number that the account holds. `by_hand`: nobody adopted it yet."""

    id: int
    number: str
    host: str
    login: str
    secret: str
    by_hand: bool = False
    forwarding: dict[str, Any] | None = None

    @property
    def source(self) -> str:
        return f"{self.login}@{self.host}"


class ModelAccount:
    """The vendor's side. `ours` says of an object that was set by hand whether we may touch it."""

    def __init__(self, ours: Callable[[Held], bool]) -> None:
        self.held: dict[int, Held] = {}
        self.written: list[tuple[int, str]] = []
        self.ignored: list[tuple[int, str]] = []
        self.trespasses: list[str] = []
        self._ours = ours
        self._next_id = 101

    def of(self, number: str) -> list[Held]:
        return [held for held in self.held.values() if held.number == number]

    def add(self, number: str, host: str, login: str, secret: str, *, by_hand: bool = False) -> Held:
        held = Held(self._next_id, number, host, login, secret, by_hand)
        self.held[held.id] = held
        self._next_id += 1
        return held

    def to_write(self, number_id: int, what: str) -> Held:
        if number_id not in self.held:
            raise NotFoundError(what, "no such id", http_status=404)
        held = self.held[number_id]
        if held.by_hand and not self._ours(held):
            self.trespasses.append(f"{what}: {held}")
        return held


class ModelClient:
    """The client of one process: the n-th request meets the fate `fates[n]`, the others are done."""

    def __init__(self, account: ModelAccount, fates: Mapping[int, Fate]) -> None:
        self.settings = _SETTINGS
        self._account = account
        self._fates = fates
        self._before: tuple[ListedNumber, ...] | None = None
        self.asked: list[str] = []

    def list_numbers(self) -> tuple[ListedNumber, ...]:
        listed = self._listed()
        fate = self._meet("listing the external numbers", lambda: None)
        late = listed if self._before is None else self._before
        return {Fate.EMPTY: (), Fate.LATE: late}.get(fate, listed)

    def _listed(self) -> tuple[ListedNumber, ...]:
        return tuple(
            ListedNumber(held.id, "ate", held.number, held.source, None, 42291, registered=False)
            for held in self._account.held.values()
        )

    def customer_info(self) -> int:
        self._meet("reading whose account it is", lambda: None)
        return 42291

    def registration_statuses(self, logins: Iterable[str]) -> tuple[RegistrationStatus, ...]:
        self._meet("reading the registration status", lambda: None)
        return tuple(RegistrationStatus(login, "OK") for login in logins)

    def retry(self, step: Callable[[], _Result]) -> _Result:
        result: _Result = repeating(_SETTINGS.max_retries, anything_sent)(step)
        return result

    def connect(self, connection: Connection) -> None:
        def deed() -> None:
            assert connection.login
            assert connection.secret
            held = self._account.add(connection.number, connection.host, connection.login, connection.secret)
            self._account.written.append((held.id, "secret"))

        self._write(f"connecting {connection.number}", deed)

    def update(self, number_id: int, connection: Connection) -> None:
        def deed() -> None:
            held = self._account.to_write(number_id, "update")
            assert held.number == connection.number
            held.host, held.login = connection.host, connection.login or ""
            held.secret, held.by_hand = connection.secret or "", False
            self._account.written.append((held.id, "secret"))

        self._write(f"updating {connection.number}", deed, (number_id, "secret"))

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        def deed() -> None:
            held = self._account.to_write(number_id, f"disconnect {number_type}")
            assert held.number == number
            del self._account.held[number_id]

        self._write(f"disconnecting {number}", deed)

    def forward(self, body: dict[str, Any]) -> None:
        def deed() -> None:
            held = self._account.to_write(body["number_id"], "forward")
            held.forwarding = None if body["type"] == "empty" else body
            self._account.written.append((held.id, "forwarding"))

        doing = f"forwarding {body['number_type']}/{body['number_id']}"
        self._write(doing, deed, (body["number_id"], "forwarding"))

    def _write(self, doing: str, deed: Callable[[], None], unseen: tuple[int, str] | None = None) -> None:
        """Meet the fate of a write; `unseen` is what no list shows of it."""
        before = self._listed()
        if self._meet(doing, deed) is Fate.IGNORED and unseen:
            self._account.ignored.append(unseen)
        self._before = before

    def _meet(self, doing: str, deed: Callable[[], None]) -> Fate:
        fate = self._fates.get(len(self.asked), Fate.DONE)
        self.asked.append(doing)
        if fate in _DONE:
            deed()
        if fate in (Fate.KILLED_BEFORE, Fate.KILLED_AFTER):
            raise Killed
        if fate in _ERRORS:
            raise _ERRORS[fate](doing)
        return fate


@dataclass
class Kept:
    """A resource in the state; `life` is the module that it lives by."""

    life: Any
    id: str
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Declared:
    """A number of the program, and its forwarding if it has one."""

    inputs: dict[str, Any]
    forward: dict[str, Any] | None = None


@dataclass
class Ran:
    """How a run ended: well, with an error, or killed; and what was in flight when it did."""

    error: PlusofonError | None = None
    killed: bool = False
    in_flight: str = ""
    unsure: list[tuple[int, str]] = field(default_factory=list)
    sure: list[tuple[int, str]] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return self.error is None and not self.killed


class ModelEngine:
    """The state, and runs over it. A forwarding is kept under its number's name with `-forward`."""

    def __init__(self, account: ModelAccount) -> None:
        self.account = account
        self.state: dict[str, Kept] = {}

    def up(self, program: Mapping[str, Declared], fates: Mapping[int, Fate]) -> Ran:
        def steps(account: AccountSession) -> None:
            for name, declared in program.items():
                self._converge(account, EXTERNAL_NUMBER, name, declared.inputs)
                if declared.forward:
                    kept = self.state[name]
                    named = {"number_type": kept.outputs["type"], "number_id": kept.id, **declared.forward}
                    self._converge(account, FORWARDING, f"{name}-forward", named)
            wanted = {*program, *(f"{name}-forward" for name, entry in program.items() if entry.forward)}
            self._delete_all(account, [name for name in self.state if name not in wanted])

        return self._run(steps, fates)

    def refresh(self, fates: Mapping[int, Fate]) -> Ran:
        def steps(account: AccountSession) -> None:
            for name, kept in list(self.state.items()):
                read = kept.life.read(account, kept.id, kept.outputs)
                if read is None:
                    del self.state[name]
                else:
                    kept.id, kept.outputs = read.id, read.outputs

        return self._run(steps, fates)

    def destroy(self, fates: Mapping[int, Fate]) -> Ran:
        return self._run(lambda account: self._delete_all(account, list(self.state)), fates)

    def _run(self, steps: Callable[[AccountSession], None], fates: Mapping[int, Fate]) -> Ran:
        client = ModelClient(self.account, fates)
        self._ran = Ran()
        self.account.written.clear()
        self.account.ignored.clear()
        try:
            steps(AccountSession(client))
        except PlusofonError as error:
            self._ran.error = error
        except Killed:
            self._ran.killed = True
        self._ran.unsure = [*self.account.written, *self.account.ignored]
        return self._ran

    def _converge(self, account: AccountSession, life: Any, name: str, inputs: Mapping[str, Any]) -> None:
        self._ran.in_flight = str(inputs.get("number", ""))
        checked = life.check(inputs)
        assert not checked.problems
        if kept := self.state.get(name):
            diff = life.diff(kept.outputs, checked.inputs)
            if diff.replaces:
                self._delete_all(account, [key for key in (f"{name}-forward", name) if key in self.state])
            elif diff.changed:
                kept.outputs = life.update(account, kept.id, kept.outputs, checked.inputs)
            else:
                life.keep(account, kept.outputs)
        if name not in self.state:
            created = life.create(account, checked.inputs)
            self.state[name] = Kept(life, created.id, created.outputs)
        self._saved()

    def _delete_all(self, account: AccountSession, names: list[str]) -> None:
        for name in sorted(names, key=lambda name: not name.endswith("-forward")):
            kept = self.state[name]
            kept.life.delete(account, kept.id, kept.outputs)
            del self.state[name]
            self._saved()

    def _saved(self) -> None:
        """The step is in the state: what it wrote is known for sure."""
        self._ran.sure += self.account.written
        self.account.written.clear()
