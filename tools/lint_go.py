"""Checks the Go module: format, vet, tests.

Uses a Go that is here already, the one that built the engine for instance. Without one, where an installed
Pulumi made a build unnecessary, it says that the module was not checked; it never fetches a Go for this.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bootstrap import cache, engine, golang

CLONE = Path(__file__).resolve().parents[1]


def main() -> int:
    """Check; answer an exit code."""
    go = golang.find(CLONE, cache.root(os.environ))
    if go is None:
        print("tools/engine was not checked: there is no Go here, and none was needed.")
        return 0
    folder = engine.module(CLONE)
    gofmt = subprocess.run(
        [go.resolve().with_name("gofmt"), "-l", folder / "cmd"], capture_output=True, text=True, check=True
    )
    if gofmt.stdout:
        print(f"gofmt would change:\n{gofmt.stdout}", end="", file=sys.stderr)
        return 1
    for check in ("vet", "test"):
        command = [go, check, *engine.build_flags(CLONE), "./..."]
        run = subprocess.run(command, cwd=folder, env=golang.environment(), check=False)
        if run.returncode != 0:
            return run.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
