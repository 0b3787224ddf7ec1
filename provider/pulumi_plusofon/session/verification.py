"""After a write: looks at the list until it shows what was sent, or the time is over.

A write that was answered with success may have done nothing, and a list may lag behind. All writes that wait
share the looks. Sends GETs alone, and never takes the answer to a write for its result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from pulumi_plusofon.api import ApiError
from pulumi_plusofon.runtime import clock

from .errors import AccountError, WrongAccountError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .entries import Listing
    from .listing import SharedListing, Write

    # What a list shows other than it should ("does not list it"), "" where it shows what was sent.
    Trouble: TypeAlias = Callable[[Listing], str]

_SHORTEST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 5.0
_GROWTH: Final = 1.5


@dataclass(frozen=True)
class AnsweredWrite:
    """A write that the API answered with success, and what a person reads where no list shows it.

    `doing` is the write in words ("connecting 79104445566"), `kept` what that means for the state.
    """

    write: Write
    doing: str
    kept: str
    advice: str
    error: type[AccountError]


class Verification:
    """Looks at one account's list after writes, each for at most `seconds`."""

    def __init__(self, listing: SharedListing, seconds: float) -> None:
        self._listing = listing
        self._seconds = seconds

    def require(self, answered: AnsweredWrite, trouble: Trouble, *, patient: bool = False) -> Listing:
        """The list that shows the write.

        Raises `answered.error` where none does, or none comes; `WrongAccountError` where it is another
        account's. A `patient` caller waits a little for others that share the look.
        """
        try:
            listing, text = self.until(answered.write, trouble, patient=patient)
        except ApiError as failure:
            text = f"the account could not be listed ({failure.doing}: {failure.reason})"
        except WrongAccountError as wrong:
            # An empty account does not say whose it is.
            raise WrongAccountError(
                f"{answered.doing} was answered with success there: look, and undo it by hand; {wrong}"
            ) from None
        else:
            if not text:
                return listing
        reason = f"{answered.doing}: the API answered success, and {text}; {answered.kept}"
        raise answered.error(reason, answered.advice)

    def until(self, write: Write | None, trouble: Trouble, *, patient: bool = False) -> tuple[Listing, str]:
        """A list from after `write` without `trouble`, and ""; else the last one, and what it shows."""
        end = clock.monotonic() + self._seconds
        listing = self._listing.fresh(write, patient=patient)
        pause = _SHORTEST_PAUSE
        while text := trouble(listing):
            left = end - clock.monotonic()
            if left <= 0 or clock.is_cancelled():
                waited = "until it was interrupted" if clock.is_cancelled() else f"after {self._seconds:g} s"
                return listing, f"{waited} the account {text}"
            listing = self._listing.later(listing, min(pause, left))
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        return listing, ""
