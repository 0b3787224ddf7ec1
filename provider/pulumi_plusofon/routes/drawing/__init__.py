"""A picture of routes in the formats that people look at: one module a format, each with one `drawn`.

Knows `routes.picture` alone: no field of the API, no rule, no account. So the sandbox may draw, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import mermaid, svg, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_plusofon.routes.picture import Picture

FORMATS: Final[Mapping[str, Callable[[Picture], str]]] = {
    "tree": tree.drawn,
    "mermaid": mermaid.drawn,
    "svg": svg.drawn,
}
