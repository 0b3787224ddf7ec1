"""Text of others made safe to show: on a terminal, and in the engine's own output.

A server, a list or a pull request may say anything. Control characters act on a terminal, and `<{%…%}>` is
the engine's own markup for colours, on which it panics where it does not know the word. Changes nothing else.
"""

from __future__ import annotations

from typing import Final

_MARKUP: Final = {"<{%": "<{ %", "%}>": "% }>"}


def plain(text: str) -> str:
    """`text` without what acts on its reader; line breaks go, too."""
    return unmarked("".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text))


def unmarked(text: str) -> str:
    """`text` without the engine's markup; lines stay lines."""
    for mark, harmless in _MARKUP.items():
        text = text.replace(mark, harmless)
    return text
