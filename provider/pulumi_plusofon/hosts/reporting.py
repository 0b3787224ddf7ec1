"""Errors and notices of this process as lines for a person: the engine would print a traceback.

What a person did is one line with what to do next. What is an error of this package is its type and place,
and never its text, which may hold a password.
"""

from __future__ import annotations

import functools
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, ParamSpec, TypeVar

from pulumi_plusofon.advice import with_advice
from pulumi_plusofon.api import ApiError
from pulumi_plusofon.runtime import ConfigurationError, PlusofonError
from pulumi_plusofon.runtime.settings import misspelt_variables
from pulumi_plusofon.runtime.text import unmarked

from . import dynamic_sdk, process

if TYPE_CHECKING:
    from collections.abc import Callable

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_PACKAGE: Final = "pulumi_plusofon"


class Failure(Exception):  # noqa: N818 - the engine prints the name
    """An error for a person, in one line of the engine's output."""

    @property
    def in_one_line(self) -> str:
        """What `dynamic_sdk` sends to the engine in place of the traceback."""
        return f"plusofon: {self}"


# E55: where the engine prints the exception all the same, it is named for what people know.
Failure.__module__ = "builtins"
Failure.__qualname__ = "plusofon"


class _Reported:
    """The errors that this process has reported in full."""

    reported: ClassVar[set[str]] = set()


def reported_in_one_line(step: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Make a line for a person of all that `step` raises."""

    @functools.wraps(step)
    def in_one_line(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        try:
            with dynamic_sdk.ours():
                return step(*args, **kwargs)
        except ConfigurationError as error:
            raise Failure(unmarked(_of_configuration(error))) from None
        except PlusofonError as error:
            raise Failure(unmarked(text_of(error))) from None
        except Exception as error:  # noqa: BLE001 - reported, and the call fails
            # Its text may hold anything, a password too: only its place is shown.
            raise Failure(
                f"an error in {_PACKAGE} itself, please report it: {type(error).__name__} at {_place(error)}"
            ) from None

    return in_one_line


def text_of(error: PlusofonError) -> str:
    """The text of `error`, with what to do next; of a read that many resources share, in full once."""
    text = with_advice(error, "account" if process.is_beside() else "host")
    if isinstance(error, ApiError) and not error.writes:
        if text in _Reported.reported:
            return f"{error.doing}: failed (reported once, see above or below)"
        _Reported.reported.add(text)
    return text


def _of_configuration(error: ConfigurationError) -> str:
    """The text of `error`, in full only the first time: it is the same for every resource."""
    text = str(error)
    if text in _Reported.reported:
        return "skipped: invalid configuration (reported once, see above or below)"
    _Reported.reported.add(text)
    return text


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


class _Notice(logging.Formatter):
    """A notice, without what the engine would take for its own markup."""

    def format(self, record: logging.LogRecord) -> str:
        return unmarked(super().format(record))


def show_notices() -> None:
    """Let the package's notices reach the person: the engine shows what this process writes to stderr."""
    log = logging.getLogger(_PACKAGE)
    # Other providers of the process may show all that reaches the root.
    log.propagate = False
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_Notice("plusofon: %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        for line in misspelt_variables():
            log.warning(line)
