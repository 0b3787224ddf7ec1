"""Tests of stacks and programs: a sandbox by its process and by HTTP, stacks on the engine or without it.

`plugin` gives pytest's fixtures. What takes long to import is imported when it is first used, so that the
start of a run that uses none of it costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .control import Control, SandboxError
    from .server import Ready, SandboxServer, wait_until_ready

__all__ = ["Control", "Ready", "SandboxError", "SandboxServer", "wait_until_ready"]

_HOMES: Final = {
    "Control": "control",
    "Ready": "server",
    "SandboxError": "control",
    "SandboxServer": "server",
    "wait_until_ready": "server",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
