"""A test's function as data, so that another process can call it: where it stands, and what it closes over.

The other process imports the file again, and finds the function by its line. Nothing of this process goes
there but the values of the variables that a nested function uses, which must be picklable.
"""

from __future__ import annotations

import base64
import inspect
import pickle
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class FunctionError(Exception):
    """A function that cannot be called in another process; the text says why."""


def described(function: Callable[[], object]) -> dict[str, Any]:
    """What `pulumi_plusofon.quick.functions` needs to call it. Raises `FunctionError`."""
    if not isinstance(function, FunctionType):
        raise FunctionError(f"program: must be a function, a program's text or a folder, not {function!r}")
    name = function.__qualname__
    if any(
        one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        for one in inspect.signature(function).parameters.values()
    ):
        raise FunctionError(f"program: {name} must take no arguments")
    return {
        "file": inspect.getsourcefile(function),
        "module": function.__module__,
        "path": sys.path,
        "name": function.__name__,
        "line": function.__code__.co_firstlineno,
        "values": _pickled(function),
    }


def _pickled(function: FunctionType) -> dict[str, str]:
    """The values of the variables that the function takes from the one around it."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: _as_text(cell.cell_contents, name, function.__qualname__) for name, cell in cells}


def _as_text(value: object, name: str, of: str) -> str:
    try:
        return base64.b64encode(pickle.dumps(value)).decode()
    except (pickle.PicklingError, AttributeError, TypeError, ValueError) as error:
        raise FunctionError(
            f"program: {of} uses {name} of the test, which cannot be handed to another process: {error}"
        ) from None
