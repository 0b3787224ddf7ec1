"""One account in this process: what its list says, and the writes that this process does to it.

Writes are list, write, list, because the API's PUT answers no id (`connecting`); the list is shared
(`listing`). Knows nothing of resources' inputs and outputs, and never deletes by itself.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon import api
from pulumi_plusofon.api import ApiError, NotFoundError, RateLimitedError, RefusedError

from .connecting import Connecting, only_entry
from .entries import is_number, require_managed
from .errors import AlreadyConnectedError, GoneError, UnreadableEntryError, UnverifiedError
from .holds import Holds
from .identity import Identity, customer_of, own_numbers
from .listing import SharedListing
from .notes import RunNotes
from .registrations import Registrations
from .verification import AnsweredWrite, Verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_plusofon.api import Connection, ListedNumber
    from pulumi_plusofon.runtime import Settings
    from pulumi_plusofon.runtime.setting_values import AdoptMode

    from .client import AccountApi
    from .connecting import Contradicts
    from .entries import Listing

_REFRESH: Final = "run `pulumi refresh`, then `pulumi up`"
_AGAIN: Final = "run it again, and if it stays so ask the vendor"


class AccountSession:
    """The external numbers of one account, shared by the threads of this process."""

    def __init__(self, client: AccountApi) -> None:
        self._client = client
        self._listing = SharedListing(lambda: own_numbers(client, self._identity))
        self._verification = Verification(self._listing, client.settings.timeout)
        self._connecting = Connecting(client, self._listing, self._verification)
        self._identity = Identity(self._listing.current, lambda: customer_of(client))
        self.holds = Holds()
        self.notes = RunNotes()
        self.registrations = Registrations(self._client.registration_statuses)

    @property
    def adopt(self) -> AdoptMode:
        """What a create does with a number that the account has already."""
        return self._client.settings.adopt

    @property
    def names_customer(self) -> bool:
        """Whether the settings say whose account it is, so that no request is needed."""
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

        A number that the list has as it is in the state, with its type and id, shows it by itself.
        """
        if customer_id is None:
            return
        entry = None if number_id is None else self._listing.current().with_id(number_type, number_id)
        if entry is None or not is_number(entry, what) or entry.customer_id not in (None, customer_id):
            self._identity.require(customer_id, what)

    def require_successor(self, number_type: str, number_id: int | None) -> None:
        """Refuse to touch a number that another one replaces which cannot be connected."""
        successor = self.notes.successor(number_type, number_id)
        found = self.find(successor.number) if successor else None
        if successor and found:
            raise AlreadyConnectedError(
                f"{successor.replaced} was not removed: its replacement {successor.number} is already"
                f" connected (id {found.id})",
                "if two resources exchange their numbers, set adopt=True on both, or give each the other's"
                " name with aliases=[pulumi.Alias(name=...)]",
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
        listing = self._listing.current()
        listing.require_unambiguous(number)
        entry = only_entry(number, listing.with_number(number))
        return None if entry is None else require_managed(entry)

    def entries(self) -> list[ListedNumber]:
        """All that the account lists, also what cannot be read."""
        return self._listing.current().entries()

    def types_of(self, number: str) -> list[str]:
        """The types under which the account lists `number`."""
        return [entry.type for entry in self._listing.current().with_number(number)]

    def known_number(self, number_type: str, number_id: int) -> str | None:
        """The number of an id, as this run knows it without asking; None where it does not."""
        listing = self._listing.last()
        entry = listing.with_id(number_type, number_id) if listing else None
        return entry.number if entry else self.notes.number(number_type, number_id)

    def own_entry(self, number_type: str, number: str, number_id: int | None) -> ListedNumber | None:
        """The entry of a number that is ours: the one with its id if that is still it, else by number."""
        listing = self._listing.current()
        known = None if number_id is None else listing.with_id(number_type, number_id)
        if known and is_number(known, number):
            return known
        entry = only_entry(number, listing.with_number(number, number_type))
        if entry is None:
            listing.require_absent(number_type, number_id, number)
        return entry

    def entry_or_gone(self, number_type: str, number: str, number_id: int | None) -> ListedNumber | None:
        """As `own_entry`, but None only where the account has the number under no type."""
        entry = self.own_entry(number_type, number, number_id)
        others = [] if entry else self._listing.current().with_number(number)
        if others:
            found = " and ".join(f"{other.type}/{other.id}" for other in others)
            raise UnreadableEntryError(
                f"{number}: the state has it as {number_type}/{number_id}, and the account lists it as"
                f" {found}; it does not count as gone",
                f"if it was connected anew, declare type {others[0].type} with adopt=True",
            )
        return entry

    def has_number(self, number_type: str, number_id: int, number: str | None = None) -> bool:
        """Whether the account has a number of this id, and it is `number` where that is known.

        A list without ids does not deny it.
        """
        return self._listing.current().has(number_type, number_id, number)

    def connect(self, connection: Connection, contradicts: Contradicts = lambda _entry: "") -> ListedNumber:
        """Connect a number that `find` did not find, and answer with its entry in the list.

        `contradicts` says what an entry shows other than was sent, "" for nothing.
        """
        if listing := self._listing.last():
            listing.require_keepable_ids(connection.number)
        return self._connecting.connect(connection, contradicts)

    def update(
        self, number_id: int, connection: Connection, contradicts: Contradicts = lambda _entry: ""
    ) -> ListedNumber:
        """Set how a number is connected, and answer with its entry in the list afterwards."""
        number = connection.number
        if not self._listing.current().has(connection.type, number_id, number):
            raise GoneError(
                f"{number} is no longer in the account under id {number_id}, and nothing was sent",
                _REFRESH,
            )
        try:
            with self._listing.write() as write:
                self._client.update(number_id, connection)
        except ApiError:
            self._listing.invalidate()
            raise
        answered = AnsweredWrite(
            write, f"updating {number}", "Pulumi's state keeps what it had", _AGAIN, UnverifiedError
        )
        return self._connecting.entry_after(answered, connection, contradicts, patient=True)

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        """Disconnect `number`; that it is gone already, or its id another number's, is success."""
        if not self._listing.current().has(number_type, number_id, number):
            return

        def still_listed(listing: Listing) -> str:
            return listing.still_has(number_type, number_id, number)

        try:
            with self._listing.write() as write:
                self._client.disconnect(number_type, number_id, number)
        except NotFoundError:
            # It proves nothing: a wrong address answers it, too. An attempt before may have been done.
            self._verification.until(None, still_listed)
            if self._is_listed_anew(number_type, number_id, number):
                raise
            return
        except RefusedError:
            if self._is_listed_anew(number_type, number_id, number):
                raise
            return
        except ApiError:
            self._listing.invalidate()
            raise
        answered = AnsweredWrite(
            write, f"disconnecting {number}", "it stays in Pulumi's state", _AGAIN, UnverifiedError
        )
        self._verification.require(answered, still_listed, patient=True)

    def forward(self, body: dict[str, Any], number: str | None = None) -> None:
        """Set a forwarding, of `number` where that is known. The API has nothing that could be read back."""
        number_type, number_id = body["number_type"], body["number_id"]
        self._require_own_account()
        if listing := self._listing.last():
            listing.require_readable(number_type, number_id)
            entry = listing.with_id(number_type, number_id)
            if entry and number and not is_number(entry, number):
                raise GoneError(
                    f"{number_type}/{number_id} is {entry.number}'s now, and this forwarding is of {number};"
                    " nothing was sent",
                    _REFRESH,
                )
        try:
            self._client.forward(body)
        except ApiError as failure:
            self._name_number(failure, number_type, number_id)
            raise

    def clear_forwarding(self, number_type: str, number_id: int, number: str | None = None) -> None:
        """Leave a number without forwarding; that the number is gone is success.

        So is an id that has become another's than `number`'s, where that is known.
        """
        if not self._listing.current().has(number_type, number_id, number):
            return
        try:
            self.forward({"number_type": number_type, "number_id": number_id, "type": "empty"})
        except RefusedError:
            self._listing.invalidate()
            if self._listing.current().has(number_type, number_id):
                raise

    def _is_listed_anew(self, number_type: str, number_id: int, number: str) -> bool:
        """Whether a list that is fetched now has the number under its id."""
        self._listing.invalidate()
        return self._listing.current().has(number_type, number_id, number)

    def _require_own_account(self) -> None:
        """Refuse another account's token where the settings name the account: an id may be of any."""
        if self.names_customer:
            self._listing.current()

    def _name_number(self, failure: ApiError, number_type: str, number_id: int) -> None:
        """Add to an error the number of an id: a forwarding knows the id alone."""
        listing = self._listing.last()
        # Where the API answers, it can be asked; where it does not, the error is not to wait for it.
        answers = isinstance(failure, RefusedError) and not isinstance(failure, RateLimitedError)
        if listing is None and answers:
            with suppress(ApiError):
                listing = self._listing.current()
        entry = listing.with_id(number_type, number_id) if listing else None
        if entry:
            failure.doing = f"{failure.doing} ({entry.number})"


_SESSIONS: Final[dict[Settings, AccountSession]] = {}
_SESSIONS_LOCK: Final = threading.Lock()


def session_for(settings: Settings, is_abandoned: Callable[[], bool] = lambda: False) -> AccountSession:
    """The account of these settings, one for all callers in this process.

    `is_abandoned` says whether what asked for this work has ended: nothing is written then.
    """
    with _SESSIONS_LOCK:
        if settings not in _SESSIONS:
            _SESSIONS[settings] = AccountSession(api.Client(settings, is_abandoned))
        return _SESSIONS[settings]
