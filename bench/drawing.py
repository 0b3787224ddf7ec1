"""Measure how long `plusofon routes` takes to draw many numbers, from an exported state to SVG."""

from __future__ import annotations

import json
import subprocess
import time
from typing import TYPE_CHECKING, Any, Final

from harness.engine_stack import BIN, pulumi_environment

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS: Final = 300
_URN: Final = "urn:pulumi:bench::bench::pulumi-python:dynamic/plusofon"
# As many targets as a team of this size has.
_GROUPS: Final = 40


def seconds_to_draw(folder: Path) -> float:
    """Seconds that it takes to draw them, without an account."""
    state = folder / "state.json"
    resources = [resource for at in range(NUMBERS) for resource in _number(at)]
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    before = time.monotonic()
    subprocess.run(
        [BIN / "plusofon", "routes", "--state", state, "--format", "svg"],
        env=pulumi_environment(folder, folder, "bench"),
        capture_output=True,
        check=True,
    )
    return time.monotonic() - before


def _number(at: int) -> list[dict[str, Any]]:
    """A number and its forwarding: to a group, or every fifth to the next number."""
    digits, following = (f"79{place:09}" for place in (at, at + 1))
    group = {"type": "group", "group_id": at % _GROUPS}
    leads = {"type": "number", "destination_number": following} if at % 5 == 0 else group
    outputs = {
        "ExternalNumber": {"type": "sipuri", "number": digits, "host": "a.example", "number_id": at + 1},
        "NumberForwarding": {"number_type": "sipuri", "number_id": at + 1, "cli_type": "Y", **leads},
    }
    return [
        {
            "urn": f"{_URN}:{kind}::n{at}",
            "type": f"pulumi-python:dynamic/plusofon:{kind}",
            "id": str(at + 1),
            "outputs": values,
        }
        for kind, values in outputs.items()
    ]
