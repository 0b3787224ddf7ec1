"""The API's answers and requests as typed values.

Parsing is strict about what we rely on and calm about what we do not: an absent field is None, a
field of the wrong type makes the whole answer unreadable, because a list that is half understood
must never make a number look gone. Nothing here sends anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

NumberType: TypeAlias = Literal["ate", "sipuri"]

# The list says "АТС" in Cyrillic; its Latin look-alike and either case are taken for the same.
_LOOK_ALIKES: Final = str.maketrans("атсе", "atce")
_TYPES: Final[dict[str, NumberType]] = {
    "atc": "ate",
    "ate": "ate",
    "sip-uri": "sipuri",
    "sipuri": "sipuri",
}


class ShapeError(ValueError):
    """An answer is not of the documented shape; the text says where."""


@dataclass(frozen=True)
class ListedNumber:
    """An external number as the account's list has it (`GET /api/v1/number/external`).

    `id` is None where the list gives none. `number` is digits. `source` is the SIP account (`ate`) or
    the SIP servers (`sipuri`); `inbound_uri` the address dedicated to a `sipuri` number, the
    list's `host`; `registered` the list's `status`, `ate` only. A `type` that we do not know is
    kept as it was listed.
    """

    id: int | None
    type: str
    number: str
    source: str | None = None
    inbound_uri: str | None = None
    customer_id: int | None = None
    registered: bool | None = None

    @property
    def known(self) -> bool:
        """Whether the type is one that this package manages."""
        return self.type in ("ate", "sipuri")


@dataclass(frozen=True)
class RegistrationStatus:
    """Whether a login is registered at its SIP server, and since when, in the API's own words."""

    login: str
    status: str
    date: str | None = None

    @property
    def registered(self) -> bool:
        """Whether `status` is the API's word for registered, `OK`."""
        return self.status == "OK"


@dataclass(frozen=True)
class Connection:
    """How an external number is connected: the body of `PUT` and `PATCH` on `…/external/{type}`."""

    type: NumberType
    number: str
    host: str
    port: int | None = None
    login: str | None = None
    secret: str | None = field(default=None, repr=False)

    def body(self) -> dict[str, Any]:
        """The JSON body; `number` is an integer there, though the list has it as a string."""
        body: dict[str, Any] = {"host": self.host, "number": int(self.number)}
        if self.type == "ate":
            body |= {"port": self.port, "login": self.login, "secret": self.secret}
        return body


def parse_numbers(answer: dict[str, Any]) -> tuple[ListedNumber, ...]:
    """The external numbers of a list's answer; raises `ShapeError`."""
    numbers = tuple(
        _listed(item, f"external_numbers[{index}]")
        for index, item in enumerate(_array(answer, "external_numbers"))
    )
    # The paths are …/{type}/{id}, so ids need be unique only within a type.
    ids = [(number.type, number.id) for number in numbers if number.known and number.id is not None]
    if len(set(ids)) != len(ids):
        raise ShapeError("external_numbers: one id stands there twice")
    return numbers


def parse_statuses(answer: dict[str, Any]) -> tuple[RegistrationStatus, ...]:
    """The registrations of a status answer; raises `ShapeError`."""
    statuses = []
    for index, item in enumerate(_array(answer, "status")):
        place = f"status[{index}]"
        login, status = _text(item, "login", place), _text(item, "status", place)
        if login is None or status is None:
            raise ShapeError(f"{place}: login or status is missing")
        statuses.append(RegistrationStatus(login, status, _text(item, "date", place)))
    return tuple(statuses)


def parse_customer(answer: dict[str, Any]) -> int:
    """The account's own id of a `customer-info` answer; raises `ShapeError`."""
    customer_id = _integer(answer, "id", "customer-info")
    if customer_id is None:
        raise ShapeError("customer-info.id: missing")
    return customer_id


def printable(text: str) -> str:
    """A server's text without what would act on a terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def _listed(item: dict[str, Any], place: str) -> ListedNumber:
    listed_type, number = _text(item, "type", place), item.get("number")
    if listed_type is None:
        raise ShapeError(f"{place}.type: no string")
    number_type = _TYPES.get(listed_type.lower().translate(_LOOK_ALIKES))
    if number_type is None:
        # Not ours to touch: nothing of it matters but its number, which nobody else can connect.
        listed_id = item.get("id")
        return ListedNumber(
            listed_id if type(listed_id) is int else None,
            listed_type,
            printable(str(number)).removeprefix("+"),
        )
    if isinstance(number, bool) or not isinstance(number, str | int):
        raise ShapeError(f"{place}.number: neither a string nor an integer")
    digits = str(number).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise ShapeError(f"{place}.number: no phone number")
    registered = item.get("status")
    if not isinstance(registered, bool | None):
        raise ShapeError(f"{place}.status: no boolean")
    return ListedNumber(
        id=_integer(item, "id", place),
        type=number_type,
        number=digits,
        source=_text(item, "source", place),
        inbound_uri=_text(item, "host", place),
        customer_id=_integer(item, "customer_id", place),
        registered=registered,
    )


def _array(answer: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = answer.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ShapeError(f"{key}: no array of objects")
    return items


def _text(item: dict[str, Any], key: str, place: str) -> str | None:
    value = item.get(key)
    if not isinstance(value, str | None):
        raise ShapeError(f"{place}.{key}: no string")
    return None if value is None else printable(value)


def _integer(item: dict[str, Any], key: str, place: str) -> int | None:
    value = item.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise ShapeError(f"{place}.{key}: no integer")
    return value
