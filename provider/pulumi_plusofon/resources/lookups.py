"""What the account holds at the moment when a program runs, as plain typed values.

Reads with the stack's own configuration; keeps nothing, so two calls are two requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from pulumi_plusofon import api
from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.runtime import PlusofonError, Settings
from pulumi_plusofon.runtime.plain import unmarked
from pulumi_plusofon.schema.values import phone_number

from . import stack_config
from .account import stack_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_plusofon.api import Client, ListedNumber, RegistrationStatus


class LookupFailedError(pulumi.RunError):
    """A lookup could not be answered. The text says why, in one line."""

    def __init__(self, text: str) -> None:
        super().__init__(unmarked(text))


def get_external_numbers() -> tuple[ListedNumber, ...]:
    """Every external number of the account. One `GET /api/v1/number/external`.

    Raises `LookupFailedError`.
    """
    client = _client()
    try:
        return client.list_numbers()
    except PlusofonError as error:
        raise LookupFailedError(with_advice(error, "lookup")) from None
    finally:
        client.close()


def get_external_number(*, number: str | int) -> ListedNumber:
    """The account's entry of `number`, in any of its forms. One `GET /api/v1/number/external`.

    Raises `LookupFailedError`, also where the account has the number not at all, or more than once.
    """
    try:
        digits = phone_number(number)
    except ValueError as problem:
        raise LookupFailedError(f"number: {problem}") from None
    listed = get_external_numbers()
    found = [entry for entry in listed if entry.number == digits]
    if not found and (unread := [entry.number for entry in listed if not entry.has_digits]):
        raise LookupFailedError(
            f"number: {digits} is not in the account as far as its list can be read: it has {unread[0]}, too"
        )
    if len(found) != 1:
        times = f"{len(found)} times" if found else "not"
        raise LookupFailedError(f"number: {digits} is {times} in the account")
    return found[0]


def get_registration_status(*, logins: Sequence[str]) -> tuple[RegistrationStatus, ...]:
    """The registrations of SIP `logins` (`ate` only). One `GET /api/v1/number/external/status`.

    Raises `LookupFailedError`.
    """
    if not isinstance(logins, list | tuple) or not all(isinstance(login, str) for login in logins):
        raise LookupFailedError("logins: must be a list of texts")
    client = _client()
    try:
        return client.registration_statuses(logins)
    except PlusofonError as error:
        raise LookupFailedError(with_advice(error, "lookup")) from None
    finally:
        client.close()


def _client() -> Client:
    try:
        return api.Client(Settings.load(stack_value, keys=stack_config.keys()))
    except PlusofonError as error:
        raise LookupFailedError(with_advice(error, "lookup")) from None
