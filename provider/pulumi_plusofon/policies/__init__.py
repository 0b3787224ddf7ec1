"""Rules for what a telephony team never wants to deploy: pure functions on plain data.

`rules` is the table of them; `pack` makes a Pulumi policy pack of it, which `policy/` at the repository's
root loads. The rules know neither Pulumi nor the account: they validate what a program declares.
"""

from __future__ import annotations

import sys

from pulumi_plusofon.runtime.extras import absent

__all__ = ["serve"]


def serve() -> None:
    """Be the policy pack, for as long as the engine needs one. Exits with a line if an extra is missing."""
    if missing := absent("policy"):
        sys.exit(f"policy pack: {missing}")
    from .pack import serve as serve_pack  # noqa: PLC0415 - the rules need no Pulumi

    serve_pack()
