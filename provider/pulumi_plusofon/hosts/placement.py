"""Which account a resource lives in: this process's, or another one.

The engine serves the stack's own account and each `Account` by a process of its own, and takes a resource
that goes from one to another for unchanged (E36). The account's own id distinguishes them, in the state and
in the list; no name does. Where a stack has no `Account`, nothing moves, and nothing is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime import NAMESPACE
from pulumi_plusofon.schema.kinds import CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.dynamic import Config

    from pulumi_plusofon.session import AccountSession

# In the outputs of what lives in an `Account`; in states of before it is that account's name.
_PLACE: Final = "account"


def is_beside(config: Config) -> bool:
    """Whether `config` may be that of an `Account`: it has a token, and no key that a stack alone has.

    A stack whose whole configuration is such looks the same. It is then asked once a run whose account it is,
    as an `Account` without `customer_id` is.
    """
    keys = getattr(config, "_props", {})
    return config.get(f"{NAMESPACE}:token") is not None and all(
        key.startswith(f"{NAMESPACE}:") for key in keys
    )


def mark(*, beside: bool) -> dict[str, str]:
    """What the outputs of a resource have besides its own, where it lives in an `Account`."""
    return {_PLACE: "beside"} if beside else {}


def has_moved(session: AccountSession, outputs: Mapping[str, Any], *, beside: bool) -> bool:
    """Whether the state has the resource in another account than this process serves."""
    asks = beside or outputs.get(_PLACE) is not None
    return (asks or session.names_customer) and session.is_other(outputs.get(CUSTOMER))
