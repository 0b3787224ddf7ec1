"""The SDK's provider process is built as `hosts.dynamic_sdk` takes it to be; others keep their places."""

from __future__ import annotations

import ast
import socket
import sys
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi.dynamic
import pytest

from pulumi_plusofon.hosts import dynamic_sdk

CHANGED = (
    "the SDK's provider process is built otherwise than in 3.272: look at pulumi/dynamic/__main__.py; where"
    " it has a Cancel hook, a setting for its calls or errors of one line by now, delete that part of"
    " hosts/dynamic_sdk.py, else adapt it"
)
URN = "urn:pulumi:test::project::pulumi-python:dynamic/plusofon:ExternalNumber::office"


@pytest.fixture
def sdk() -> types.ModuleType:
    """The SDK's module, without the call that serves for ever."""
    file = Path(pulumi.dynamic.__file__).with_name("__main__.py")
    tree = ast.parse(file.read_text("utf-8"))
    assert ast.unparse(tree.body[-1]) == "main()", CHANGED
    del tree.body[-1]
    module = types.ModuleType("sdk")
    exec(compile(tree, str(file), "exec"), module.__dict__)  # noqa: S102 - the SDK's own code
    return module


def test_the_sdk_has_the_shape_that_is_changed(sdk: types.ModuleType) -> None:
    assert dynamic_sdk.has_known_shape(sdk.DynamicResourceProviderServicer), CHANGED
    source = Path(pulumi.dynamic.__file__).with_name("__main__.py").read_text("utf-8")
    assert "ThreadPoolExecutor(max_workers=4)" in source, CHANGED


@pytest.mark.parametrize("missing", ["Cancel", "Create"])
def test_an_sdk_of_another_shape_is_left_alone(sdk: types.ModuleType, missing: str) -> None:
    monkey = type("Servicer", (sdk.DynamicResourceProviderServicer,), {missing: None})
    assert not dynamic_sdk.has_known_shape(monkey)


def test_the_pool_of_a_thread_is_found_by_the_thread_alone() -> None:
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1):
        found = pool.submit(lambda: dynamic_sdk.own_pool(threading.current_thread())).result()
    assert found is pool, "a worker's thread no longer holds its pool: see hosts/dynamic_sdk.own_pool"
    assert dynamic_sdk.own_pool(threading.current_thread()) is None


class Aborted(Exception):  # noqa: N818 - as the server raises it
    """What ends a call."""


class Context:
    def __init__(self) -> None:
        self.said = ""

    def abort(self, _code: object, details: str) -> None:
        self.said = details
        raise Aborted


class Ours(Exception):  # noqa: N818 - one of the two kinds
    in_one_line = "plusofon: a line"


@pytest.mark.parametrize(
    ("error", "said"), [(Ours, "plusofon: a line"), (ValueError, "Traceback (most recent")]
)
def test_only_an_error_of_ours_is_one_line(sdk: types.ModuleType, error: type[Exception], said: str) -> None:
    servicer = sdk.DynamicResourceProviderServicer
    sdk.traceback = dynamic_sdk.Traceback()  # type: ignore[attr-defined]
    context = Context()
    with pytest.raises(Aborted):
        # A request that is none: the call fails in the SDK's own first line.
        servicer().Create(None, context)
    assert context.said.startswith("Traceback (most recent call last)")

    class Request:
        @property
        def properties(self) -> Any:
            raise error("theirs")

    with pytest.raises(Aborted):
        servicer().Create(Request(), context)
    assert context.said.startswith(said)


@pytest.mark.parametrize(("step", "properties"), [("Check", ("olds", "news")), ("Delete", ("properties",))])
def test_a_call_knows_the_urn_of_its_resource(
    sdk: types.ModuleType, monkeypatch: pytest.MonkeyPatch, step: str, properties: tuple[str, ...]
) -> None:
    seen: list[str | None] = []

    def step_of_ours(*_: Any) -> None:
        seen.append(dynamic_sdk.urn())
        raise Ours

    provider = types.SimpleNamespace(**{step.lower(): step_of_ours})
    monkeypatch.setattr(sdk, "get_provider", lambda _props, _config: provider)
    monkeypatch.setattr(sdk.rpc, "deserialize_properties", lambda _props, _unknowns=None: {"__provider": ""})
    asked = types.SimpleNamespace(urn=URN, id="101", **dict.fromkeys(properties))
    with pytest.raises(Aborted):
        getattr(sdk.DynamicResourceProviderServicer(), step)(asked, Context())
    assert seen == [URN], CHANGED
    assert dynamic_sdk.urn() is None, "no engine has called this test"


@pytest.mark.parametrize("before", [2, 9], ids=["under way", "waiting"])
def test_calls_of_ours_take_no_place_and_others_keep_theirs(
    monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(dynamic_sdk._SdkProcess, "gate", None)
    lock, running, most = threading.Lock(), {"ours": 0, "others": 0}, {"ours": 0, "others": 0}

    def at_once(kind: str) -> None:
        with lock:
            running[kind] += 1
            most[kind] = max(most[kind], running[kind])
        time.sleep(0.1)
        with lock:
            running[kind] -= 1

    def call_of_ours() -> None:
        with dynamic_sdk.ours():
            at_once("ours")

    with ThreadPoolExecutor(4) as pool:
        # Calls of others are with the pool already when the first of ours makes the gate.
        asked = threading.Event()

        def make_gate() -> dynamic_sdk._Gate:
            asked.wait()
            return dynamic_sdk._Gate(pool)

        made = pool.submit(make_gate)
        calls = [pool.submit(at_once, "others") for _ in range(before)]
        asked.set()
        gate = made.result()
        monkeypatch.setattr(dynamic_sdk._SdkProcess, "gate", gate)
        calls += [gate.submit(at_once, "others") for _ in range(12)]
        calls += [gate.submit(call_of_ours) for _ in range(10)]
        calls += [gate.submit(at_once, "others") for _ in range(4)]
        for call in calls:
            call.result()
        gate._threads.shutdown()
    assert most["others"] == 4
    assert most["ours"] > 4


def test_a_cancel_waits_for_no_call_of_others() -> None:
    class Servicer:
        def Cancel(self) -> str:  # noqa: N802 - as the SDK's
            return "heard"

    held = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        gate = pool.submit(dynamic_sdk._Gate, pool).result()
        others = [gate.submit(held.wait) for _ in range(8)]
        try:
            assert gate.submit(lambda behaviour: behaviour(), Servicer().Cancel).result(5) == "heard"
        finally:
            held.set()
        assert all(other.result() for other in others)
        gate._threads.shutdown()


def test_an_engine_is_gone_when_nothing_listens_where_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setattr(sys, "argv", ["provider", address])
        assert not dynamic_sdk.is_engine_gone()
    assert dynamic_sdk.is_engine_gone()
    for arguments in ([], ["provider"], ["provider", "--debug"]):
        monkeypatch.setattr(sys, "argv", arguments)
        assert not dynamic_sdk.is_engine_gone()
