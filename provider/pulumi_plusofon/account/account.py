"""One account in this process: what it holds, and what this process has done to it.

Writes are list, write, list, because the API's PUT answers no id; the listing is shared (`listing`).
Remembers, for the life of the process, which numbers are claimed by a resource and what a resource of
this run holds. Knows nothing of resources' inputs and outputs, and never deletes on its own account.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon import api
from pulumi_plusofon.api import (
    ApiError,
    MaybeDoneError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    RefusedError,
    ServerError,
)

from .errors import (
    AlreadyConnectedError,
    AmbiguousNumberError,
    DeclaredTwiceError,
    GoneError,
    NotListedError,
    UnreadableEntryError,
    WrongAccountError,
)
from .identity import Identity
from .listing import SharedListing, require_known
from .notes import RunNotes
from .registrations import Registrations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_plusofon.api import Client, Connection, ListedNumber
    from pulumi_plusofon.runtime import Settings
    from pulumi_plusofon.runtime.settings import AdoptMode

    from .listing import Listing, Write

# Seconds before each look for a number that was, or may have been, connected: the list may be late.
_LOOKS: Final = (0.0, 0.5, 1.5)
# Answers to a PUT that leave room for it to have been done.
_DOUBTS: Final = (MaybeDoneError, RateLimitedError, ServerError)

_TAKE_OVER: Final = (
    "run `pulumi up` again, and if it says that the number is connected already, take it over with adopt=True"
)


class Account:
    """The external numbers of one account, shared by the threads of this process."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._listing = SharedListing(self._list)
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._kept: set[str] = set()
        self._turns: dict[str, threading.Lock] = {}
        self._identity = Identity(self._listing.current, self._customer)
        self.notes = RunNotes()
        self.registrations = Registrations(self._client.registration_statuses)

    @property
    def adopt(self) -> AdoptMode:
        """What a create does with a number that the account has already."""
        return self._client.settings.adopt

    @contextmanager
    def claim(self, what: str) -> Iterator[None]:
        """Hold `what` ("79104445566") for one resource; it stays held unless the block fails."""
        with self._lock:
            if what in self._claimed:
                raise DeclaredTwiceError(
                    f"{what}: another resource of this program declares it too, and was first;"
                    " nothing was sent for this one: remove one of the two"
                )
            self._claimed.add(what)
        try:
            yield
        except BaseException:
            self.release(what)
            raise

    def release(self, what: str) -> None:
        """Let another resource claim `what`: it is gone."""
        with self._lock:
            self._claimed.discard(what)

    @contextmanager
    def alone_with(self, what: str) -> Iterator[None]:
        """Let nobody else of this process set up or take down `what` meanwhile."""
        with self._lock:
            turn = self._turns.setdefault(what, threading.Lock())
        with turn:
            yield

    def keep(self, what: str) -> None:
        """`what` is held by a resource of this run: set up by it, or found to be as declared."""
        with self._lock:
            self._kept.add(what)

    def keeps(self, what: str) -> bool:
        """Whether a resource of this run holds `what`, so that the end of another must not take it down."""
        with self._lock:
            return what in self._kept

    @property
    def names_customer(self) -> bool:
        """Whether the settings say whose account it is, so that nothing has to be asked."""
        return self._client.settings.customer_id is not None

    def is_other(self, customer_id: int | None) -> bool:
        """Whether the state's `customer_id` is surely another account's. Asks the API at most once a run."""
        wanted = self._client.settings.customer_id
        if customer_id is None or wanted is not None:
            return customer_id is not None and customer_id != wanted
        return self._identity.is_other(customer_id)

    def require(
        self, customer_id: int | None, what: str, number_type: str = "", number_id: int | None = None
    ) -> None:
        """Refuse `what` of the state ("79104445566") where it is in another account than the token's.

        A number that the list has as it is in the state, with its type and id, tells it by itself.
        """
        if customer_id is None:
            return
        entry = None if number_id is None else self._listing.current().with_id(number_type, number_id)
        if entry is None or entry.number != what or entry.customer_id not in (None, customer_id):
            self._identity.require(customer_id, what)

    def require_successor(self, number_type: str, number_id: int | None) -> None:
        """Refuse to touch a number that another one replaces which cannot be connected."""
        successor = self.notes.successor(number_type, number_id)
        found = self.find(successor.number) if successor else None
        if successor and found:
            raise AlreadyConnectedError(
                f"{successor.replaced} stays as it is, and nothing was sent: {successor.number} is to take"
                f" its place, and is connected already (id {found.id}); if two resources exchange their"
                " numbers, set adopt=True on both, or give each the other's name with"
                " aliases=[pulumi.Alias(name=...)]"
            )

    def with_id(self, number_type: str, number_id: int) -> ListedNumber | None:
        """The entry of this type that has this id; refuses one that cannot be read."""
        listing = self._listing.current()
        entry = listing.with_id(number_type, number_id)
        if entry is None:
            listing.require_readable(number_type, number_id)
        return entry

    def find(self, number: str) -> ListedNumber | None:
        """The entry of `number`, of whatever type, None if the account has none; it must be understood."""
        entry = _single(number, self._listing.current().of(number))
        return None if entry is None else require_known(entry)

    def types_of(self, number: str) -> list[str]:
        """The types under which the account lists `number`."""
        return [entry.type for entry in self._listing.current().of(number)]

    def entry(self, number_type: str, number: str, number_id: int | None) -> ListedNumber | None:
        """The entry of a number that is ours: the one with its id if that is still it, else by number."""
        listing = self._listing.current()
        known = None if number_id is None else listing.with_id(number_type, number_id)
        if known and known.number == number:
            return known
        entry = _single(number, listing.of(number, number_type))
        if entry is None:
            listing.require_absent(number_type, number_id, number)
        return entry

    def has_number(self, number_type: str, number_id: int) -> bool:
        """Whether the account has a number of this id; a list without ids does not deny it."""
        return _is_there(self._listing.current(), number_type, number_id)

    def connect(self, connection: Connection) -> ListedNumber:
        """Connect a number that `find` did not find, and answer with its entry in the list."""
        write = self._listing.write()
        doubtful = False
        for attempt in self._client.attempts():
            with attempt:
                write = self._listing.write()
                try:
                    with write:
                        self._client.connect(connection)
                except ApiError as failure:
                    # After one doubtful answer even a clear refusal may mean that the number is there.
                    doubtful = doubtful or isinstance(failure, _DOUBTS)
                    if not doubtful:
                        raise
                    if not self._was_done(connection, failure):
                        raise _doubted(failure) from None
        return self._written(
            connection,
            write,
            f"{connection.number} is connected in the account and is not in Pulumi's state; {_TAKE_OVER}",
        )

    def update(self, number_id: int, connection: Connection) -> ListedNumber:
        """Set how a number is connected, and answer with its entry in the list afterwards."""
        number = connection.number
        if not _is_there(self._listing.current(), connection.type, number_id, number):
            raise GoneError(
                f"{number} is no longer in the account under id {number_id}, and nothing was sent:"
                " run `pulumi refresh`, then `pulumi up`"
            )
        write = self._listing.write()
        try:
            with write:
                self._client.update(number_id, connection)
        except ApiError:
            self._listing.invalidate()
            raise
        return self._written(connection, write, f"{number} is set as declared: run `pulumi up` again")

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        """Disconnect `number`; that it is gone already, or its id another number's, is success."""
        if not _is_there(self._listing.current(), number_type, number_id, number):
            return
        try:
            self._client.disconnect(number_type, number_id, number)
        except RefusedError:
            # Also a 404 proves nothing: a wrong address answers it, too.
            self._listing.invalidate()
            if _is_there(self._listing.current(), number_type, number_id, number):
                raise
        except ApiError:
            self._listing.invalidate()
            raise
        self._listing.forget(number_type, number)

    def forward(self, body: dict[str, Any]) -> None:
        """Set a forwarding. The API has nothing that could be read back afterwards."""
        if self._client.settings.customer_id is not None:
            # An id alone may be a number of any account.
            self._listing.current()
        if listing := self._listing.known():
            listing.require_readable(body["number_type"], body["number_id"])
        with self._naming(body["number_type"], body["number_id"]):
            self._client.forward(body)

    def clear_forwarding(self, number_type: str, number_id: int) -> None:
        """Leave a number without forwarding; that the number is gone is success."""
        if not _is_there(self._listing.current(), number_type, number_id):
            return
        try:
            self.forward({"number_type": number_type, "number_id": number_id, "type": "empty"})
        except RefusedError:
            self._listing.invalidate()
            if _is_there(self._listing.current(), number_type, number_id):
                raise

    @contextmanager
    def _naming(self, number_type: str, number_id: int) -> Iterator[None]:
        """Add to an error the number of an id: a forwarding knows the id alone."""
        try:
            yield
        except ApiError as failure:
            listing = self._listing.known()
            # Where the API answers, it can be asked; where it does not, the error is not to wait for it.
            answers = isinstance(failure, RefusedError) and not isinstance(failure, RateLimitedError)
            if listing is None and answers:
                with suppress(ApiError):
                    listing = self._listing.current()
            entry = listing.with_id(number_type, number_id) if listing else None
            if entry:
                failure.doing = f"{failure.doing} ({entry.number})"
            raise

    def _list(self) -> tuple[ListedNumber, ...]:
        """The account's list, made sure to be that of the account that the settings name."""
        wanted = self._client.settings.customer_id
        numbers = self._client.list_numbers()
        self._identity.note(numbers)
        if wanted is not None:
            self._identity.require_customer(wanted, {number.customer_id for number in numbers})
        return numbers

    def _customer(self) -> int | None:
        try:
            return self._client.customer_info()
        except NotFoundError:
            return None

    def _was_done(self, connection: Connection, doubt: ApiError) -> bool:
        """Whether a PUT without a clear answer was done: looked up before anybody repeats it."""
        self._listing.invalidate()
        # A 429 was surely not done, so one look is enough; the list may be late with the others.
        pauses = _LOOKS[:1] if isinstance(doubt, RateLimitedError) else _LOOKS
        try:
            if any(self._look(connection, pause) for pause in pauses):
                return True
            if seen := self._listing.known():
                seen.require_absent(connection.type, None, connection.number)
        except UnreadableEntryError:
            raise NotListedError(
                f"{doubt.doing}: {doubt.reason}; whether it was done is unknown, for the account lists a"
                f" number that cannot be read: {_TAKE_OVER}"
            ) from None
        except WrongAccountError as wrong:
            raise WrongAccountError(
                f"{connection.number} may be connected there: look, and remove it by hand; {wrong}"
            ) from None
        except ApiError as failure:
            raise NotListedError(
                f"{doubt.doing}: {doubt.reason}; whether it was done is unknown, for the account"
                f" could not be listed ({failure.reason}): {_TAKE_OVER}"
            ) from None
        return False

    def _written(self, connection: Connection, write: Write, advice: str) -> ListedNumber:
        """The entry of a number that was just written, from a list fetched since."""
        number = connection.number
        seen = None
        for pause in _LOOKS:
            try:
                seen = self._look(connection, pause, None if pause else write)
            except ApiError as failure:
                raise NotListedError(f"{failure.doing}: {failure.reason}; {advice}") from None
            except WrongAccountError as wrong:
                # An empty account tells nobody whose it is.
                raise WrongAccountError(f"{number} is connected there: remove it by hand; {wrong}") from None
            if seen and seen.known and seen.type == connection.type:
                return seen
        trouble = f" ({seen.trouble})" if seen and seen.trouble else ""
        found = f"lists it as {seen.type}{trouble}" if seen else "does not list it"
        raise NotListedError(f"the API answered success for {number} and {found}; {advice}")

    def _look(self, connection: Connection, pause: float, after: Write | None = None) -> ListedNumber | None:
        """The number's entry in a fresh list: the one of its type, else what else bears the number."""
        time.sleep(pause)
        listing = self._listing.fresh(after)
        number = connection.number
        return _single(number, listing.of(number, connection.type) or listing.of(number))


