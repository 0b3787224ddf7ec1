"""What a telephony team never wants to deploy, as rules: pure functions on plain data.

`rules` is the table of them; `pack` makes a Pulumi policy pack of it, which `policy/` at the repository's
root loads. The rules know neither Pulumi nor the account: they validate what a program declares.
"""

from __future__ import annotations

from typing import Any

__all__ = ["serve"]


def __getattr__(name: str) -> Any:
    """Import `serve` when a pack asks for it: the rules need no Pulumi."""
    if name != "serve":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .pack import serve  # noqa: PLC0415 - it needs the extra `policy`

    return serve
