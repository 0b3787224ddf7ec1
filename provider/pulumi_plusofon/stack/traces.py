"""A state without stack traces: about half of its bytes, and no path of the machine that ran the program.

The SDK (`pulumi/runtime/resource.py`, 3.272) sends with each resource the whole stack of the program, some
twenty frames, and the engine keeps it in the state and writes all of it at every step (E131). Here the trace
is left out. The resource's own position stays, and is that of the program's line and not of this package's.
Touches this process alone, and nothing but these two functions of the SDK. Without this module a state is
twice as large, and nothing else changes.
"""

from __future__ import annotations

import inspect
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulumi.runtime import resource as sdk

import pulumi_plusofon

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE: Final = f"{Path(pulumi_plusofon.__file__).parent.as_uri()}/"
_TRACE: Final = "_get_stack_trace"
_POSITION: Final = "_get_source_position"


def leave_out_stack_traces() -> bool:
    """Leave the stack trace out of every resource that this program declares from here on.

    Returns whether that is so: an SDK that is built otherwise is left as it is.
    """
    trace: Any = getattr(sdk, _TRACE, None)
    position: Any = getattr(sdk, _POSITION, None)
    if isinstance(trace, _Trace):
        return True
    if not (_takes(trace) and _takes(position, "stack") and _is_empty_by_default(trace)):
        return False
    setattr(sdk, _TRACE, _Trace(trace))
    setattr(sdk, _POSITION, lambda _stack: position(_of_the_program(trace())))
    return True


class _Trace:
    """In place of the SDK's function: a trace without frames, of the SDK's own type."""

    def __init__(self, trace: Callable[[], Any]) -> None:
        self._type = type(trace())

    def __call__(self) -> Any:
        return self._type()


def _of_the_program(trace: Any) -> Any:
    """The trace from the first frame on that is not this package's own."""
    frames = list(dropwhile(lambda frame: frame.pc.uri.startswith(_PACKAGE), trace.frames))
    return type(trace)(frames=frames)


def _takes(function: Any, *names: str) -> bool:
    return inspect.isfunction(function) and tuple(inspect.signature(function).parameters) == names


def _is_empty_by_default(trace: Any) -> bool:
    """Whether the type of a trace can be made without frames, and has them."""
    try:
        return list(type(trace())().frames) == []
    except (AttributeError, TypeError):
        return False
