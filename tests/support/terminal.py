"""A command on a terminal of its own that asks questions, answered by what each question names."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_SECONDS = 120
# How long a command says nothing before it is taken to wait for an answer.
_QUIET = 0.4
# "The operator's SIP server (host) (sip.operator.example): ", the default only where there is one.
_QUESTION = re.compile(r"\(([\w:]+)\)(?: \([^)]*\))?: ")


def answered(
    command: Sequence[str | Path], answers: Mapping[str, str], *, cwd: Path, environment: Mapping[str, str]
) -> str:
    """What a command prints whose question that names "(key)" is answered by `answers`, else by Enter.

    Fails where the command does, or where it asks for longer than two minutes.
    """
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        list(command), cwd=cwd, env=dict(environment), stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    said = ""
    done: set[str] = set()
    deadline = time.monotonic() + _SECONDS
    try:
        while process.poll() is None and time.monotonic() < deadline:
            piece = _read(controller)
            said += piece
            # A terminal shows a question again while it is answered.
            for key in [] if piece else [key for key in _QUESTION.findall(said) if key not in done]:
                os.write(controller, f"{answers.get(key, '')}\r".encode())
                done.add(key)
        while piece := _read(controller):
            said += piece
    finally:
        process.kill()
        process.wait()
        os.close(controller)
    assert process.returncode == 0, said
    return said


def _read(controller: int) -> str:
    """What the terminal shows next; nothing once it is quiet, or gone."""
    ready, _, _ = select.select([controller], [], [], _QUIET)
    if not ready:
        return ""
    try:
        return os.read(controller, 65536).decode("utf-8", "replace")
    except OSError:
        # Linux ends a terminal that no process holds with an error.
        return ""