def _doubted(failure: ApiError) -> ApiError:
    """A failure after an attempt that may have been done: "nothing was sent" is no longer true of all."""
    if isinstance(failure, NotSentError):
        return MaybeDoneError(failure.doing, failure.reason, transient=False)
    return failure


def _is_there(listing: Listing, number_type: str, number_id: int, number: str | None = None) -> bool:
    """Whether the id is still in the list, and still this number's."""
    entry = listing.with_id(number_type, number_id)
    if entry or listing.has_ids:
        is_there = entry is not None and number in (None, entry.number)
    else:
        is_there = number is None or bool(listing.of(number, number_type))
    if not is_there:
        listing.require_absent(number_type, number_id, number)
    return is_there


def _single(number: str, entries: list[ListedNumber]) -> ListedNumber | None:
    if len(entries) > 1:
        ids = ", ".join(f"{entry.type}/{entry.id}" for entry in entries)
        raise AmbiguousNumberError(
            f"{number}: the account lists it {len(entries)} times ({ids}); remove all but one by hand"
        )
    return entries[0] if entries else None


_ACCOUNTS: Final[dict[Settings, Account]] = {}
_ACCOUNTS_LOCK: Final = threading.Lock()


def account_for(settings: Settings, is_abandoned: Callable[[], bool] = lambda: False) -> Account:
    """The account of these settings, one for all callers in this process.

    `is_abandoned` says whether what asked for this work has ended: nothing is written then.
    """
    with _ACCOUNTS_LOCK:
        if settings not in _ACCOUNTS:
            _ACCOUNTS[settings] = Account(api.Client(settings, is_abandoned))
        return _ACCOUNTS[settings]
