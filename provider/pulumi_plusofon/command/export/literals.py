"""Text of others as a literal that is right in Python and in YAML, also in a comment that ends with its line.

No quote, line break or invisible character of a name, host or login can end its literal.
"""

from __future__ import annotations


def quoted(text: str) -> str:
    """`text` in double quotes; what cannot be printed is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"
