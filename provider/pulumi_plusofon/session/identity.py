"""Find whose account the token opens, and whether what the state holds is in it.

The account's own id is its identity: every listed number has it (`customer_id`), and the state keeps it.
Where no list shows it, the API's `customer-info` does. No name, variable or address decides. Only reads.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.api import NotFoundError

from .errors import WrongAccountError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_plusofon.api import ListedNumber

    from .client import AccountApi

# Of the stack's own account, or of one beside it.
_GUARD: Final = "plusofon:customerId, or customer_id of an Account"


class Identity:
    """The ids of the token's account, as far as this process has seen them.

    `look` fetches the account's list, `ask` its id from `customer-info`, None where the API has no such
    operation; both raise what the API answers otherwise.
    """

    def __init__(self, look: Callable[[], object], ask: Callable[[], int | None]) -> None:
        self._look = look
        self._ask = ask
        self._seen: frozenset[int] = frozenset()
        self._customer: int | None = None
        self._lock = threading.Lock()

    def note(self, numbers: Iterable[ListedNumber]) -> None:
        """Take the ids from a list that came."""
        ids = {number.customer_id for number in numbers if number.customer_id is not None}
        with self._lock:
            self._seen |= ids

    def is_other(self, customer_id: int) -> bool:
        """Whether `customer_id` is surely not this account's."""
        ids = self._ids()
        return bool(ids) and customer_id not in ids

    def require(self, customer_id: int | None, what: str) -> None:
        """Refuse `what` of the state ("79104445566") where it is in another account than the token's."""
        if customer_id is None or not self.is_other(customer_id):
            return
        others = " and ".join(map(str, sorted(self._ids())))
        raise WrongAccountError(
            f"{what}: the state has it in account {customer_id}, and the token is account {others}'s, so"
            f" nothing was done: set the token and the base URL of account {customer_id}"
        )

    def require_customer(self, wanted: int, listed: set[int | None]) -> None:
        """Refuse a token of another account than the settings name, and one whose account is unknown."""
        theirs = listed - {None}
        if not theirs:
            if self._customer is None:
                self._customer = self._ask()
            theirs = {self._customer}
        if theirs == {wanted}:
            return
        others = theirs - {wanted}
        if None in others:
            raise WrongAccountError(
                f"the account of the token is unknown, and it must be account {wanted}'s"
                f" ({_GUARD}): neither the list nor customer-info says it; unset that to go on without"
                " this check"
            )
        other = min(customer_id for customer_id in others if customer_id is not None)
        raise WrongAccountError(
            f"the token is account {other}'s, and it must be account {wanted}'s ({_GUARD}):"
            f" set the token and the base URL of account {wanted}"
        )

    def _ids(self) -> frozenset[int]:
        if not self._seen:
            self._look()
        if self._seen:
            return self._seen
        if self._customer is None:
            self._customer = self._ask()
        return frozenset() if self._customer is None else frozenset({self._customer})


def customer_of(client: AccountApi) -> int | None:
    """The account's own id as `customer-info` says it, None where the API has no such operation."""
    try:
        return client.customer_info()
    except NotFoundError:
        return None


def own_numbers(client: AccountApi, identity: Identity | None = None) -> tuple[ListedNumber, ...]:
    """The account's list, made sure to be that of the account that the settings name.

    `identity` takes the ids of it. Raises `WrongAccountError`.
    """
    known = identity or Identity(lambda: None, lambda: customer_of(client))
    numbers = client.list_numbers()
    known.note(numbers)
    if (wanted := client.settings.customer_id) is not None:
        known.require_customer(wanted, {number.customer_id for number in numbers})
    return numbers
