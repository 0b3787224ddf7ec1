"""Stack traces are left out by a program's own will, and an SDK that is built otherwise is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime import resource as sdk
from pulumi.runtime.proto import source_pb2

from pulumi_plusofon.stack import leave_out_stack_traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRACE, POSITION = "_get_stack_trace", "_get_source_position"


@pytest.fixture
def untouched() -> Iterator[tuple[Callable[[], Any], Callable[[Any], Any]]]:
    """The SDK's own two functions, put back after the test."""
    kept = getattr(sdk, TRACE), getattr(sdk, POSITION)
    yield kept
    setattr(sdk, TRACE, kept[0])
    setattr(sdk, POSITION, kept[1])


class Declared:
    """Constructed as a resource is: the third `__init__` is the program's own class."""

    def __init__(self, depth: int = 2) -> None:
        if depth:
            Declared.__init__(self, depth - 1)
            return
        self.trace = getattr(sdk, TRACE)()
        self.position = getattr(sdk, POSITION)(self.trace)


def test_the_trace_goes_and_the_position_stays(
    untouched: tuple[Callable[[], Any], Callable[[Any], Any]],
) -> None:
    (before, line) = Declared(), 41
    assert leave_out_stack_traces()
    after = Declared()
    assert len(before.trace.frames) > 5
    assert isinstance(after.trace, source_pb2.StackTrace)
    assert list(after.trace.frames) == []
    assert after.position.uri == before.position.uri
    assert after.position.line > before.position.line > line
    assert getattr(sdk, TRACE) is not untouched[0]


@pytest.mark.usefixtures("untouched")
def test_a_second_call_changes_nothing_more() -> None:
    assert leave_out_stack_traces()
    once = getattr(sdk, TRACE), getattr(sdk, POSITION)
    assert leave_out_stack_traces()
    assert (getattr(sdk, TRACE), getattr(sdk, POSITION)) == once


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    ("name", "built"),
    [
        (TRACE, None),
        (TRACE, lambda _depth: source_pb2.StackTrace()),
        (TRACE, list),
        (TRACE, print),
        (POSITION, None),
        (POSITION, lambda: None),
        (POSITION, lambda _frames, _more: None),
    ],
)
def test_an_sdk_that_is_built_otherwise_is_left_as_it_is(name: str, built: Any) -> None:
    setattr(sdk, name, built)
    before = getattr(sdk, TRACE), getattr(sdk, POSITION)
    assert not leave_out_stack_traces()
    assert (getattr(sdk, TRACE), getattr(sdk, POSITION)) == before


def test_the_sdk_is_still_built_as_the_helper_knows_it() -> None:
    """Where this fails, the SDK has changed: if it sends no traces any longer, delete stack/traces.py."""
    assert getattr(sdk, TRACE).__code__.co_varnames[:1] == ("stack",)
    assert {TRACE, POSITION} <= set(sdk.register_resource.__code__.co_names)
