"""The pages of the functions that a program calls: lookups, with what they give, and those for stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi_plusofon
from pulumi_plusofon import stack
from pulumi_plusofon.api import ListedNumber, RegistrationStatus, Target

from .text import attributes, block, derived, doc, page, signature, table

if TYPE_CHECKING:
    from collections.abc import Callable

_EXAMPLE: Final = """\
support = get_group(name="Support")
NumberForwarding("office", number=office, type="group", group_id=support.id, cli_type="Y")"""


def lookups() -> str:
    """The page of the lookups."""
    names = [name for name in pulumi_plusofon.__all__ if name.startswith("get_")]
    parts = [_function(name, getattr(pulumi_plusofon, name)) for name in names]
    kinds = [_value(kind) for kind in (ListedNumber, RegistrationStatus, Target)]
    return page(
        "# Lookups",
        "A lookup reads the account at the moment when the program runs, in a preview too. It changes"
        " nothing. A failure is a `LookupFailedError` of one line. `account` is an [`Account`](account.md)"
        " beside the stack's own, whose token is given as text. A program requests each list of targets"
        " once in a run.",
        "Where the settings have the account's own id (`plusofon:customerId`, or `customer_id` of the"
        " `Account`), one more request a run makes sure that the token is that account's. A program that"
        " looks a target up also compares the ids of its forwardings with the account's lists: one that is"
        " not there is an error, and a list that cannot be read is a warning.",
        block("python", _EXAMPLE),
        *parts,
        "# What they give",
        *kinds,
    )


def stack_functions() -> str:
    """The page of the functions for stack programs."""
    functions = [(name, getattr(stack, name)) for name in stack.__all__]
    return page(
        "# Functions for stack programs",
        "`from pulumi_plusofon.stack import ...`. They declare numbers from data"
        " ([stack-data.md](stack-data.md)) and keep the stacks of a project apart"
        " ([environments.md](../environments.md)). They send no request but for the names of targets.",
        *(_function(name, function) for name, function in functions if not isinstance(function, type)),
        *(_value(function) for _, function in functions if isinstance(function, type)),
    )


def _function(name: str, function: Callable[..., Any]) -> str:
    return page(f"## {name}", signature(name, function), doc(function))


def _value(kind: type) -> str:
    rows = [(f"`{name}`", f"`{type_}`") for name, type_, _ in attributes(kind)]
    rows += [(f"`{name}`", f"`{type_}`, derived") for name, type_, _ in derived(kind)]
    return page(f"## {kind.__name__}", doc(kind), table(("attribute", "type"), rows))
