"""The API's answers and requests as typed values.

Parsing is strict about what we rely on, a listed number's `id`, `number` and `type`: an entry in which one of
them cannot be read stays in the list and says so (`trouble`), because what is left out looks gone. It is
lenient about the rest: a field that cannot be read is unknown, as if it were absent. Sends nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

from pulumi_plusofon.runtime.text import e164, plain

from . import said

if TYPE_CHECKING:
    from collections.abc import Callable

_Field = TypeVar("_Field")

NumberType: TypeAlias = Literal["ate", "sipuri"]

# The list says "АТС" in Cyrillic; its Latin look-alike and either case count as the same.
_LOOK_ALIKES: Final = str.maketrans("атсе", "atce")
_TYPES: Final[dict[str, NumberType]] = {
    "atc": "ate",
    "ate": "ate",
    "sip-uri": "sipuri",
    "sipuri": "sipuri",
}
_LONGEST_SHOWN: Final = 60
# The engine carries numbers as IEEE doubles: two greater ids could become the same (E42).
_GREATEST: Final = 2**53 - 1
_INTEGER: Final = re.compile(r"([0-9]{1,19})(?:\.0+)?", re.ASCII)


class ShapeError(ValueError):
    """An answer is not of the documented shape; the text says where."""


@dataclass(frozen=True)
class ListedNumber:
    """An external number as the account's list has it (`GET /api/v1/number/external`).

    `id` is None where the list gives none. `number` is digits. `e164` is the same with a plus, as every
    argument takes it, None where `number` is no digits. `source` is the SIP account (`ate`) or
    the SIP servers (`sipuri`); `inbound_uri` the address dedicated to a `sipuri` number, the
    list's `host`; `registered` the list's `status`, `ate` only. `trouble` says what of `type`, `number` or
    `id` cannot be read ("its type is not known"): then those are as they were listed, as far as they can be
    shown, and an `id` that is none is None.
    """

    id: int | None
    type: str
    number: str
    source: str | None = None
    inbound_uri: str | None = None
    customer_id: int | None = None
    registered: bool | None = None
    trouble: str | None = None

    @property
    def managed(self) -> bool:
        """Whether the entry is understood, and its type one that this package manages."""
        return self.trouble is None and self.type in ("ate", "sipuri")

    @property
    def e164(self) -> str | None:
        """The number with its plus, in the form in which all of ours takes it again."""
        return e164(self.number)

    @property
    def has_digits(self) -> bool:
        """Whether `number` could be read."""
        return self.number.isascii() and self.number.isdigit()


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
    """The external numbers of one page of a list's answer; raises `ShapeError` where there is no such list.

    `note` is called with "number: field" for each field that decides nothing and cannot be read.
    """
    numbers = tuple(_listed(item, note) for item in array(answer, "external_numbers"))
    # An account without numbers has nothing to explain.
    if problem := said.faults(answer) or (not numbers and said.words(answer)):
        raise ShapeError(f"external_numbers: {len(numbers)} came, and the answer says: {problem}")
    return numbers


def with_repeats_marked(numbers: tuple[ListedNumber, ...]) -> tuple[ListedNumber, ...]:
    """A whole list, in which no id that stands there twice can be read."""
    # The paths are …/{type}/{id}, so ids need be unique only within a type.
    times = Counter(
        (number.type, number.id) for number in numbers if number.managed and number.id is not None
    )
    return tuple(
        replace(number, trouble="its id stands there twice")
        if number.managed and number.id is not None and times[number.type, number.id] > 1
        else number
        for number in numbers
    )


def parse_statuses(answer: dict[str, Any]) -> tuple[RegistrationStatus, ...]:
    """The registrations of a status answer; raises `ShapeError`."""
    statuses = []
    for index, item in enumerate(array(answer, "status")):
        place = f"status[{index}]"
        login, status = _text(item, "login", place), _text(item, "status", place)
        if login is None or status is None:
            raise ShapeError(f"{place}: login or status is missing")
        statuses.append(RegistrationStatus(login, status, _text(item, "date", place)))
    return tuple(statuses)


def parse_customer(answer: dict[str, Any]) -> int:
    """The account's own id of a `customer-info` answer; raises `ShapeError`."""
    customer_id = positive(answer.get("id"))
    if customer_id is None:
        raise ShapeError("customer-info.id: no id")
    return customer_id


