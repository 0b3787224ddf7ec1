"""An account in memory that speaks the client's methods, with failures by script."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.api import Client, Connection, ListedNumber, NotFoundError, RegistrationStatus
from pulumi_plusofon.runtime import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Fault:
    """What becomes of one call: the error it ends with, and whether it was done all the same."""

    error: Exception | None = None
    done: bool = False


class FakeClient(Client):
    """The account `numbers`; every call is noted in `calls` as it arrives.

    `faults[method]` are taken one a call. `ids` False leaves the ids out of the list, `late` is how
    many lists a newly connected number stays out of. `registered` is the answer for each login. With
    `gone_at_forward` others remove every number right before a forwarding is set.
    """

    def __init__(self, *numbers: ListedNumber, max_retries: int = 2) -> None:
        super().__init__(Settings("tok-9f8e7d6c5b4a", base_url="http://127.0.0.1:9", max_retries=max_retries))
        self.numbers = list(numbers)
        self.calls: list[tuple[Any, ...]] = []
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.forwardings: dict[tuple[str, int], dict[str, Any]] = {}
        self.registered: list[str] = ["OK"]
        self.ids = True
        self.customer = 42291
        self.late = 0
        self.gone_at_forward = False
        self._next_id = 101
        self._lock = threading.Lock()

    def named(self, *methods: str) -> list[tuple[Any, ...]]:
        return [call for call in self.calls if call[0] in methods]

    def methods(self) -> list[str]:
        return [call[0] for call in self.calls]

    def list_numbers(self) -> tuple[ListedNumber, ...]:
        with self._lock:
            listed = self._listed()
        self._do("list", lambda: None)
        return listed

    def _listed(self) -> tuple[ListedNumber, ...]:
        shown = self.numbers
        if self.late:
            self.late, shown = self.late - 1, self.numbers[:-1]
        return tuple(
            ListedNumber(
                number.id if self.ids else None,
                number.type,
                number.number,
                number.source,
                number.inbound_uri,
                number.customer_id,
                number.registered,
                number.trouble,
            )
            for number in shown
        )

    def customer_info(self) -> int:
        self._do("customer", lambda: None)
        return self.customer

    def registration_statuses(self, logins: Iterable[str]) -> tuple[RegistrationStatus, ...]:
        asked = tuple(logins)
        self._do("status", lambda: None, asked)
        word = self.registered.pop(0) if len(self.registered) > 1 else self.registered[0]
        return tuple(RegistrationStatus(login, word) for login in asked) if word else ()

    def connect(self, connection: Connection) -> None:
        self._do("connect", lambda: self._add(connection), connection)

    def update(self, number_id: int, connection: Connection) -> None:
        self._do("update", lambda: self._change(number_id, connection), number_id, connection)

    def disconnect(self, number_type: str, number_id: int, number: str) -> None:
        self._do("disconnect", lambda: self._drop(number_type, number_id), number_type, number_id, number)

    def forward(self, body: dict[str, Any]) -> None:
        key = (body["number_type"], body["number_id"])
        if self.gone_at_forward:
            self.numbers.clear()
        self._do("forward", lambda: self.forwardings.update({key: body}), body)

    def _do(self, method: str, deed: Callable[[], None], *details: Any) -> None:
        with self._lock:
            self.calls.append((method, *details))
            fault = self.faults[method].pop(0) if self.faults[method] else Fault(done=True)
            if fault.done:
                deed()
        if fault.error:
            raise fault.error

    def _add(self, connection: Connection) -> None:
        self.numbers.append(entry(self._next_id, connection))
        self._next_id += 1

    def _change(self, number_id: int, connection: Connection) -> None:
        index = self._index(connection.type, number_id)
        self.numbers[index] = entry(number_id, connection)

    def _drop(self, number_type: str, number_id: int) -> None:
        del self.numbers[self._index(number_type, number_id)]

    def _index(self, number_type: str, number_id: int) -> int:
        for index, number in enumerate(self.numbers):
            if (number.type, number.id) == (number_type, number_id):
                return index
        raise NotFoundError("fake", "no such id", http_status=404)


def entry(number_id: int, connection: Connection) -> ListedNumber:
    """What the list shows of a number that was connected so."""
    if connection.type == "ate":
        source = f"{connection.login}@{connection.host}"
        return ListedNumber(number_id, "ate", connection.number, source, None, 42291, registered=False)
    inbound = f"42291{connection.number}@ext.plusofon.ru"
    return ListedNumber(number_id, "sipuri", connection.number, connection.host, inbound, 42291)
