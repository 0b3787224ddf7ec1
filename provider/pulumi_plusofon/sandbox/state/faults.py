"""Faults that a test can inject: which one, in which request, how often. Kept in memory only.

A fault breaks the answer, or prevents that the request is handled; it never changes the account itself.
"""

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from pulumi_plusofon.sandbox.api.answers import Answer
from pulumi_plusofon.sandbox.api.wire import Strict

from .digits import WITHOUT_PLUS
from .settings import Seconds

OperationName = Literal[
    "list",
    "status",
    "connect",
    "update",
    "forward",
    "disconnect",
    "customer",
    "sip",
    "groups",
    "scenarios",
    "call_queues",
    "user",
    "balance",
    "directions",
]
Kind = Literal[
    "status",
    "close-before",
    "close-after",
    "slow",
    "html",
    "half-body",
    "refuse",
    "ignore",
    "empty-list",
    "short-list",
]


class Fault(Strict):
    """One order.

    It matches requests of `operation` (default: any), about the number with the digits `number` or the
    API's `id` (default: any), lets the first `skip` (default 0) of them pass and breaks the next `times`
    (default 1; None: all). `when`: `before` the request is handled (nothing is written), or `after` it
    was done; each kind has its default. `seconds` (default 0): how long the connection then stays silent.
    `message` is the failure's text for `status` and `refuse`; `status` and `retry_after` (the header's
    literal value; None: no header) are for kind `status`. `ignore` answers success to a write and does
    nothing; `short-list` leaves the newest entry out of the list and says the `total` of all.
    """

    kind: Kind
    operation: OperationName | None = None
    number: Annotated[str, WITHOUT_PLUS, Field(pattern="^[0-9]+$")] | None = None
    id: int | None = None
    times: Annotated[int, Field(gt=0)] | None = 1
    skip: Annotated[int, Field(ge=0)] = 0
    when: Literal["before", "after"] | None = None
    seconds: Seconds = 0
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    message: str = "a fault that was ordered"
    retry_after: str | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Fault":
        if (self.kind == "status") != (self.status is not None):
            raise ValueError("status: goes with kind status, and only there")
        if self.retry_after is not None and self.kind != "status":
            raise ValueError("retry_after: goes with kind status only")
        if self.kind == "slow" and not self.seconds:
            raise ValueError("seconds: kind slow needs them")
        wanted = _OPERATIONS.get(self.kind)
        if wanted and self.operation not in wanted:
            raise ValueError(f"operation: kind {self.kind} is for {', '.join(wanted)}")
        if self.kind in _FIXED_MOMENT and self.when not in (None, _MOMENT[self.kind]):
            raise ValueError(f"when: kind {self.kind} is always {_MOMENT[self.kind]}")
        return self

    @property
    def moment(self) -> Literal["before", "after"]:
        """When it strikes."""
        return self.when or _MOMENT[self.kind]

    def breaks(self, answer: Answer) -> Answer:
        """What arrives instead of `answer`."""
        return _BREAKS[self.kind](self, answer).held(self.seconds)


_MOMENT: dict[str, Literal["before", "after"]] = {
    "status": "before",
    "close-before": "before",
    "close-after": "after",
    "slow": "after",
    "html": "before",
    "half-body": "after",
    "refuse": "before",
    "ignore": "before",
    "empty-list": "after",
    "short-list": "after",
}
_FIXED_MOMENT = ("close-before", "close-after", "slow", "ignore", "empty-list", "short-list")
# The kinds that are not for every operation.
_OPERATIONS: dict[str, tuple[str, ...]] = {
    "ignore": ("connect", "update", "forward", "disconnect"),
    "empty-list": ("list",),
    "short-list": ("list",),
}


def _status(fault: Fault, _answer: Answer) -> Answer:
    headers = {} if fault.retry_after is None else {"retry-after": fault.retry_after}
    return Answer.failure(fault.status or 500, fault.message, headers)


def _short_list(_fault: Fault, answer: Answer) -> Answer:
    numbers = json.loads(answer.body).get("external_numbers", [])
    return Answer.success({"external_numbers": numbers[:-1], "total": len(numbers)})


_BREAKS: dict[str, Callable[[Fault, Answer], Answer]] = {
    "status": _status,
    "close-before": lambda _fault, _answer: Answer(status=None),
    "close-after": lambda _fault, _answer: Answer(status=None),
    "slow": lambda _fault, answer: answer,
    "html": lambda _fault, _answer: Answer(
        200, b"<html><body>Down for maintenance</body></html>", media_type="text/html"
    ),
    "half-body": lambda _fault, answer: answer.halved(),
    "refuse": lambda fault, _answer: Answer.failure(200, fault.message),
    "ignore": lambda _fault, answer: answer,
    "empty-list": lambda _fault, _answer: Answer.success({"external_numbers": []}),
    "short-list": _short_list,
}


class Faults:
    """The orders in force, the oldest first; the first that matches a request decides."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []

    def add(self, fault: Fault) -> None:
        """Put an order in force."""
        self._orders.append(_Order(fault))

    def clear(self) -> None:
        """Withdraw all orders."""
        self._orders.clear()

    def take(self, operation: str, number: str | None, number_id: int | None) -> Fault | None:
        """The fault for this request, if any; counts it."""
        for order in self._orders:
            if order.matches(operation, number, number_id) and order.strikes():
                return order.fault
        return None

    def state(self) -> list[dict[str, Any]]:
        """All orders, each with how many requests it has broken so far (`done`)."""
        return [{**order.fault.model_dump(), "done": order.done} for order in self._orders]


class _Order:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.done = 0
        self._to_skip = fault.skip

    def matches(self, operation: str, number: str | None, number_id: int | None) -> bool:
        wanted = (self.fault.operation, self.fault.number, self.fault.id)
        seen = (operation, number, number_id)
        return all(want in (None, got) for want, got in zip(wanted, seen, strict=True))

    def strikes(self) -> bool:
        if self.fault.times is not None and self.done >= self.fault.times:
            return False
        if self._to_skip:
            self._to_skip -= 1
            return False
        self.done += 1
        return True
