"""The program of one customer's stack: declares its numbers in this process, and ends with its engine.

When an engine fails, the SDK stops the event loop of the program that it ran and leaves the program hanging
there; Python then reports it when this process ends. Decides nothing about what is declared.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.stack.from_data import declare_numbers

if TYPE_CHECKING:
    from declaration import Customer

_SECONDS: Final = 10.0


class Program:
    """What the engine runs of a customer, and `end` once the engine has come to its end."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._runs: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    def __call__(self) -> None:
        """Declare the numbers; called in the SDK's loop."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - the SDK runs a program as a task
        self._runs.append((asyncio.get_running_loop(), task))
        declare_numbers(self._customer.numbers, path=f"{self._customer.name}.numbers")

    def end(self) -> None:
        """End what the SDK has left hanging."""
        for loop, task in self._runs:
            deadline = time.monotonic() + _SECONDS
            while loop.is_running() and time.monotonic() < deadline:
                time.sleep(0.01)
            if loop.is_running() or loop.is_closed():
                continue
            # The SDK's own would stop the loop again, on what the engine has told already.
            loop.set_exception_handler(lambda _loop, _context: None)
            pending = asyncio.all_tasks(loop) | {task}
            for pending_task in pending:
                pending_task.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(asyncio.wait(pending, timeout=_SECONDS))
            loop.close()
