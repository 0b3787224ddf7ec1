"""Create a number that the account has already: refuse it, take it over, or record it.

Decides by the account's list and the inputs alone; sends nothing. Passwords, ports and forwardings are not in
the list: the program's values for them are not verified, and a warning says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.addresses import servers
from pulumi_plusofon.session import AlreadyConnectedError, ContradictedError, NoIdError, NotInAccountError

from .shown import contradictions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.api import ListedNumber

# In the state of what a run with `plusofon:adopt` `record` took over: by it the same can be let go again.
RECORDED: Final = "recorded"
ON_TRUST: Final = (
    "recorded as declared, and nothing was sent: SIP passwords, ports and forwardings cannot be read, so the"
    " state holds them as the program declares them"
)


def id_to_update(found: ListedNumber, inputs: Mapping[str, Any], *, adopt: bool) -> int:
    """The id of a number that is taken over with one PATCH; refuses what is not to be taken over."""
    number = inputs["number"]
    if not adopt:
        raise AlreadyConnectedError(
            f"{number} is connected already (id {found.id}, {found.source}), and nothing was sent",
            "set adopt=True to take it over; if a resource of this stack had it under another name, give this"
            " one that name with aliases=[pulumi.Alias(name=...)]",
        )
    _require_type(found, inputs)
    if found.type == "sipuri" and (missing := set(servers(found.source)) - set(servers(inputs["host"]))):
        raise ContradictedError(
            f"{number}: host: the account has {found.source}, and taking it over would remove"
            f" {', '.join(sorted(missing))}; nothing was sent: give all servers in host, and remove one in a"
            " later change"
        )
    if found.id is None:
        raise NoIdError(
            f"{number} cannot be adopted: the API's list gives it no id, and the request needs one",
            "change it in the vendor's web page, then run `pulumi refresh`",
        )
    return found.id


def recorded(found: ListedNumber | None, inputs: Mapping[str, Any]) -> ListedNumber:
    """The entry of a number that is recorded as it is; refuses what the list visibly contradicts."""
    number = inputs["number"]
    if found is None:
        raise NotInAccountError(
            f"{number} is not in the account, and plusofon:adopt is record, so it was not connected",
            "connect it in a run without plusofon:adopt (PLUSOFON_ADOPT), or remove it from the program",
        )
    _require_type(found, inputs)
    if texts := list(contradictions(found.source, inputs)):
        raise ContradictedError(
            f"{number}: {'; '.join(texts)}; nothing was recorded",
            "declare what the account has, record it, and change it in a later run",
        )
    return found


def _require_type(found: ListedNumber, inputs: Mapping[str, Any]) -> None:
    if found.type != inputs["type"]:
        raise AlreadyConnectedError(
            f"{inputs['number']} is connected already as type {found.type}, not {inputs['type']}, and cannot"
            f" be adopted: declare type {found.type}"
        )
