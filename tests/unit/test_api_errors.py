"""The tree of errors, as programs and the rest of this package hold on to it."""

from __future__ import annotations

import pickle
import sys

import pytest

from pulumi_plusofon import api
from pulumi_plusofon.advice import Reader, with_advice
from pulumi_plusofon.api import (
    AbandonedError,
    ApiError,
    AuthenticationError,
    InvalidRequestError,
    MaybeDoneError,
    NoAccessError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    ReadOnlyError,
    RefusedError,
    ServerError,
    UnreadableAnswerError,
)
from pulumi_plusofon.runtime import ConfigurationError, PlusofonError

PARENTS: dict[type[Exception], type[Exception]] = {
    PlusofonError: Exception,
    ConfigurationError: PlusofonError,
    ApiError: PlusofonError,
    NotSentError: ApiError,
    ReadOnlyError: NotSentError,
    AbandonedError: NotSentError,
    MaybeDoneError: ApiError,
    UnreadableAnswerError: MaybeDoneError,
    RefusedError: ApiError,
    AuthenticationError: RefusedError,
    NotFoundError: RefusedError,
    InvalidRequestError: RefusedError,
    RateLimitedError: RefusedError,
    ServerError: RefusedError,
    NoAccessError: ServerError,
}
TRANSIENT = {NotSentError, MaybeDoneError, UnreadableAnswerError, RateLimitedError, ServerError}
OF_REQUESTS = [error for error in PARENTS if issubclass(error, ApiError)]


def test_the_tree_has_these_branches_and_no_other() -> None:
    public = [PlusofonError, ConfigurationError]
    public += [getattr(api, name) for name in api.__all__ if name.endswith("Error")]
    assert {error: error.__bases__ for error in public} == {
        error: (parent,) for error, parent in PARENTS.items()
    }


@pytest.mark.parametrize("error", PARENTS)
def test_the_docstring_draws_every_branch(error: type[Exception]) -> None:
    assert error.__name__ in (sys.modules[error.__module__].__doc__ or "")


@pytest.mark.parametrize("error", OF_REQUESTS)
def test_an_error_knows_whether_the_same_request_may_succeed_later(error: type[ApiError]) -> None:
    assert error("listing", "why").transient is (error in TRANSIENT)


@pytest.mark.parametrize("error", OF_REQUESTS)
def test_an_error_survives_pickling_with_all_that_it_knows(error: type[ApiError]) -> None:
    original = error("connecting 79104445566", "why", http_status=418, retry_after=1.5, transient=False)
    copy = pickle.loads(pickle.dumps(original))  # noqa: S301 - made one line above
    assert type(copy) is error
    assert str(copy) == str(original)
    assert vars(copy) == {
        "raised_at": original.raised_at,
        "doing": "connecting 79104445566",
        "reason": "why",
        "http_status": 418,
        "retry_after": 1.5,
        "transient": False,
    }


def test_a_configuration_error_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(ConfigurationError("one\ntwo")))  # noqa: S301 - made right here
    assert (type(copy), str(copy)) == (ConfigurationError, "one\ntwo")


@pytest.mark.parametrize("error", OF_REQUESTS)
def test_an_error_is_one_line(error: type[ApiError]) -> None:
    text = str(error("listing", "why", http_status=400))
    assert text.startswith("listing: HTTP 400: why")
    assert "\n" not in text


@pytest.mark.parametrize("error", OF_REQUESTS)
@pytest.mark.parametrize("reader", ["host", "account", "command", "lookup"])
@pytest.mark.parametrize("writes", [True, False])
def test_whatever_failed_for_a_reason_of_its_own_says_what_to_do_next(
    error: type[ApiError], reader: Reader, *, writes: bool
) -> None:
    failure = error("listing", "why")
    failure.writes = writes
    text = with_advice(failure, reader)
    says_nothing = {ApiError, RefusedError, AbandonedError} | (set() if writes else {ReadOnlyError})
    assert (text != str(failure)) is (error not in says_nothing)
    assert writes or "may have been done" not in text
    assert reader not in ("command", "account") or "plusofon:" not in text
    assert reader != "account" or writes or "resource's Account" in text or "token" not in text


def test_an_error_without_an_answer_names_no_status() -> None:
    assert str(RefusedError("listing", "why")) == "listing: why"
