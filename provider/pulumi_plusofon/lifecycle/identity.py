"""Check that an entry of the list is the number that the state has: its account, its type, its id.

Reads the list alone; refuses and warns, and changes nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.session import NoIdError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.session import AccountSession

_LOG: Final = logging.getLogger(__name__)


def warn_of_another_id(entry: ListedNumber, outputs: Mapping[str, Any]) -> None:
    """Warn of a number that is left connected, because others have connected it anew."""
    known_id = outputs.get("number_id")
    if None not in (entry.id, known_id) and entry.id != known_id:
        _LOG.warning(
            "%s: left connected: the account has it under id %d, and the state under id %d, so it was"
            " connected anew by others; disconnect it in the vendor's web page if nothing needs it",
            entry.number,
            entry.id,
            known_id,
        )


def require_own_account(session: AccountSession, outputs: Mapping[str, Any]) -> None:
    """Refuse a number that the state has in another account than the token's."""
    session.require(outputs.get("customer_id"), outputs["number"], outputs["type"], outputs.get("number_id"))


def number_id(session: AccountSession, resource_id: str, outputs: Mapping[str, Any], done: str) -> int:
    """The API's id of a number in the state; where the state has none, the list may by now."""
    if not resource_id.startswith("number:"):
        return int(resource_id)
    entry = session.own_entry(outputs["type"], outputs["number"], None)
    if entry is None or entry.id is None:
        raise _no_id(outputs["number"], done)
    return entry.id


def _no_id(number: str, done: str) -> NoIdError:
    return NoIdError(
        f"{number} cannot be {done}: the API's list gives it no id, and the request needs one",
        "change it in the vendor's web page, then run `pulumi refresh`",
    )
