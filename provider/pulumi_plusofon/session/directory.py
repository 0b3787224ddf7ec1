"""An account's SIP accounts, groups, scenarios and call queues by name and by id, each list fetched once.

Names are unique by nothing that the vendor documents, so exactly one target must match. An id is missing only
by a whole list that was read. Only reads.
"""

from __future__ import annotations

import threading
import unicodedata
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api.directory import WORDS
from pulumi_plusofon.runtime.text import plain

from .errors import AccountError, NoSuchTargetError, UnreadableEntryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_plusofon.api import Target, TargetKind

_SHOWN: Final = 20


class Directory:
    """The targets of one account, shared by the threads of this process.

    `fetch` gets one list. `require_own` raises where the account is not the one of the settings; it is called
    once, before the first list.
    """

    def __init__(
        self,
        fetch: Callable[[TargetKind], tuple[Target, ...]],
        require_own: Callable[[], object] = lambda: None,
    ) -> None:
        self._fetch = fetch
        self._require_own = require_own
        self._is_own = False
        self._wrong: AccountError | None = None
        self._lists: dict[TargetKind, tuple[Target, ...]] = {}
        self._confirmed: set[TargetKind] = set()
        self._lock = threading.RLock()

    @property
    def is_asked(self) -> bool:
        """Whether a list came by now."""
        return bool(self._lists)

    def require_own(self) -> None:
        """Refuse another account than the one of the settings. Asks at most once."""
        with self._lock:
            if self._wrong:
                raise self._wrong
            if self._is_own:
                return
            try:
                self._require_own()
            except AccountError as error:
                self._wrong = error
                raise
            self._is_own = True

    def targets(self, kind: TargetKind) -> tuple[Target, ...]:
        """Every target of this kind. An error is raised, and the list asked for anew next time."""
        with self._lock:
            if kind not in self._lists:
                self.require_own()
                self._lists[kind] = self._fetch(kind)
            return self._lists[kind]

    def has(self, kind: TargetKind, target_id: int) -> bool:
        """Whether the account has the target of this id.

        An empty list is believed when it comes twice. Raises `UnreadableEntryError` where an entry without a
        readable id may be the target.
        """
        with self._lock:
            targets = self.targets(kind)
            if not targets and kind not in self._confirmed:
                targets = self._lists[kind] = self._fetch(kind)
                self._confirmed.add(kind)
        ids = {target.id for target in targets}
        if target_id not in ids and None in ids:
            several = WORDS[kind][1]
            raise UnreadableEntryError(f"the list of {several} has an entry whose id cannot be read")
        return target_id in ids

    def shown(self, kind: TargetKind) -> str:
        """The targets of this kind for people: "Sales (12), Support (9)", "none"."""
        return _listed(
            f"{target.name} ({target.id})" if target.name else str(target.id) for target in self.targets(kind)
        )

    def find(self, kind: TargetKind, field: str, value: str) -> Target:
        """The one target whose `field` ("name", "number", "login") is `value`; raises `NoSuchTargetError`."""
        targets = self.targets(kind)
        wanted = _comparable(value)
        found = [target for target in targets if _comparable(getattr(target, field)) == wanted]
        # The API's words are "number" and "login"; a name needs no word.
        shown = f'"{plain(value)}"' if field == "name" else f'{field} "{plain(value)}"'
        single, several = WORDS[kind]
        if not found:
            there = _listed(getattr(target, field) for target in targets)
            raise NoSuchTargetError(f"the account has no {single} {shown}; it has {there}")
        if len(found) > 1:
            ids = ", ".join(str(target.id) for target in found)
            raise NoSuchTargetError(
                f"the account has {len(found)} {several} {shown} (ids {ids}): give the id"
            )
        if found[0].id is None:
            raise NoSuchTargetError(f"the {single} {shown} has no id that can be read: give the id")
        return found[0]


def _comparable(text: str | None) -> str | None:
    """One form for letters that can be written in two, so that what looks the same is the same."""
    return None if text is None else unicodedata.normalize("NFC", plain(text).strip())


def _listed(values: Iterable[str | None]) -> str:
    known = sorted({value for value in values if value})
    if not known:
        return "none"
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"{', '.join(known[:_SHOWN])}{more}"
