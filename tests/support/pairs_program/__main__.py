"""Declares what `declared.json` beside it lists: numbers and forwardings in two accounts, with options."""

import json
import os
from pathlib import Path
from typing import Any

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding

declared: list[dict[str, Any]] = json.loads(Path(__file__).with_name("declared.json").read_text())
accounts: dict[str, Account] = {}
if any(entry["account"] == "second" for entry in declared):
    accounts["second"] = Account(
        "second", token=os.environ["SECOND_TOKEN"], base_url=os.environ["SECOND_URL"], customer_id=42292
    )
numbers: dict[str, ExternalNumber] = {}
for entry in declared:
    inputs: dict[str, Any] = {
        name: pulumi.Output.secret(value) if name in entry["secrets"] else value
        for name, value in entry["inputs"].items()
    }
    options = pulumi.ResourceOptions(
        provider=accounts.get(entry["account"]),
        aliases=[pulumi.Alias(name=entry["alias"])] if entry["alias"] else None,
        retain_on_delete=entry["retain"],
    )
    if entry["kind"] == "ExternalNumber":
        numbers[entry["name"]] = ExternalNumber(entry["name"], **inputs, opts=options)
    elif entry["of"]:
        del inputs["number_type"]
        NumberForwarding(entry["name"], number=numbers[entry["of"]], **inputs, opts=options)
    else:
        NumberForwarding(entry["name"], **inputs, opts=options)
