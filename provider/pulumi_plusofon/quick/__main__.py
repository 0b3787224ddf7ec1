"""`python -m pulumi_plusofon.quick`: one program, run once. Its own output goes to standard error."""

from __future__ import annotations

import json
import os
import sys

from pulumi_plusofon.testing.guard import Guard, guarded_sockets

from .running import run


def main() -> None:
    """Run what standard input says."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asked = json.load(sys.stdin)
    guard = Guard()
    with guarded_sockets(guard):
        found = run(asked)
    with answer:
        json.dump({**found, "contacts": guard.contacts}, answer)


main()
