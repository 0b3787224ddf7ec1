"""The same resources with a provider that only sleeps: what is left is the engine and the SDK.

Each create and delete takes as long as one request, and all reads together as long as one, on the SDK's own
four threads.
"""

import functools
import os
import threading
import time
import uuid
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, Resource, ResourceProvider

_LISTED = ("number_id", "source", "inbound_uri", "customer_id")
_TURN = threading.Lock()


def _request() -> None:
    time.sleep(float(os.environ["BENCH_LATENCY"]))


_listing = functools.cache(_request)


class SleepingProvider(ResourceProvider):
    """Answers with its inputs, after a while."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Sleep once."""
        _request()
        return CreateResult(str(uuid.uuid4().int), props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Sleep once for all."""
        with _TURN:
            _listing()
        return ReadResult(id_, props)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Sleep once."""
        _request()


class ExternalNumber(Resource, module="bench", name="ExternalNumber"):
    """As many inputs and outputs as an external number has, one of them secret."""

    type: pulumi.Output[str]
    number: pulumi.Output[str]

    def __init__(self, resource_name: str, *, secret: str, **inputs: Any) -> None:
        props = {**dict.fromkeys(_LISTED), **inputs, "port": 5060, "adopt": False}
        props["secret"] = pulumi.Output.secret(secret)
        super().__init__(SleepingProvider(), resource_name, props)


class NumberForwarding(Resource, module="bench", name="NumberForwarding"):
    """As many inputs as a forwarding has, and dependent on its number as that is."""

    def __init__(self, resource_name: str, *, number: ExternalNumber, **inputs: Any) -> None:
        props = {"number_type": number.type, "number_id": number.id, **inputs}
        super().__init__(SleepingProvider(), resource_name, props)
