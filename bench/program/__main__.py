"""Declares as many numbers as `spec.json` beside it says, each with a forwarding.

The same program with a provider that only sleeps tells what the engine takes for itself.
"""

import importlib
import json
from pathlib import Path

from pulumi_plusofon.stack import leave_out_stack_traces

spec = json.loads(Path(__file__).with_name("spec.json").read_text())
if not spec["traces"]:
    leave_out_stack_traces()
home = importlib.import_module("bench.sleeping" if spec["sleeping"] else "pulumi_plusofon")

# Ranges that are not assigned.
RANGES = ("447700900{:03}", "442079460{:03}")

for place in range(spec["numbers"]):
    number = home.ExternalNumber(
        f"number-{place}",
        type="ate",
        number=RANGES[place // 1000].format(place % 1000),
        host="sip.operator.example",
        login=f"user-{place}",
        secret=spec["secret"] if place else spec["first_secret"],
    )
    home.NumberForwarding(f"forwarding-{place}", number=number, type="group", group_id=9, cli_type="Y")
