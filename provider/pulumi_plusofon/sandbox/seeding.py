"""Fill an account at the start: numbers, targets of forwardings, odd entries, its own id.

One form for the control plane (`POST /_sandbox/seed`) and for a file (`plusofon sandbox --seed`), such as
`plusofon export --as seed` writes it. Never has to know a SIP password: a copy of an account has none.
"""

import time
from typing import Annotated, Any, Literal

from pydantic import Field

from .api.fields import Port, Text
from .api.numbers import forwarding_of
from .api.wire import CONNECTIONS, Strict, check, check_forwarding
from .errors import Refusal
from .state.digits import WITHOUT_PLUS
from .state.directory import StoredTarget
from .state.store import Connection, Store

Digits = Annotated[str, WITHOUT_PLUS, Field(pattern="^[1-9][0-9]{4,14}$")]
# Beyond this, readers of JSON lose digits, and the database has no room for the ids after it.
Id = Annotated[int, Field(gt=0, lt=2**53)]
# May be empty. A text without any limit would also be one that no database takes (half a surrogate pair).
Name = Annotated[str, Field(max_length=1000)]
Kind = Literal["sip", "group", "scenario", "call_queue"]
# Stands for a password that is not known where a connection must have one.
_UNKNOWN = "unknown"


class SeededNumber(Strict):
    """A number to be there, as if it had been connected long ago: registered unless it says otherwise.

    `id` is the next one where none is given. The password of an `ate` number without `secret` is not known.
    """

    id: Id | None = None
    type: Literal["ate", "sipuri"]
    number: Digits
    host: Text
    port: Port | None = None
    login: Text | None = None
    secret: Text | None = None
    registered: bool = True
    forwarding: dict[str, Any] | None = None


class SeededTarget(Strict):
    """A SIP account, group, scenario or call queue to be there."""

    id: Id
    name: Name
    number: Annotated[int, Field(ge=0, lt=2**53)] | Name | None = None
    login: Name | None = None


class Seed(Strict):
    """What to add to the account; `entries` are shown by the list of numbers as they are."""

    numbers: list[SeededNumber] = Field(default_factory=list)
    targets: dict[Kind, list[SeededTarget]] = Field(default_factory=dict)
    entries: list[dict[str, Any]] = Field(default_factory=list)
    customer_id: Id | None = None

    @property
    def without_password(self) -> bool:
        """Whether a number of it has a password that is not known."""
        return any(number.type == "ate" and number.secret is None for number in self.numbers)


def plant(store: Store, seed: Seed) -> list[int]:
    """Add all of `seed` in the caller's transaction, and answer with the numbers' ids; refuses as a whole."""
    ids = [_numbered(store, number, f"numbers.{place}") for place, number in enumerate(seed.numbers)]
    for kind, targets in seed.targets.items():
        for target in targets:
            number = None if target.number is None else str(target.number)
            if not store.directory.add_target(
                StoredTarget(kind, target.id, target.name, number, target.login)
            ):
                raise Refusal(400, f"targets.{kind}: the id {target.id} is there already")
    for entry in seed.entries:
        store.directory.add_entry(entry)
    if seed.customer_id is not None:
        store.directory.set_customer_id(seed.customer_id)
    return ids


def _numbered(store: Store, seeded: SeededNumber, place: str) -> int:
    try:
        return _number(store, seeded)
    except Refusal as refusal:
        raise Refusal(refusal.status, f"{place}: {refusal.message}") from None


def _number(store: Store, seeded: SeededNumber) -> int:
    now = time.time()
    given = seeded.model_dump(exclude_none=True, exclude={"id", "type", "registered", "forwarding"})
    complete = {"secret": _UNKNOWN, **given} if seeded.type == "ate" else given
    check(CONNECTIONS[seeded.type], {**complete, "number": int(seeded.number)}, f" for type {seeded.type}")
    if store.find(seeded.number):
        raise Refusal(400, f"number: {seeded.number} is already connected")
    if seeded.id is not None and store.number(seeded.id):
        raise Refusal(400, f"id: {seeded.id} is another number's")
    registers = now if seeded.type == "ate" and seeded.registered else None
    number_id = store.connect(seeded.type, Connection(**given), now, registers, seeded.id)
    set_forwarding(store, number_id, seeded.type, seeded.forwarding)
    return number_id


def set_forwarding(store: Store, number_id: int, number_type: str, forwarding: dict[str, Any] | None) -> None:
    """Set where a number's calls go, as a POST of the API would; None: nowhere."""
    if forwarding is not None:
        body = check_forwarding({"number_type": number_type, "number_id": number_id, **forwarding})
        forwarding = forwarding_of(body)
    store.forward(number_id, forwarding)
