"""The checks of the engine: `pulumi` and the two programs that it starts, found as the engine finds them.

Starts `pulumi version` and reads files; installs nothing.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.pulumi_cli.runner import StackError, run, words
from pulumi_plusofon.runtime.text import plain

from .findings import Check, CheckResult
from .subject import UnknownError

if TYPE_CHECKING:
    from .subject import Subject

# The oldest that works, as `requiredPulumiVersion` of the project files says.
OLDEST_ENGINE: Final = (3, 254, 0)
_INSTALL: Final = (
    "install Pulumi (https://www.pulumi.com/docs/install), or put the folder that has it on PATH"
)
_VERSION: Final = re.compile(r"v?([0-9]+)\.([0-9]+)\.([0-9]+)\S*")


def _engine(subject: Subject) -> CheckResult:
    path = shutil.which("pulumi")
    if path is None:
        return CheckResult("problem", "pulumi is not on PATH", _INSTALL)
    try:
        ran = run(subject.folder, "version")
    except StackError as error:
        return CheckResult("problem", f"{plain(path)}: {error}", _INSTALL)
    # A program that starts the engine may print lines of its own before.
    found = next(filter(None, map(_VERSION.fullmatch, map(str.strip, ran.output.splitlines()))), None)
    if ran.status or found is None:
        return CheckResult("problem", f"{plain(path)}: `pulumi version` failed: {words(ran)}", _INSTALL)
    version = tuple(int(part) for part in found.groups())
    text = f"{found[0]}, {plain(path)}"
    if version < OLDEST_ENGINE:
        oldest = ".".join(map(str, OLDEST_ENGINE))
        return CheckResult("problem", f"{text}: older than {oldest}, the oldest that works", _INSTALL)
    return CheckResult("good", text)


def _language_host(_subject: Subject) -> CheckResult:
    return _program("pulumi-language-python")


def _dynamic_provider(_subject: Subject) -> CheckResult:
    return _program("pulumi-resource-pulumi-python")


def _program(name: str) -> CheckResult:
    """One of the engine's programs, as the engine finds it: PATH wins over the engine's own folder."""
    engine = shutil.which("pulumi")
    if engine is None:
        raise UnknownError("pulumi is not on PATH")
    candidate = Path(engine).resolve().parent / name
    own = candidate if os.access(candidate, os.X_OK) else None
    is_path_ignored = os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS", "").lower() in ("1", "true")
    on_path = None if is_path_ignored else shutil.which(name)
    used = Path(on_path) if on_path else own
    if used is None:
        return CheckResult("problem", f"{name} is neither beside pulumi nor on PATH", _INSTALL)
    text = plain(str(used))
    if own is None or used.resolve() == own.resolve():
        return CheckResult("good", text)
    return CheckResult(
        "notice",
        f"{text}; the engine has its own, {plain(str(own))}",
        "the two may be of different versions: put the folder of `pulumi` first on PATH",
    )


CHECKS: Final = (
    Check("engine", _engine),
    Check("language host", _language_host),
    Check("dynamic provider", _dynamic_provider),
)
