"""A stack that a dead run left locked, on this machine: its lock is released, and no other one ever.

A lock of another machine, or of a process that lives, belongs to a run that may go on.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from typing import Final

from pulumi_plusofon.runtime.text import plain

_LOCKED: Final = "the stack is currently locked"
_OWNER: Final = re.compile(r"created by (?P<user>\S+?)@(?P<host>\S+) \(pid (?P<pid>\d+)\)")


@dataclass(frozen=True)
class Owner:
    """Who holds a lock, as the engine prints it."""

    user: str
    host: str
    pid: int

    def __str__(self) -> str:
        """It in words, for the person."""
        return plain(f"{self.user}@{self.host} (pid {self.pid})")

    @property
    def is_here(self) -> bool:
        """Whether it is or was a process of this machine."""
        return self.host == socket.gethostname()

    @property
    def is_dead(self) -> bool:
        """Whether it was a process of this machine, and is no more."""
        if not self.is_here:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            # It lives, and is another user's.
            return False
        return False


def owners(said: str) -> list[Owner]:
    """The holders of the lock that a command of `pulumi` failed on; none where it did not fail on a lock."""
    if _LOCKED not in said:
        return []
    return [Owner(one["user"], one["host"], int(one["pid"])) for one in _OWNER.finditer(said)]
