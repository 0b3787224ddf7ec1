"""An account in memory, and a client of it that a session can use: what a rehearsal writes to.

Does what the vendor's account would do with a request, at once and without failures; refuses what is not
there. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

from pulumi_plusofon.api import ListedNumber, NotFoundError, RegistrationStatus
from pulumi_plusofon.api.errors import ReadOnlyError
from pulumi_plusofon.schema.targets import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_plusofon.api import Connection
    from pulumi_plusofon.runtime import Settings

    from .hidden import Hidden

_Result = TypeVar("_Result")
# What a number may be forwarded by: nothing, one forwarding, or one of several; None where it is not known.
Forwarded: TypeAlias = "tuple[Mapping[str, Any], ...] | None"
NOT_FORWARDED: Final[tuple[Mapping[str, Any], ...]] = ()
Id: TypeAlias = "tuple[str, int]"


@dataclass(frozen=True)
class Held:
    """A number that an account has.

    `connection` has the fields by which it is connected as far as they are known. `is_assumed` says that
    nothing shows that the account has it.
    """

    entry: ListedNumber
    connection: Mapping[str, Any] = field(default_factory=dict, repr=False)
    is_assumed: bool = False

    @property
    def number(self) -> str:
        """Its digits."""
        return self.entry.number

    @property
    def key(self) -> Id | None:
        """Its type and id, None where it has no id."""
        return None if self.entry.id is None else (self.entry.type, self.entry.id)


@dataclass(frozen=True)
class WriteSent:
    """A request that changes something: `number` is the number's digits, `of` what of it is changed."""

    method: Literal["PUT", "PATCH", "DELETE", "POST"]
    of: Literal["number", "forwarding"]
    number: str
    leads: Forwarded = None


@dataclass
class MemoryAccount:
    """Numbers and forwardings of an account; `customers` are its own ids as far as they are known."""

    settings: Settings
    hidden: Hidden
    customers: frozenset[int] = frozenset()
    held: list[Held] = field(default_factory=list)
    forwarded: dict[Id, Forwarded] = field(default_factory=dict)
    numbers: dict[Id, str] = field(default_factory=dict)
    writes: list[WriteSent] = field(default_factory=list)

    def add(self, held: Held, forwarded: Forwarded) -> None:
        """Have a number, which is forwarded so."""
        self.held.append(held)
        if held.key:
            self.numbers[held.key] = held.number
            self.forwarded[held.key] = forwarded

    def of(self, number: str) -> Held | None:
        """The number with these digits."""
        return next((held for held in self.held if held.number == number), None)

    def leads(self, held: Held) -> Forwarded:
        """What a number is forwarded by."""
        return self.forwarded.get(held.key, NOT_FORWARDED) if held.key else NOT_FORWARDED

    def conceal(self, number: str) -> None:
        """Show no longer how a number is connected."""
        self.held = [
            replace(held, entry=replace(held.entry, source=None)) if held.number == number else held
            for held in self.held
        ]

    def copy(self) -> MemoryAccount:
        """The account as it is now."""
        return MemoryAccount(
            self.settings, self.hidden, self.customers, [*self.held], {**self.forwarded}, {**self.numbers}
        )


class MemoryClient:
    """The operations of `session.client.AccountApi` on an account in memory."""

    def __init__(self, account: MemoryAccount) -> None:
        self.settings = account.settings
        self._account = account

    def list_numbers(self) -> tuple[ListedNumber, ...]:
        """Every external number of the account."""
        return tuple(held.entry for held in self._account.held)

    def customer_info(self) -> int:
        """The account's own id."""
        if len(self._account.customers) == 1:
            return next(iter(self._account.customers))
        raise NotFoundError("reading whose account it is", "it is not known", http_status=404)

    def registration_statuses(self, logins: Iterable[str]) -> tuple[RegistrationStatus, ...]:
        """The registrations of `logins`: a rehearsal waits for none."""
        return tuple(RegistrationStatus(login, "OK") for login in logins)

    def retry(self, step: Callable[[], _Result]) -> _Result:
        """Do `step` once: nothing fails here that would not fail again."""
        return step()

    def connect(self, connection: Connection) -> None:
        """Connect a new number, which is forwarded nowhere."""
        self._require_writes(f"connecting {connection.number}")
        number_id = self._account.hidden.new("number_id", "known in the update")
        self._account.add(self._held(number_id, connection, None), NOT_FORWARDED)
        self._account.writes.append(WriteSent("PUT", "number", connection.number))

    def update(self, number_id: int, connection: Connection) -> None:
        """Set how a number is connected."""
        doing = f"updating {connection.number}"
        self._require_writes(doing)
        found = self._find((connection.type, number_id), doing)
        place = self._account.held.index(found)
        self._account.held[place] = self._held(number_id, connection, found)
        self._account.writes.append(WriteSent("PATCH", "number", found.number))

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        """Disconnect a number, and its forwarding with it."""
        doing = f"disconnecting {number}"
        self._require_writes(doing)
        found = self._find((number_type, number_id), doing)
        self._account.held.remove(found)
        self._account.forwarded.pop((number_type, number_id), None)
        self._account.writes.append(WriteSent("DELETE", "number", found.number))

    def forward(self, body: dict[str, Any]) -> None:
        """Set the forwarding of a number."""
        key = (body["number_type"], body["number_id"])
        doing = f"forwarding {key[0]}/{key[1]}"
        self._require_writes(doing)
        found = self._find(key, doing)
        leads: Forwarded = NOT_FORWARDED if body["type"] == NOWHERE else (body,)
        self._account.forwarded[key] = leads
        self._account.writes.append(WriteSent("POST", "forwarding", found.number, leads))

    def _require_writes(self, doing: str) -> None:
        if setting := self.settings.forbids_writes:
            raise ReadOnlyError(doing, f"not sent, because of {setting}")

    def _find(self, key: Id, doing: str) -> Held:
        found = next((held for held in self._account.held if held.key == key), None)
        if found is None:
            raise NotFoundError(doing, "the account has no number of this id", http_status=404)
        return found

    def _held(self, number_id: int, connection: Connection, before: Held | None) -> Held:
        is_ate = connection.type == "ate"
        customers = self._account.customers
        entry = ListedNumber(
            number_id,
            connection.type,
            connection.number,
            f"{connection.login}@{connection.host}" if is_ate else connection.host,
            before.entry.inbound_uri if before else None,
            next(iter(customers)) if len(customers) == 1 else None,
            registered=True if is_ate else None,
        )
        names = ("host", "port", "login", "secret")
        facts = {name: getattr(connection, name) for name in names if getattr(connection, name) is not None}
        return Held(entry, facts, is_assumed=before.is_assumed if before else False)
