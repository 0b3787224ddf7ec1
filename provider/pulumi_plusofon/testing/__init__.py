"""Tests of stacks and programs: a sandbox by its process and by HTTP, stacks on the engine.

`plugin` gives pytest's fixtures. What takes long to import is imported when it is first used, so that the
start of a run that uses none of it costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .account import SandboxAccount
    from .calls import UnknownNumberError
    from .control import Control, SandboxError
    from .engine import EngineMissingError, EngineTimeoutError
    from .guard import ForbiddenConnectionError
    from .projects import ProjectError
    from .results import Changes, Diagnostic, OperationFailedError, PolicyViolation, Result
    from .server import Ready, SandboxServer, wait_until_ready
    from .stack import Stack, StackMaker

__all__ = [
    "Changes",
    "Control",
    "Diagnostic",
    "EngineMissingError",
    "EngineTimeoutError",
    "ForbiddenConnectionError",
    "OperationFailedError",
    "PolicyViolation",
    "ProjectError",
    "Ready",
    "Result",
    "SandboxAccount",
    "SandboxError",
    "SandboxServer",
    "Stack",
    "StackMaker",
    "UnknownNumberError",
    "wait_until_ready",
]

_HOMES: Final = {
    "account": ("SandboxAccount",),
    "calls": ("UnknownNumberError",),
    "control": ("Control", "SandboxError"),
    "engine": ("EngineMissingError", "EngineTimeoutError"),
    "guard": ("ForbiddenConnectionError",),
    "projects": ("ProjectError",),
    "results": ("Changes", "Diagnostic", "OperationFailedError", "PolicyViolation", "Result"),
    "server": ("Ready", "SandboxServer", "wait_until_ready"),
    "stack": ("Stack", "StackMaker"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
