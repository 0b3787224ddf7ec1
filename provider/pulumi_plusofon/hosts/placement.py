"""Find which account a resource lives in: this process's, or another one.

The engine serves the stack's own account and each `Account` by a process of its own. It does not see that a
resource goes from one to another (E36). The account's own id distinguishes them, in the state and in the
list; no name does. `Account` marks the configuration of its process. Without a mark nothing moves, and this
module sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.kinds import CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.dynamic import Config

    from pulumi_plusofon.session import AccountSession

# Among the inputs of an `Account`. It is no key of a stack's configuration: those have a colon (E140).
MARK: Final = "beside"
# In the outputs of what lives in an `Account`; in states of before it is that account's name.
_PLACE: Final = "account"


def is_beside(config: Config) -> bool:
    """Whether `config` is that of an `Account`, and not the stack's own.

    An `Account` in a state of before has no mark: what lives there has one of its own in its outputs.
    """
    return MARK in getattr(config, "_props", {})


def mark(*, beside: bool) -> dict[str, str]:
    """What the outputs of a resource have besides its own, where it lives in an `Account`."""
    return {_PLACE: "beside"} if beside else {}


def has_moved(session: AccountSession, outputs: Mapping[str, Any], *, beside: bool) -> bool:
    """Whether the state has the resource in another account than this process serves."""
    asks = beside or outputs.get(_PLACE) is not None
    return (asks or session.names_customer) and session.is_other(outputs.get(CUSTOMER))
