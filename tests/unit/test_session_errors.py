"""The tree of the account's errors: every branch is drawn, and every error survives a pickle."""

from __future__ import annotations

import inspect
import pickle

import pytest

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.session import AccountError, errors

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AccountError)]


def test_there_are_errors_to_draw() -> None:
    assert len(KINDS) > 10


@pytest.mark.parametrize("error", KINDS)
def test_the_docstring_draws_every_branch(error: type[AccountError]) -> None:
    assert f"── {error.__name__}" in (errors.__doc__ or "")


@pytest.mark.parametrize("error", KINDS)
def test_an_error_survives_the_way_to_another_process(error: type[AccountError]) -> None:
    again = pickle.loads(pickle.dumps(error("447700900101 is there")))  # noqa: S301 - our own bytes
    assert (type(again), str(again)) == (error, "447700900101 is there")


def test_advice_of_an_error_stands_apart_and_only_a_run_of_pulumi_shows_it() -> None:
    error = errors.GoneError("447700900101 is gone", "run `pulumi refresh`")
    assert with_advice(error, "host") == "447700900101 is gone: run `pulumi refresh`"
    assert with_advice(error, "command") == error.reason == "447700900101 is gone"
