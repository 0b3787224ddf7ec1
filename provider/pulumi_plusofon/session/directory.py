"""Names in place of ids: an account's SIP accounts, groups, scenarios, call queues, each list fetched once.

Names are unique by nothing that the vendor documents, so exactly one target must match. Only reads.
"""

from __future__ import annotations

import threading
import unicodedata
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api.directory import WORDS
from pulumi_plusofon.runtime.text import plain

from .errors import NoSuchTargetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_plusofon.api import Target, TargetKind

_SHOWN: Final = 20


class Directory:
    """The targets of one account, shared by the threads of this process; `fetch` gets one list."""

    def __init__(self, fetch: Callable[[TargetKind], tuple[Target, ...]]) -> None:
        self._fetch = fetch
        self._lists: dict[TargetKind, tuple[Target, ...]] = {}
        self._lock = threading.Lock()

    def targets(self, kind: TargetKind) -> tuple[Target, ...]:
        """Every target of this kind. An error is raised, and the list asked for anew next time."""
        with self._lock:
            if kind not in self._lists:
                self._lists[kind] = self._fetch(kind)
            return self._lists[kind]

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
