"""Numbers of things in words, for a line to a person."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """The count with its noun: "1 number", "12 numbers"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
