"""Declares the numbers that numbers.yaml lists."""

from pathlib import Path

import pulumi

from pulumi_plusofon.stack import declare_configured, require_own_environment

FOLDER = Path(__file__).parent

require_own_environment(FOLDER)
for name, declared in declare_configured(FOLDER).items():
    pulumi.export(name, {"number": declared.number.number, "id": declared.number.id})
