"""STUB."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from pulumi_plusofon.routes.picture import Picture


def drawn(picture: Picture) -> str:
    """A stub."""
    rows = [
        f'<g class="node {n.shape}{" problem" if n.problems else ""}" data-key={quoteattr(n.key)}>'
        f'<text x="10" y="{20 * (i + 1)}">{escape(n.label)}</text></g>'
        for i, n in enumerate(picture.nodes)
    ]
    h = 20 * len(rows) + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {h}" width="600" height="{h}">'
        f"<title>{escape(picture.title)}</title>{''.join(rows)}</svg>"
    )
