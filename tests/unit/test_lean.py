"""A program that runs for a command of ours does less, and waits for the same; any other is left alone."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

import pytest
from pulumi import log
from pulumi.runtime import settings, stack

from pulumi_plusofon.resources import lean

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "PLUSOFON_LEAN"


@pytest.fixture(autouse=True)
def _process() -> Iterator[None]:
    """What is changed of the process, put back after the test."""
    kept = log.debug, stack.wait_for_rpcs, gc.get_threshold()
    yield
    log.debug, stack.wait_for_rpcs = kept[:2]
    gc.set_threshold(*kept[2])


@pytest.mark.parametrize("value", [None, "false", ""])
def test_a_program_of_a_person_is_left_alone(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, value)
    before = log.debug, stack.wait_for_rpcs, gc.get_threshold()
    lean.begin()
    assert (log.debug, stack.wait_for_rpcs, gc.get_threshold()) == before


def test_a_program_of_a_command_collects_seldom_and_sends_no_debug_logs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "true")
    monkeypatch.setattr(log, "_log", lambda *_given: pytest.fail("was sent"))
    monkeypatch.setattr(log, "get_engine", object)
    lean.begin()
    log.debug("beginning rpc register resource")
    assert gc.get_threshold()[0] > 700


def test_the_sdks_wait_begins_when_nothing_is_outstanding(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _waited(monkeypatch, fails=False) == ["call", "value", "the SDK's own"]


def test_the_first_error_ends_the_wait_and_is_the_sdks_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _waited(monkeypatch, fails=True) == ["call", "the SDK's own"]


def _waited(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> list[str]:
    """What came to its end, in order, with a call to the engine and a value outstanding."""
    ended = []

    async def own() -> None:
        ended.append("the SDK's own")

    async def call() -> None:
        await asyncio.sleep(0)
        ended.append("call")
        if fails:
            raise ValueError

    async def value() -> None:
        await asyncio.sleep(0.05)
        ended.append("value")

    async def program() -> None:
        outstanding = asyncio.ensure_future(value())
        settings.SETTINGS.outputs.add(outstanding)
        settings._get_rpc_manager().rpcs.append(asyncio.ensure_future(call()))
        await stack.wait_for_rpcs()
        settings.SETTINGS.outputs.discard(outstanding)
        settings._get_rpc_manager().clear()
        outstanding.cancel()

    monkeypatch.setenv(VARIABLE, "true")
    monkeypatch.setattr(stack, "wait_for_rpcs", own)
    lean.begin()
    # `asyncio.run` would take the loop away that the SDK has for this thread.
    loop = asyncio.new_event_loop()
    loop.run_until_complete(program())
    loop.close()
    return ended


def test_the_sdk_is_still_built_as_the_module_knows_it() -> None:
    """Where this fails, the SDK has changed: read what it waits for, and change or remove the module."""
    assert {"rpcs", "outputs", "wait"} <= {*stack.wait_for_rpcs.__code__.co_names}
    assert "wait_for_rpcs" in stack.run_pulumi_func.__code__.co_names
