"""The operations that a session asks of the API. `api.Client` has them; so does every account of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_plusofon.api import Connection, ListedNumber, RegistrationStatus
    from pulumi_plusofon.runtime import Settings

_Result = TypeVar("_Result")


class AccountApi(Protocol):
    """One account's API, an operation a method; each raises from `api.errors`."""

    @property
    def settings(self) -> Settings:
        """The settings that it sends with."""
        ...

    def list_numbers(self) -> tuple[ListedNumber, ...]:
        """Every external number of the account."""
        ...

    def customer_info(self) -> int:
        """The account's own id."""
        ...

    def registration_statuses(self, logins: Iterable[str]) -> tuple[RegistrationStatus, ...]:
        """The registrations of `logins`."""
        ...

    def connect(self, connection: Connection) -> None:
        """Connect a new number."""
        ...

    def update(self, number_id: int, connection: Connection) -> None:
        """Set how a number is connected."""
        ...

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        """Disconnect a number."""
        ...

    def forward(self, body: dict[str, Any]) -> None:
        """Set the forwarding of a number."""
        ...

    def retry(self, step: Callable[[], _Result]) -> _Result:
        """Retry `step` up to max_retries. `step` must check whether its PUT was applied before it raises."""
        ...
