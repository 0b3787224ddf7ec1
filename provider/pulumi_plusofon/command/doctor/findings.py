"""A finding of `plusofon doctor`, and how one check comes to it, whatever happens in the check.

A check that fails for a reason outside of it is a finding like any other. Never shows a secret: an error that
is not ours is shown by its class alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import plain, some

from .subject import UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .subject import Subject

State: TypeAlias = Literal["good", "notice", "problem", "unknown"]


@dataclass(frozen=True)
class CheckResult:
    """What a check found: the state, what it saw in a sentence, and what to do, None for nothing."""

    state: State
    text: str
    advice: str | None = None


@dataclass(frozen=True)
class Finding:
    """What one check found, by the topic that it examines."""

    topic: str
    state: State
    text: str
    advice: str | None


@dataclass(frozen=True)
class Check:
    """One topic, and the function that examines it."""

    topic: str
    look: Callable[[Subject], CheckResult]

    def finding(self, subject: Subject) -> Finding:
        """What the check finds; a check that cannot be done finds that."""
        result = self._result(subject)
        return Finding(self.topic, result.state, result.text, result.advice)

    def _result(self, subject: Subject) -> CheckResult:
        try:
            return self.look(subject)
        except UnknownError as unknown:
            return CheckResult("unknown", str(unknown), unknown.advice)
        except PlusofonError as error:
            return CheckResult("unknown", one_line(error))
        except OSError as error:
            return CheckResult("unknown", error.strerror or type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the other findings are wanted all the more
            return CheckResult(
                "unknown", f"the check failed ({type(error).__name__})", "report it to the maintainers"
            )


def one_line(error: PlusofonError) -> str:
    """An error's lines as one, the first few of many."""
    return plain(some(str(error).splitlines(), joint="; "))
