"""All checks in their order: engine, Python, settings, account, project. Only the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import account_checks, interpreter, machine, project
from . import settings as configured
from .subject import opened

if TYPE_CHECKING:
    from pathlib import Path

    from .findings import Finding

CHECKS: Final = (
    *machine.CHECKS,
    *interpreter.CHECKS,
    *configured.CHECKS,
    *account_checks.CHECKS,
    *project.CHECKS,
)


def examine(folder: Path, stack: str | None) -> list[Finding]:
    """What each check finds in `folder`, with the settings of `stack`, or of the environment for None."""
    with opened(folder, stack) as subject:
        return [check.finding(subject) for check in CHECKS]
