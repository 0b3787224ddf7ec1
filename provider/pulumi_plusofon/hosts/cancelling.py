"""Makes the SDK's provider process hear the engine's Cancel, which the first Ctrl-C sends.

The SDK answers it and does nothing, and it serves four calls at once, so that behind four that wait
Cancel would wait too. Changes nothing where it does not find the SDK's own process, as in a test or
under an SDK that is built otherwise: then waits end after their own seconds.
"""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

# More than any engine sends at once; the requests to the API have their own limit.
_CALLS: Final = 1000
# Where calls wait in line already, the pool of older Pythons does not grow by itself.
_THREADS_AT_ONCE: Final = 12


def hear_cancel() -> None:
    """Let Cancel end the pauses of this process, and reach it however many calls wait."""
    servicer = getattr(sys.modules["__main__"], "DynamicResourceProviderServicer", None)
    if servicer is None or servicer.Cancel.__code__ is _cancel.__code__:
        return
    # Its code, not its name: the server has held the method since before anybody could replace it.
    servicer.Cancel.__code__ = _cancel.__code__
    for found in gc.get_objects():
        # By exact type: asking some objects for more than that brings them to life.
        if type(found) is ThreadPoolExecutor:
            found._max_workers = _CALLS  # noqa: SLF001 - the SDK has no setting for it
            for _ in range(_THREADS_AT_ONCE):
                found._adjust_thread_count()  # noqa: SLF001


def _cancel(_self: Any, _request: Any, _context: Any) -> Any:
    # It runs with the globals of the SDK's module, so it brings its own names.
    from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # noqa: PLC0415

    from pulumi_plusofon.api import interruption  # noqa: PLC0415

    interruption.ASKED.set()
    return empty_pb2.Empty()
