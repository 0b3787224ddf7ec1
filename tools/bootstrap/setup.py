"""The set-up from beginning to end: what is there is left alone, what is missing is got, in two steps."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bootstrap import cache, links, packages
from bootstrap.console import SetupError, Step, any_text, end_output

CLONE = Path(__file__).resolve().parents[2]
STEPS = (
    ("Python packages", "10 to 60s", packages),
    ("Pulumi engine", "1s from the cache, 3 to 10 minutes to build", links),
)


def set_up() -> int:
    """Make the clone ready; answer an exit code."""
    # As an exception it lets every running program be ended and every half-filled folder be removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    any_text()
    try:
        if not all(part.is_ready(CLONE) for _, _, part in STEPS):
            _install()
        print("Set up: .venv/bin has everything.", flush=True)
    except SetupError as error:
        print(f"\nThe set-up stopped: {error.problem}\n\nWhat to do: {error.advice}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe set-up stopped: {error}", file=sys.stderr)
        end_output()
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run it again to go on from here.", file=sys.stderr)
        return 128 + signal.SIGINT
    return 0


def _install() -> None:
    cache_root = cache.root(os.environ)
    for number, (title, usually, part) in enumerate(STEPS, start=1):
        with (
            Step(f"{number}/{len(STEPS)}", title, usually) as step,
            cache.locked(CLONE / ".setup" / "lock", step),
        ):
            if not part.is_ready(CLONE):
                part.install(CLONE, cache_root, step)
