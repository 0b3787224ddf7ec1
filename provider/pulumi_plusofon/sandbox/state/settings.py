"""Settings of a sandbox, at the start or while it runs. Never in the database."""

from collections import deque
from typing import Annotated

from pydantic import Field

from pulumi_plusofon.sandbox.api.answers import RefusalForm
from pulumi_plusofon.sandbox.api.fields import NumberType, Text
from pulumi_plusofon.sandbox.api.wire import Strict

Seconds = Annotated[float, Field(ge=0, le=1e9)]


class Settings(Strict):
    """How the sandbox answers.

    `latency` (seconds, default 0) is added to every answer of the API. `registers_after` (seconds, default
    2) passes between connecting or changing an `ate` number and its registration. `no_ids` (default false)
    leaves `id` out of the list. `list_lag` (seconds, default 0) passes before the list shows what a request
    has changed. `customer_id` is the account's own id. `requests_per_second` (default: no limit) answers 429
    beyond that many in any one second. `page_size` (default: 15 for scenarios and call queues, no pages for
    SIP accounts and groups) is how many of them a page has, `numbers_page_size` (default: no pages) how many
    numbers. `balance` is the account's.

    The rest makes it speak as the vendor's server may: `status_as_integer` lists `status` as 1 and 0;
    `labels` lists a type under another word; `no_customer_ids` leaves `customer_id` out of the list;
    `refusals` is the form of what the API refuses (default `message`: `success` false and a `message`);
    `media_type` is the content type of every answer.
    """

    latency: Seconds = 0
    registers_after: Seconds = 2
    no_ids: bool = False
    list_lag: Seconds = 0
    customer_id: Annotated[int, Field(gt=0)] = 42291
    requests_per_second: Annotated[int, Field(gt=0)] | None = None
    page_size: Annotated[int, Field(gt=0)] | None = None
    numbers_page_size: Annotated[int, Field(gt=0)] | None = None
    balance: Annotated[float, Field(allow_inf_nan=False)] = 1000.0
    status_as_integer: bool = False
    labels: dict[NumberType, Text] = Field(default_factory=dict)
    no_customer_ids: bool = False
    refusals: RefusalForm = "message"
    media_type: Text = "application/json"


class RequestRate:
    """Counts the requests let through in the second just past."""

    def __init__(self) -> None:
        self._passed: deque[float] = deque()

    def admits(self, now: float, per_second: int) -> bool:
        """Whether a request at `now` (monotonic seconds) is within the limit; only then it counts."""
        while self._passed and self._passed[0] <= now - 1:
            self._passed.popleft()
        if len(self._passed) >= per_second:
            return False
        self._passed.append(now)
        return True
