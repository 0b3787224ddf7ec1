"""Text of others as a literal that is right in Python and in YAML, and as a comment that ends with its line.

No quote, line break or invisible character of a name, host or login can end its literal.
"""

from __future__ import annotations

from pulumi_plusofon.runtime.plain import plain


def quoted(text: str) -> str:
    """`text` in double quotes; what cannot be printed is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def comment(text: str) -> str:
    """`text` for a comment: one line, without what acts on its reader."""
    return plain(text)


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"
