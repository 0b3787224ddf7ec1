"""Versions as tuples that compare, from the many ways in which programs print them."""

from __future__ import annotations

import re

Version = tuple[int, ...]


def parse_version(text: str) -> Version:
    """The first dotted number in `v3.259.0`, `go1.26.6` and the like; ValueError where there is none."""
    found = re.search(r"\d+(?:\.\d+)+", text)
    if found is None:
        raise ValueError(f"no version in {text.strip()!r}")
    return tuple(int(part) for part in found[0].split("."))
