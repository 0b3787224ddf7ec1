"""A state without stack traces: about half of its bytes, and no path of the machine that ran the program.

The SDK (`pulumi/runtime/resource.py`, 3.272) sends with each resource the whole stack of the program, some
twenty frames, and the engine keeps it in the state and writes all of it at every step (E131). Here the trace
is left out. The resource's own position stays, and is that of the program's line and not of this package's.
Touches this process alone, and nothing but these two functions of the SDK. Without this module a state is
twice as large, and nothing else changes.
"""

from __future__ import annotations

import inspect
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulumi.runtime import resource as sdk

import pulumi_plusofon

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_PACKAGE: Final = f"{Path(pulumi_plusofon.__file__).parent}{os.sep}"
_TRACE: Final = "_get_stack_trace"
_POSITION: Final = "_get_source_position"
# Of the SDK's two classes and of the resource's own: what calls the third is the program (E131).
_CONSTRUCTORS: Final = 3


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
    left_out = _Trace(trace)
    setattr(sdk, _TRACE, left_out)
    setattr(sdk, _POSITION, lambda _stack: position(left_out.of_the_program()))
    return True


class _Trace:
    """In place of the SDK's function: a trace without frames, of the SDK's own type."""

    def __init__(self, trace: Callable[[], Any]) -> None:
        self._type = type(trace())

    def __call__(self) -> Any:
        return self._type()

    def of_the_program(self) -> Any:
        """A trace of one frame, the program's: all of them take half a millisecond for each resource."""
        trace = self._type()
        if frame := _program(inspect.currentframe()):
            position = trace.frames.add().pc
            position.uri, position.line = _uri(frame.f_code.co_filename), frame.f_lineno
        return trace


def _program(frame: FrameType | None) -> FrameType | None:
    """The first frame behind the constructors that is not this package's own."""
    left = _CONSTRUCTORS
    while frame is not None:
        code = frame.f_code
        if not left and not code.co_filename.startswith(_PACKAGE):
            return frame
        left -= bool(left) and code.co_name == "__init__"
        frame = frame.f_back
    return None


@lru_cache
def _uri(file: str) -> str:
    """The file as the SDK writes it; empty for what is no file, such as `<string>`."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else ""


def _takes(function: Any, *names: str) -> bool:
    return inspect.isfunction(function) and tuple(inspect.signature(function).parameters) == names


def _is_empty_by_default(trace: Any) -> bool:
    """Whether the type of a trace can be made without frames, and has them."""
    try:
        return list(type(trace())().frames) == []
    except (AttributeError, TypeError):
        return False
