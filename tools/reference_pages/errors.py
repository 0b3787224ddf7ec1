"""The page of the errors: what each kind means, and what to do next, in the words that a run shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_plusofon import session
from pulumi_plusofon.advice import advice_for
from pulumi_plusofon.api import errors as api_errors
from pulumi_plusofon.session import errors as account_errors

from .text import first_sentence, page, table

if TYPE_CHECKING:
    from types import ModuleType


def errors() -> str:
    """The page of the errors."""
    rows = [
        (
            f"`{kind.__name__}`",
            first_sentence(kind),
            "yes" if kind.transient else "no",
            _advice(kind, writes=True),
            _advice(kind, writes=False),
        )
        for kind in _below(api_errors, api_errors.ApiError)
        if issubclass(kind, api_errors.ApiError)
    ]
    account = [
        (f"`{kind.__name__}`", first_sentence(kind)) for kind in _below(account_errors, session.AccountError)
    ]
    return page(
        "# Errors",
        "An error is one line: what was attempted, on which number, what happened, and what to do next."
        " No error shows a token or a"
        " password. The names below are those of the code; a program gets `InputError` or"
        " `LookupFailedError`.",
        "## A request failed",
        "Where the same request may succeed a little later, it is repeated, as long as that is safe."
        " The advice is that of a run of"
        " Pulumi.",
        table(("error", "meaning", "may pass", "advice after a write", "advice after a read"), rows),
        "## The account forbids it",
        "The text says what to do for the number that it names.",
        table(("error", "meaning"), account),
    )


def _below(module: ModuleType, top: type) -> list[type]:
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, top) and found is not top
    ]


def _advice(kind: type[api_errors.ApiError], *, writes: bool) -> str:
    error = kind("", "")
    error.writes = writes
    return advice_for(error, "host")
