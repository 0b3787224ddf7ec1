"""Facts about the account itself: who it is, who asks, its balance, the countries it may call.

From the vendor's pages of 2023-02-13, of which only the beginning of each answer is known: fields that decide
nothing may be absent. Only GETs. Of a user's entry the id and the role alone are kept: the rest is personal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pulumi_plusofon.runtime.text import plain

from .models import ShapeError, parse_customer, positive

if TYPE_CHECKING:
    from collections.abc import Callable

_Answer = TypeVar("_Answer")


class FactReader(Protocol):
    """The part of the client that facts are read with."""

    def get(self, doing: str, path: str, parse: Callable[[dict[str, Any]], _Answer]) -> _Answer:
        """The parsed answer of a GET."""
        ...


@dataclass(frozen=True)
class Customer:
    """The account: its own id, and the name of its tariff, None where it cannot be read."""

    id: int
    tariff: str | None


@dataclass(frozen=True)
class User:
    """Who the token belongs to: the user's id and role, None where they cannot be read."""

    id: int | None
    role: str | None


def customer(client: FactReader) -> Customer:
    """Whose account it is, also where it has no number. `GET /api/v1/customer-info`."""
    return client.get("reading whose account it is", "/api/v1/customer-info", _customer)


def user(client: FactReader) -> User:
    """Whose token it is. `GET /api/v1/authuser`."""
    return client.get("reading whose token it is", "/api/v1/authuser", _user)


def balance(client: FactReader) -> float:
    """The account's balance; the API names no currency. `GET /api/v1/payment/balance`."""
    return client.get("reading the balance", "/api/v1/payment/balance", _balance)


def directions(client: FactReader) -> tuple[str, ...]:
    """The codes of the countries that the account may call. `GET /api/v1/direction`."""
    return client.get("reading the countries that may be called", "/api/v1/direction", _directions)


def _customer(answer: dict[str, Any]) -> Customer:
    return Customer(parse_customer(answer), _name(answer.get("tariff")))


def _user(answer: dict[str, Any]) -> User:
    entry = answer.get("user")
    if not isinstance(entry, dict):
        raise ShapeError("user: no object")
    return User(positive(entry.get("id")), _name(entry.get("role")))


def _balance(answer: dict[str, Any]) -> float:
    value = answer.get("balance")
    try:
        # This server writes numbers as text, too.
        amount = math.nan if isinstance(value, bool) or value is None else float(value)
    except (TypeError, ValueError, OverflowError):
        amount = math.nan
    if not math.isfinite(amount):
        raise ShapeError("balance: no number")
    return amount


def _directions(answer: dict[str, Any]) -> tuple[str, ...]:
    entries = answer.get("directions")
    # PHP writes an empty table as an array.
    values = list(entries.values()) if isinstance(entries, dict) else entries
    if not isinstance(values, list) or not all(isinstance(entry, dict) for entry in values):
        raise ShapeError("directions: no table of objects")
    codes = {plain(str(entry.get("code"))) for entry in values}
    return tuple(sorted(codes, key=lambda code: (len(code), code)))


def _name(entry: object) -> str | None:
    name = entry.get("name") if isinstance(entry, dict) else None
    return plain(name) if isinstance(name, str) else None
