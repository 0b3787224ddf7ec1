"""The page of the lookups, and of the values that they give."""

from __future__ import annotations

import pulumi_plusofon
from pulumi_plusofon.api import ListedNumber, RegistrationStatus, Target

from .text import attributes, doc, page, signature, table


def lookups() -> str:
    """The page of the lookups."""
    names = [name for name in pulumi_plusofon.__all__ if name.startswith("get_")]
    parts = [f"## {name}\n\n{_described(name)}" for name in names]
    kinds = [_value(kind) for kind in (ListedNumber, RegistrationStatus, Target)]
    return page(
        "# Lookups",
        "A lookup reads the account at the moment when the program runs, in a preview too. It changes"
        " nothing. What fails is a"
        " `LookupFailedError` of one line. `account` is an [`Account`](account.md) beside the stack's own.",
        *parts,
        "# What they give",
        *kinds,
    )


def _described(name: str) -> str:
    function = getattr(pulumi_plusofon, name)
    return page(signature(name, function), doc(function))


def _value(kind: type) -> str:
    rows = [(f"`{name}`", f"`{type_}`") for name, type_, _ in attributes(kind)]
    rows += [
        (f"`{name}`", "`bool`, derived") for name, value in vars(kind).items() if isinstance(value, property)
    ]
    return page(f"## {kind.__name__}", doc(kind), table(("attribute", "type"), rows))
