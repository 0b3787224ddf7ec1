"""Phone numbers in the output of a command, in the form in which programs, files and commands take them.

JSON has `e164` behind a number's digits; a table has the plus. Formats alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_plusofon.runtime.text import e164

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_e164(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for machines: `e164` stands behind its `number`, None where that is no digits."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        values[name] = value
        if name == "number":
            values["e164"] = e164(value)
    return values


def with_plus(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for people: its `number` has its plus, if it is digits."""
    return {**row, "number": e164(row["number"]) or row["number"]}
