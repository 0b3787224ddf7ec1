"""The account's list as a value: what one complete, valid list has, and what it has not.

An entry that cannot be read never counts as gone. Sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.schema.phone import is_international_number, may_be_number

from .errors import UnreadableEntryError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_plusofon.api import ListedNumber

# So many last digits are the same in every form of a number.
_TAIL: Final = 4
_LOOK: Final = "look at it in the vendor's web page, or ask for a newer version of this package"


class Listing:
    """The external numbers of one complete, valid list.

    `has_ids` says whether every number that can be ours came with its id; `is_empty` whether the list has
    nothing in it. `order` is its place among the lists of a run.
    """

    def __init__(self, numbers: Iterable[ListedNumber], order: int = 0) -> None:
        self.order = order
        self._by_number: dict[str, list[ListedNumber]] = defaultdict(list)
        self._by_tail: dict[str, list[ListedNumber]] = defaultdict(list)
        self._by_id: dict[tuple[str, int], ListedNumber] = {}
        self._unread: list[ListedNumber] = []
        self.has_ids = True
        self.is_empty = True
        for number in numbers:
            self.is_empty = False
            self._by_number[number.number].append(number)
            self._by_tail[number.number[-_TAIL:]].append(number)
            if not number.managed:
                self._unread.append(number)
            elif number.id is not None:
                self._by_id[number.type, number.id] = number
            else:
                self.has_ids = False

    def entries(self) -> list[ListedNumber]:
        """Every entry, those of one number side by side."""
        return [entry for entries in self._by_number.values() for entry in entries]

    def with_number(self, number: str, number_type: str | None = None) -> list[ListedNumber]:
        """Every entry of `number`, of this type and understood if one is given: none, one, or too many.

        One that has it in another than the international form is an entry of it, too.
        """
        others = [
            entry for entry in self._written_otherwise(number) if not is_international_number(entry.number)
        ]
        return [
            entry
            for entry in [*self._by_number.get(number, ()), *others]
            if number_type is None or (entry.managed and number_type == entry.type)
        ]

    def has(self, number_type: str, number_id: int, number: str | None = None) -> bool:
        """Whether the id is in the list, and `number`'s where that is known; refuses what may be it."""
        entry = self.with_id(number_type, number_id)
        if entry or self.has_ids:
            is_current = entry is not None and (number is None or is_number(entry, number))
        else:
            is_current = number is None or bool(self.with_number(number, number_type))
        if not is_current:
            self.require_absent(number_type, number_id, number)
        return is_current

    def still_has(self, number_type: str, number_id: int, number: str) -> str:
        """What the list shows of a number that was disconnected, "" for nothing."""
        for unread in self._unread:
            if unread.id == number_id or is_number(unread, number):
                return listed(unread)
        entries = self.with_number(number, number_type)
        is_listed = any(entry.id in (None, number_id) for entry in entries)
        return f"still lists it (id {number_id})" if is_listed else ""

    def require_unambiguous(self, number: str) -> None:
        """Refuse a number that an entry may be in national form, and that may be another one as well.

        Where the list has the very digits, the other entry is another number.
        """
        if number not in self._by_number:
            self._require_one_reading(number)

    def _require_one_reading(self, number: str) -> None:
        for entry in self._written_otherwise(number):
            if is_international_number(entry.number):
                raise UnreadableEntryError(
                    f"{number}: the account lists {entry.number} (id {entry.id}), which is another number or"
                    f" this one in its national form; nothing was done: {_LOOK}"
                )

    def _written_otherwise(self, number: str) -> list[ListedNumber]:
        """The entries whose digits are others, and may be those of `number` in its national form."""
        alike = self._by_tail.get(number[-_TAIL:], ())
        return [entry for entry in alike if entry.number != number and may_be_number(entry.number, number)]

    def with_id(self, number_type: str, number_id: int) -> ListedNumber | None:
        """The entry of this type that has this id."""
        return self._by_id.get((number_type, number_id))

    def require_absent(self, number_type: str, number_id: int | None, number: str | None) -> None:
        """Refuse to take what was not found for gone where an entry that cannot be read may be it.

        `number` is None where the id alone is known.
        """
        if number is not None:
            self._require_one_reading(number)
        for entry in self._unread:
            if _may_be(entry, number_id, number):
                ours = f"{number_type}/{number_id}" if number_id else number_type
                raise UnreadableEntryError(
                    f"{number or ours}: the state has it as {ours}, and the account {listed(entry)}; nothing"
                    f" was done, and it does not count as gone: {_LOOK}"
                )

    def require_keepable_ids(self, number: str) -> None:
        """Refuse to connect `number` where none of the ids that the list gives can be kept (E42)."""
        unread = next((entry for entry in self._unread if _has_unread_id(entry)), None)
        if unread and not self._by_id:
            raise UnreadableEntryError(
                f"{number} was not connected, because its id could not be kept: the account {listed(unread)};"
                f" {_LOOK}"
            )

    def require_readable(self, number_type: str, number_id: int) -> None:
        """Refuse an id that stands at an entry which cannot be read."""
        for entry in self._unread:
            if entry.id == number_id:
                raise UnreadableEntryError(
                    f"{number_type}/{number_id}: the account {listed(entry)}; nothing was sent: {_LOOK}"
                )


def require_managed(entry: ListedNumber) -> ListedNumber:
    """The entry, if it is understood; refuses one that is not."""
    if not entry.managed:
        raise UnreadableEntryError(
            f"{entry.number} is connected already, and nothing was sent: the account {listed(entry)}; {_LOOK}"
        )
    return entry


def listed(entry: ListedNumber) -> str:
    """What the list has, for an error about an entry that cannot be read."""
    trouble = entry.trouble or "its type is not known here"
    return f"lists {entry.number} with id {entry.id} as type {entry.type!r} ({trouble})"


def _has_unread_id(entry: ListedNumber) -> bool:
    """Whether the id alone of an entry cannot be read, or is too great to be kept."""
    return entry.id is None and entry.has_digits and entry.type in ("ate", "sipuri")


def _may_be(entry: ListedNumber, number_id: int | None, number: str | None) -> bool:
    """Whether an entry that cannot be read may be the one of this id or number."""
    if number_id is not None and entry.id == number_id:
        return True
    if number is None:
        return entry.id is None
    return not entry.has_digits or may_be_number(entry.number, number)


def is_number(entry: ListedNumber, number: str) -> bool:
    """Whether an entry of our type and id is still `number`, in whatever form its digits are."""
    return may_be_number(entry.number, number)
