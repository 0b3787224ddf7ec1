"""Declares the numbers that numbers.yaml lists."""

from pathlib import Path

import pulumi

from pulumi_plusofon.stack import declare_configured, leave_out_stack_traces, require_own_environment

FOLDER = Path(__file__).parent

leave_out_stack_traces()
require_own_environment(FOLDER)
for name, declared in declare_configured(FOLDER).items():
    pulumi.export(name, {"number": declared.number.number, "id": declared.number.id})
