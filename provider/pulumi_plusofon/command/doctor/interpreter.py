"""The checks of Python: which one runs, in which virtualenv, with which packages. Imports none of them."""

from __future__ import annotations

import platform
import sys
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.pulumi_cli.files import find_project
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError

from .findings import Check, CheckResult
from .subject import UnknownError

if TYPE_CHECKING:
    from .subject import Subject

_PACKAGES: Final = ("pulumi-plusofon", "pulumi", "requests", "phonenumbers")
_POLICY: Final = "pulumi-policy"


def _python(_subject: Subject) -> CheckResult:
    return CheckResult("good", f"{platform.python_version()}, {plain(sys.executable)}")


def _virtualenv(subject: Subject) -> CheckResult:
    own = Path(sys.prefix)
    named = _named(subject.folder)
    if named is None and sys.prefix == sys.base_prefix:
        return CheckResult(
            "notice",
            f"none: the packages are those of {plain(str(own))}",
            "make one with `python -m venv .venv`, and name it in Pulumi.yaml (runtime, options, virtualenv)",
        )
    if named is None:
        return CheckResult("good", plain(str(own)))
    if not named.is_dir():
        return CheckResult(
            "problem",
            f"Pulumi.yaml names {plain(str(named))}, which is not there",
            "make it with `python -m venv`, and install pulumi-plusofon there",
        )
    if named.resolve() == own.resolve():
        return CheckResult("good", f"{plain(str(own))}, as Pulumi.yaml says")
    return CheckResult(
        "notice",
        f"the project's programs run in {plain(str(named))}, this command in {plain(str(own))}",
        "run the `plusofon` of the project's virtualenv to see its packages",
    )


def _named(folder: Path) -> Path | None:
    """The virtualenv that the project of `folder` names, None without a project or a virtualenv."""
    try:
        project = find_project(folder)
    except FileError as error:
        raise UnknownError(str(error)) from None
    content: Any = project.content if project else None
    for key in ("runtime", "options", "virtualenv"):
        content = content.get(key) if isinstance(content, dict) else None
    return project.folder / content if project and isinstance(content, str) else None


def _package(name: str, _subject: Subject) -> CheckResult:
    try:
        return CheckResult("good", metadata.version(name))
    except metadata.PackageNotFoundError:
        return CheckResult(
            "problem", "not installed", "pip install the wheel of pulumi-plusofon (README.md, Install)"
        )


def _policy(_subject: Subject) -> CheckResult:
    try:
        return CheckResult("good", metadata.version(_POLICY))
    except metadata.PackageNotFoundError:
        return CheckResult(
            "notice",
            "not installed, so the policy rules cannot be checked",
            "pip install 'pulumi-plusofon[policy]'",
        )


CHECKS: Final = (
    Check("python", _python),
    Check("virtualenv", _virtualenv),
    *(Check(f"package {name}", partial(_package, name)) for name in _PACKAGES),
    Check(f"package {_POLICY}", _policy),
)
