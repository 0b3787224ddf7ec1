"""The way into the command line: an extra that is missing, or an output that is full, is one line."""

from __future__ import annotations

import errno
import io
import os
import sys

from .runtime.extras import advice


def main() -> None:
    """Run `plusofon`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the terminal's encoding lacks is escaped: no text of the account's ends a command.
            stream.reconfigure(errors="backslashreplace")
    try:
        _command()
    except OSError as error:
        # Standard output will not take what is left for it at the interpreter's end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(None if error.errno == errno.EPIPE else f"plusofon: {error.strerror or error}")


def _command() -> None:
    try:
        from .command.main import main as command  # noqa: PLC0415 - it may not be there

        command()
    except ModuleNotFoundError as missing:
        advised = advice(missing, "cli")
        if advised is None:
            raise
        sys.exit(f"plusofon: {advised}")
    finally:
        # Here, where a full disk is an error of the command, and not at the interpreter's end.
        sys.stdout.flush()


if __name__ == "__main__":
    main()
