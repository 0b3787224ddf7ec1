"""The API's answers and requests as typed values.

Parsing is strict about what we rely on, a listed number's `id`, `number` and `type`: one that cannot be read
makes the whole answer unreadable, because a list that is half understood must never make a number look gone.
It is lenient about the rest: a field that cannot be read is unknown, as if it were absent. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

from pulumi_plusofon.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

_Field = TypeVar("_Field")

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


def parse_numbers(
    answer: dict[str, Any], note: Callable[[str], None] = lambda _: None
) -> tuple[ListedNumber, ...]:
    """The external numbers of a list's answer; raises `ShapeError`.

    `note` is called with "number: field" for each field that decides nothing and cannot be read.
    """
    numbers = tuple(
        _listed(item, f"external_numbers[{index}]", note)
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


def _listed(item: dict[str, Any], place: str, note: Callable[[str], None]) -> ListedNumber:
    listed_type, number = item.get("type"), item.get("number")
    if not isinstance(listed_type, str):
        raise ShapeError(f"{place}.type: no string")
    number_type = _TYPES.get(listed_type.strip().lower().translate(_LOOK_ALIKES))
    if number_type is None:
        # Not ours to touch, but its number and id may be those of a number of ours.
        listed_id = _positive(item.get("id"))
        return ListedNumber(
            listed_id,
            plain(listed_type.strip()),
            _digits_or_text(number),
            customer_id=_positive(item.get("customer_id")),
        )
    if isinstance(number, bool) or not isinstance(number, str | int):
        raise ShapeError(f"{place}.number: neither a string nor an integer")
    digits = str(number).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise ShapeError(f"{place}.number: no phone number")
    known_id = _integer(item, "id", place)
    if known_id is not None and known_id <= 0:
        raise ShapeError(f"{place}.id: {known_id} is no id, of number {digits}")

    def lenient(key: str, read: Callable[[Any], _Field | None]) -> _Field | None:
        value = item.get(key)
        found = read(value)
        if found is None and value is not None:
            note(f"{digits}: {key}")
        return found

    return ListedNumber(
        id=known_id,
        type=number_type,
        number=digits,
        source=lenient("source", _source),
        inbound_uri=lenient("host", _line),
        customer_id=lenient("customer_id", _positive),
        registered=lenient("status", _flag),
    )


def _digits_or_text(number: object) -> str:
    """The digits of a phone number as people write it, else the text as it stands."""
    text = str(number)
    digits = "".join(one for one in text if one not in "+() .-\N{NO-BREAK SPACE}")
    return digits if digits.isascii() and digits.isdigit() else plain(text)


def _source(value: object) -> str | None:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return plain(",".join(value))
    return _line(value)


def _line(value: object) -> str | None:
    return plain(value) if isinstance(value, str) else None


def _positive(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _flag(value: object) -> bool | None:
    """True and false as this server writes them, now as one, now as the other; anything else is unknown."""
    text = str(value).lower() if isinstance(value, bool | int | str) else ""
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _array(answer: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = answer.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ShapeError(f"{key}: no array of objects")
    return items


def _text(item: dict[str, Any], key: str, place: str) -> str | None:
    value = item.get(key)
    if not isinstance(value, str | None):
        raise ShapeError(f"{place}.{key}: no string")
    return None if value is None else plain(value)


def _integer(item: dict[str, Any], key: str, place: str) -> int | None:
    value = item.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise ShapeError(f"{place}.{key}: no integer")
    return value
