"""A stack keeps to its own environment: no account and no address of another stack of the project.

Compares what the stack files of the project say in clear, found as the engine finds them; decrypts nothing
and sends nothing. A file that cannot be read is refused: what it claims is not known. So is a run of no
project, where `plusofon:customerId` is set. The file that the run uses is its own, whatever it is called
(`--config-file`). Whose account a token really is, only the account's list can show: the provider compares
it with `plusofon:customerId` before it changes anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.runtime.config import CONFIG
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import SETTINGS

from pulumi_plusofon.pulumi_cli.files import Project, find_project
from pulumi_plusofon.resources.account import stack_value
from pulumi_plusofon.resources.inputs import InputError
from pulumi_plusofon.runtime import NAMESPACE, Settings
from pulumi_plusofon.runtime.settings import text_of
from pulumi_plusofon.runtime.yaml import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping

# The settings that belong to one environment, each with the value that all may share.
_OWN: Final = {"customerId": None, "baseUrl": Settings.base_url, "token": None}
_UNREADABLE: Final = "no stack goes on without knowing what another one's file claims"


def require_own_environment(folder: Path) -> None:
    """Refuse settings of this stack that the file of another stack has: `Pulumi.<stack>.yaml`.

    The project is that of the run, or the one that `folder` is in. Raises `InputError` with a line for each.
    """
    stack = pulumi.get_stack()
    project = _project(folder)
    if project is None:
        return
    files, unreadable = project.stack_configs()
    problems = [f"{line}; {_UNREADABLE}" for line in unreadable]
    own = _file_in_use(project, stack, files)
    others = [(other, claims) for other, claims in files.items() if other not in (stack, own)]
    for key, shared in _OWN.items():
        value = text_of(key, stack_value)
        if value is None or value == shared:
            continue
        shown = "" if key == "token" else f"{value} "
        problems += [
            f"{NAMESPACE}:{key}: {shown}is that of the stack {other} ({project.stack_file(other).name}); set"
            f" a different value for {stack}"
            for other, claims in others
            if str(claims.get(f"{NAMESPACE}:{key}", "")).rstrip("/") == value.rstrip("/")
        ]
    if problems:
        raise InputError("\n".join(problems))


def _project(folder: Path) -> Project | None:
    """The project whose stacks are compared, None for none where no account is named."""
    # Mocks have no project of their own.
    is_run = not isinstance(SETTINGS.monitor, MockMonitor)
    try:
        found = (find_project(Path(pulumi.get_root_directory())) if is_run else None) or find_project(folder)
    except FileError as error:
        raise InputError(f"{error}; {_UNREADABLE}") from None
    if found is None:
        text = f"there is no project file in {folder} or above it, so no other stack's settings are known"
        if text_of("customerId", stack_value) is not None:
            raise InputError(f"{NAMESPACE}:customerId: {text}; call it with the folder of Pulumi.yaml")
        pulumi.log.warn(text)
    return found


def _file_in_use(project: Project, stack: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    """The name in the file that this run's configuration is from: the stack's, unless only another one fits.

    A program cannot ask which file the engine read. One fits if, with what the project has for all, it
    has the run's very keys, and in clear the run's values.
    """
    run = CONFIG.get()
    shared = {key if ":" in key else f"{pulumi.get_project()}:{key}" for key in project.config}
    common = shared & set(run)

    def fits(claims: Mapping[str, Any]) -> bool:
        return set(claims) | common == set(run) and all(
            run[key] == value for key, value in claims.items() if isinstance(value, str)
        )

    if stack in files and fits(files[stack]):
        return stack
    return next((name for name, claims in files.items() if fits(claims)), stack)
