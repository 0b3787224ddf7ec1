"""Print the set-up's progress, and run other programs so that the reader sees what goes on.

In a terminal a step is one line that keeps itself up to date; in a pipe it is a line at the start, one every
half minute, and one at the end. What a program printed is shown only when that program failed.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

LIVE_REFRESH = 0.2
PLAIN_INTERVAL = 30.0
FAILURE_LINES = 6


class SetupError(Exception):
    """Something is missing; says what, and what to do about it."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice


class CommandError(Exception):
    """A program failed; carries the last lines it printed."""

    def __init__(self, command: str, code: int, output: str) -> None:
        super().__init__(
            f"{command} ended with exit code {code}:\n{output}" if output else f"{command}: exit code {code}"
        )
        self.output = output


def clock(seconds: float) -> str:
    """Write a duration the way people say it: 4s, 2m07s."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"


def any_text() -> None:
    """Let what is printed be any text: what the terminal's encoding lacks is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def end_output() -> None:
    """Give up what standard output could not take, so that the interpreter's end does not try it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class Step:
    """One step of the set-up on the screen, from entering the context to leaving it."""

    def __init__(self, place: str, title: str, usually: str, stream: TextIO | None = None) -> None:
        self.detail = ""
        self._head = f"[{place}] {title}"
        self._usually = usually
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty()
        self._started = self._spoke = time.monotonic()

    def __enter__(self) -> Step:  # noqa: PYI034 - Python 3.10 has no Self
        if not self._live:
            self._say(f"{self._head} (usually {self._usually})")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end = "\r\x1b[2K" if self._live else ""
        word = "done" if kind is None else "stopped"
        self._say(f"{end}{self._head}: {word} after {clock(time.monotonic() - self._started)}")

    def say(self, detail: str) -> None:
        """Tell what the step is doing now."""
        self.detail = detail
        self.refresh()

    def refresh(self) -> None:
        """Bring the screen up to date, where it is time to."""
        now = time.monotonic()
        elapsed = clock(now - self._started)
        line = f"{self._head}: {self.detail or 'working'}, {elapsed} (usually {self._usually})"
        if self._live:
            width = shutil.get_terminal_size().columns
            self._stream.write("\r\x1b[2K" + line[: width - 1])
            self._stream.flush()
        elif now - self._spoke >= PLAIN_INTERVAL:
            self._spoke = now
            self._say(line)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        """Run a program to its end, each line it prints going to `on_line`; CommandError when it fails."""
        words = [str(word) for word in command]
        last: deque[str] = deque(maxlen=FAILURE_LINES)
        with subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            text=True,
            errors="replace",
        ) as process:
            reader = threading.Thread(target=_read, args=(process.stdout, last, on_line), daemon=True)
            reader.start()
            try:
                while reader.is_alive():
                    reader.join(LIVE_REFRESH)
                    self.refresh()
            except BaseException:
                process.terminate()
                raise
        if process.returncode != 0:
            raise CommandError(" ".join(words[:3]), process.returncode, "\n".join(last))

    def _say(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


def _read(stream: TextIO, last: deque[str], on_line: Callable[[str], None] | None) -> None:
    for line in stream:
        text = line.rstrip()
        if text:
            last.append(text)
        if on_line is not None:
            on_line(text)
