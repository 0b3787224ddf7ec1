"""List, write, list: how a number is connected, and how its entry is learnt after a write.

The API's PUT answers no id, and an answer may be lost. So after every write the account is listed
(`verification`), and after an ambiguous answer it is listed before anything is sent again. Never repeats a
PUT for a number that the list has, and never takes a failed list for an empty one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api import (
    ApiError,
    MaybeDoneError,
    NotSentError,
    RateLimitedError,
    ServerError,
)
from pulumi_plusofon.runtime import clock

from .errors import AmbiguousNumberError, NotListedError, UnreadableEntryError, WrongAccountError
from .verification import AnsweredWrite

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pulumi_plusofon.api import Connection, ListedNumber

    from .client import AccountApi
    from .entries import Listing
    from .listing import SharedListing, Write
    from .verification import Verification

    # What an entry shows other than was sent, "" for nothing.
    Contradicts: TypeAlias = Callable[[ListedNumber], str]

# Seconds before each new list for a number that may have been connected: the list may be late.
_RELIST_DELAYS: Final = (0.0, 0.5, 1.5)
# Answers to a PUT after which it may have been done all the same.
_AMBIGUOUS_ANSWERS: Final = (MaybeDoneError, RateLimitedError, ServerError)
_ADOPT_ADVICE: Final = (
    "run `pulumi up` again, and if it says that the number is connected already, take it over with adopt=True"
)


class Connecting:
    """Writes of one account whose result only its list can show."""

    def __init__(self, client: AccountApi, listing: SharedListing, verification: Verification) -> None:
        self._client = client
        self._listing = listing
        self._verification = verification

    def connect(self, connection: Connection, contradicts: Contradicts) -> ListedNumber:
        """Connect a number that the account does not have, and answer with its entry in the list."""
        ambiguous: list[ApiError] = []
        write = self._client.retry(lambda: self._put(connection, ambiguous))
        answered = AnsweredWrite(
            write,
            f"connecting {connection.number}",
            "the number is not in Pulumi's state",
            _ADOPT_ADVICE,
            NotListedError,
        )
        return self.entry_after(answered, connection, contradicts)

    def _put(self, connection: Connection, ambiguous: list[ApiError]) -> Write:
        """Send one PUT. `ambiguous` are the ambiguous answers of this number so far.

        Ends well where it was done: by a clear answer, or by the list after an ambiguous one.
        """
        failure = None
        with self._listing.write() as write:
            try:
                self._client.connect(connection)
            except ApiError as error:
                failure = error
        if failure is None:
            return write
        if isinstance(failure, _AMBIGUOUS_ANSWERS):
            ambiguous.append(failure)
        # After one ambiguous answer even a clear refusal may mean that the number is there.
        if not ambiguous:
            raise failure
        if not self._was_done(connection, failure):
            raise _without_not_sent(failure)
        return write

    def _was_done(self, connection: Connection, failure: ApiError) -> bool:
        """Whether a PUT without a clear answer was done: looked up before it may be repeated."""
        self._listing.invalidate()
        # A 429 was surely not done, so one list is enough; the list may be late after the others.
        delays = _RELIST_DELAYS[:1] if isinstance(failure, RateLimitedError) else _RELIST_DELAYS
        try:
            if any(self._find_in_fresh_list(connection, delay) for delay in delays):
                return True
            if listing := self._listing.last():
                listing.require_absent(connection.type, None, connection.number)
        except UnreadableEntryError:
            raise NotListedError(
                f"{failure.doing}: {failure.reason}; it is unknown whether that was done, because the account"
                f" lists a number that cannot be read",
                _ADOPT_ADVICE,
            ) from None
        except WrongAccountError as wrong:
            raise WrongAccountError(
                f"{connection.number} may be connected there: look, and remove it by hand; {wrong}"
            ) from None
        except ApiError as unlisted:
            raise NotListedError(
                f"{failure.doing}: {failure.reason}; it is unknown whether that was done, because the account"
                f" could not be listed ({unlisted.reason})",
                _ADOPT_ADVICE,
            ) from None
        return False

    def entry_after(
        self,
        answered: AnsweredWrite,
        connection: Connection,
        contradicts: Contradicts,
        *,
        patient: bool = False,
    ) -> ListedNumber:
        """The number's entry in a list that shows what was `answered`; raises as `Verification.require`."""

        def trouble(listing: Listing) -> str:
            entry = _find(listing, connection)
            if entry is None:
                return "does not list it"
            if not entry.managed or entry.type != connection.type:
                return f"lists it as {entry.type}{f' ({entry.trouble})' if entry.trouble else ''}"
            shown = contradicts(entry)
            return f"lists it otherwise: {shown}" if shown else ""

        entry = _find(self._verification.require(answered, trouble, patient=patient), connection)
        assert entry is not None  # noqa: S101 - without trouble it is there
        return entry

    def _find_in_fresh_list(self, connection: Connection, delay: float) -> ListedNumber | None:
        clock.sleep(delay)
        return _find(self._listing.fresh(), connection)


def _find(listing: Listing, connection: Connection) -> ListedNumber | None:
    """The number's entry: the one of its type, else what else bears the number."""
    number = connection.number
    return only_entry(number, listing.with_number(number, connection.type) or listing.with_number(number))


def only_entry(number: str, entries: list[ListedNumber]) -> ListedNumber | None:
    """The one of `entries`, None if there is none; refuses several."""
    if len(entries) > 1:
        ids = ", ".join(f"{entry.type}/{entry.id}" for entry in entries)
        raise AmbiguousNumberError(
            f"{number}: the account lists it {len(entries)} times ({ids}); remove all but one by hand"
        )
    return entries[0] if entries else None


def _without_not_sent(failure: ApiError) -> ApiError:
    """A failure after an attempt that may have been done: "nothing was sent" is no longer true of all."""
    if isinstance(failure, NotSentError):
        return MaybeDoneError(failure.doing, failure.reason, transient=False)
    return failure
