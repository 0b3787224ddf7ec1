"""Changes to the SDK's provider process, for our own calls alone: others keep theirs.

The SDK (`pulumi/dynamic/__main__.py`, 3.272) serves all dynamic resources of a stack in one process: four
calls at once, whatever they wait for (E29). It answers the engine's Cancel, which the first Ctrl-C sends, and
does nothing (E37). It sends the engine the whole traceback of what a call raises (E54). Here

- calls of ours no longer count among the four: as many run as the engine sends, of others four as before;
- Cancel ends the pauses of our calls;
- an exception with a text `in_one_line` is sent as that text, any other as before.

It also hands no call the URN that the engine's request has (E141): `urn` reads it from the SDK's frame.

Without this module, or under an SDK that is built otherwise, four calls run at once, a wait ends after its
own seconds, an error of ours comes with a traceback, and a resource's URN is not known. The log then says so
once, and the test of this module fails and says what can go. The native host will need none of it.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
import socket
import sys
import threading
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOG: Final = logging.getLogger(__name__)
# More than any engine sends at once; the requests to the API have their own limit.
_CALLS: Final = 1000
_CANCEL: Final = "Cancel"
_RAISING: Final = ("Check", "Diff", "Create", "Read", "Update", "Delete")
_REFUSED_SECONDS: Final = 5.0


class _Gate:
    """Takes the place of `pool.submit`: a call has one of its places until it turns out to be ours."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._threads = ThreadPoolExecutor(_CALLS, "plusofon")
        self._mine = threading.local()
        self._places = threading.Semaphore(0)
        places = pool._max_workers  # noqa: SLF001 - how many the SDK allows stands nowhere else
        together = threading.Barrier(places)
        # From here on what the engine sends comes through the gate.
        submit, pool.submit = pool.submit, self.submit  # type: ignore[method-assign,assignment]  # of this pool alone
        for _ in range(places):
            # Behind all that the pool was given before, so no thread frees its place and then takes more.
            submit(self._leave_place, together)

    def _leave_place(self, together: threading.Barrier) -> None:
        """Free the place of the thread of the pool that this runs on."""
        self._places.release()
        # Until each of the others has come, so that none is counted twice.
        together.wait()

    def submit(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        """As `ThreadPoolExecutor.submit`."""
        if any(getattr(argument, "__name__", None) == _CANCEL for argument in args):
            # Four calls of others must not keep it waiting.
            return self._threads.submit(call, *args, **kwargs)
        return self._threads.submit(self._run, call, args, kwargs)

    def _run(self, call: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        self._places.acquire()
        self._mine.holds = True
        try:
            return call(*args, **kwargs)
        finally:
            self.leave()

    def leave(self) -> None:
        """The call on this thread is ours: another may have its place."""
        if getattr(self._mine, "holds", False):
            self._mine.holds = False
            self._places.release()


class Traceback:
    """Stands for `traceback` in the SDK's own module: an error of ours is one line, any other as before."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def format_exc(self, *args: Any, **kwargs: Any) -> str:
        """As `traceback.format_exc`."""
        return getattr(sys.exc_info()[1], "in_one_line", None) or traceback.format_exc(*args, **kwargs)


class _SdkProcess:
    """What this module has found and changed in its process."""

    gate: _Gate | None = None
    is_looked_at = False


def make_room() -> None:
    """Change the process once, from a call of ours that the engine has sent."""
    if _SdkProcess.is_looked_at:
        return
    _SdkProcess.is_looked_at = True
    servicer = getattr(sys.modules["__main__"], "DynamicResourceProviderServicer", None)
    if servicer is None:
        return
    pool = own_pool(threading.current_thread())
    if pool is None or not has_known_shape(servicer):
        _LOG.warning(
            "this version of the Pulumi SDK is not known: Ctrl-C does not end a wait, and errors are longer"
        )
        return
    # Its code, not its name: the server has held the method since before anything could replace it.
    servicer.Cancel.__code__ = _cancel.__code__
    # A name, because calls are under way already, this one among them, and look it up when they fail.
    sys.modules["__main__"].traceback = Traceback()  # type: ignore[attr-defined]
    _SdkProcess.gate = _Gate(pool)


def own_pool(thread: threading.Thread) -> ThreadPoolExecutor | None:
    """The pool that `thread` works for: its worker holds a weak reference to it."""
    arguments = getattr(thread, "_args", None)
    pool = arguments[0]() if arguments and callable(arguments[0]) else None
    return pool if isinstance(pool, ThreadPoolExecutor) else None


def has_known_shape(servicer: Any) -> bool:
    """Whether the SDK's class is built as the one that is changed here."""
    wrapped = [getattr(getattr(servicer, name, None), "__code__", None) for name in _RAISING]
    cancel = getattr(getattr(servicer, "Cancel", None), "__code__", None)
    return (
        all(code is not None and {"traceback", "format_exc"} <= {*code.co_names} for code in wrapped)
        and cancel is not None
        and (cancel.co_freevars, cancel.co_argcount) == ((), 3)
    )


@contextlib.contextmanager
def ours() -> Iterator[None]:
    """A block in which the call on this thread is ours, and takes no other's place."""
    if _SdkProcess.gate:
        _SdkProcess.gate.leave()
    yield


def urn() -> str | None:
    """The URN of the resource that the call on this thread is about, None where no engine has sent it."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_name not in _RAISING:
        frame = frame.f_back
    return getattr(frame.f_locals.get("request"), "urn", None) if frame else None


def is_engine_gone() -> bool:
    """Whether the engine that started this process has ended, so that nothing would keep the result.

    The engine's own server listens on the address that is the process's first argument. What is no such
    address, as where a debugger serves the process, says nothing.
    """
    host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "").rpartition(":")
    if not host or not port.isdigit():
        return False
    try:
        socket.create_connection((host, int(port)), _REFUSED_SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        # A machine that has no socket left says nothing of the engine.
        return False
    return False


def _cancel(_self: Any, _request: Any, _context: Any) -> Any:
    # It runs with the globals of the SDK's module, so it brings its own names.
    from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # noqa: PLC0415

    from pulumi_plusofon.runtime import clock  # noqa: PLC0415

    clock.CANCELLED.set()
    return empty_pb2.Empty()
