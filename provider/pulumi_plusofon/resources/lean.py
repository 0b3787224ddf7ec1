"""A program that runs for a command of ours: it does less beside declaring its resources.

For each resource the SDK (3.272) sends four debug logs, each a call that waits for the engine; at the end it
waits for all that is outstanding anew after each thing that is done; and Python's collector looks again at
all that was made before (E152). Where PLUSOFON_LEAN is true, there are no debug logs, one wait comes before
the SDK's own, and the collector comes seldom. Touches this process alone. Without this module, or under an
SDK that is built otherwise, such a command takes longer, and nothing else changes.
"""

from __future__ import annotations

import asyncio
import gc
import os
from typing import TYPE_CHECKING, Any, Final

from pulumi import log
from pulumi.runtime import settings, stack

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_VARIABLE: Final = "PLUSOFON_LEAN"
# Objects made, less those freed, from one look at the youngest to the next; Python's own is 700.
_OBJECTS: Final = 50_000
_WAIT: Final = "wait_for_rpcs"
_OUTSTANDING: Final = ("SETTINGS", "_get_rpc_manager")


def begin() -> None:
    """Do less from here on, where the environment asks for it."""
    if os.environ.get(_VARIABLE) != "true":
        return
    log.debug = _nothing
    gc.set_threshold(_OBJECTS)
    if hasattr(stack, _WAIT) and all(hasattr(settings, name) for name in _OUTSTANDING):
        setattr(stack, _WAIT, _waiting_once(getattr(stack, _WAIT)))


def _nothing(*_given: Any, **_options: Any) -> None:
    """In place of `pulumi.log.debug`."""


def _waiting_once(wait: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The SDK's `wait`, behind one for all that is outstanding by then, or the first error."""

    async def waiting(*given: Any, **options: Any) -> None:
        # The calls of what was declared last are made in the next round of the loop.
        await asyncio.sleep(0)
        with settings.SETTINGS.lock:
            outstanding = {*settings._get_rpc_manager().rpcs, *settings.SETTINGS.outputs}  # noqa: SLF001 - no other way
        if outstanding:
            await asyncio.wait(outstanding, return_when=asyncio.FIRST_EXCEPTION)
        await wait(*given, **options)

    return waiting