def _listed(item: dict[str, Any], note: Callable[[str], None]) -> ListedNumber:
    label, number, listed_id = item.get("type"), item.get("number"), item.get("id")
    word = label.strip() if isinstance(label, str) else _shown(label)
    number_type = _TYPES.get(word.lower().translate(_LOOK_ALIKES))
    digits = _digits(number)
    known_id = positive(listed_id)
    trouble = _trouble(number_type, digits, listed_id, known_id)
    if trouble:
        shown_type, shown_number = number_type or plain(word), digits or _digits_or_text(number)
        customer_id = positive(item.get("customer_id"))
        return ListedNumber(known_id, shown_type, shown_number, customer_id=customer_id, trouble=trouble)

    def lenient(key: str, read: Callable[[Any], _Field | None]) -> _Field | None:
        value = item.get(key)
        found = read(value)
        if found is None and value is not None:
            note(f"{digits}: {key}")
        return found

    return ListedNumber(
        id=known_id,
        type=number_type or "",
        number=digits or "",
        source=lenient("source", _source),
        inbound_uri=lenient("host", _line),
        customer_id=lenient("customer_id", positive),
        registered=lenient("status", flag),
    )


def _trouble(
    number_type: str | None, digits: str | None, listed_id: object, known_id: int | None
) -> str | None:
    """What of an entry cannot be read, None if nothing."""
    if number_type is None:
        return "its type is not known here"
    if digits is None:
        return "its number cannot be read"
    return None if listed_id is None or known_id is not None else f"its id {_shown(listed_id)} cannot be read"


def _shown(value: object) -> str:
    """A value of the list that is not what it should be, on one line of bearable length."""
    line = plain(value if isinstance(value, str) else repr(value))
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def _digits(number: object) -> str | None:
    """The digits of a number as the API writes it, None if it is none."""
    if isinstance(number, bool) or not isinstance(number, str | int):
        return None
    digits = str(number).strip().removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() else None


def _digits_or_text(number: object) -> str:
    """The digits of a phone number as people write it, else the value as it stands."""
    digits = "".join(character for character in str(number) if character not in "+() .-\N{NO-BREAK SPACE}")
    is_number = isinstance(number, str) and digits.isascii() and digits.isdigit()
    return digits if is_number else _shown(number)


def _source(value: object) -> str | None:
    if isinstance(value, list) and value and all(isinstance(server, str) for server in value):
        return plain(",".join(value))
    return _line(value)


def _line(value: object) -> str | None:
    return plain(value) if isinstance(value, str) else None


def natural(value: object) -> int | None:
    """A whole number from 0, or one as text, as a server of PHP writes it; None for anything else."""
    if isinstance(value, str) and (integer := _INTEGER.fullmatch(value)):
        value = int(integer[1])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _GREATEST else None


def positive(value: object) -> int | None:
    """As `natural`, from 1."""
    return natural(value) or None


def flag(value: object) -> bool | None:
    """True and false as this server writes them, now as one, now as the other; anything else is unknown."""
    text = str(value).lower() if isinstance(value, bool | int | str) else ""
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def array(answer: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of an answer under `key`; raises `ShapeError`."""
    items = answer.get(key)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ShapeError(f"{key}: no array of objects")
    return items


def _text(item: dict[str, Any], key: str, place: str) -> str | None:
    value = item.get(key)
    if not isinstance(value, str | None):
        raise ShapeError(f"{place}.{key}: no string")
    return None if value is None else plain(value)
