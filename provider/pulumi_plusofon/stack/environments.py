"""A stack keeps to its own environment: no account and no address of another stack of the project.

Compares what the stack files beside the program say in clear; decrypts nothing and sends nothing. A file that
cannot be read is refused: what it claims is not known. The file that the run uses is its own, whatever it is
called (`--config-file`). Whose
account a token really is, only the account's list can show: the provider compares it with
`plusofon:customerId` before it changes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi.runtime.config import CONFIG

from pulumi_plusofon.pulumi_cli.files import config_in, stack_configs
from pulumi_plusofon.resources.account import stack_value
from pulumi_plusofon.resources.inputs import InputError
from pulumi_plusofon.runtime import NAMESPACE, Settings
from pulumi_plusofon.runtime.settings import text_of
from pulumi_plusofon.runtime.yaml import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The settings that belong to one environment, each with the value that all may share.
_OWN: Final = {"customerId": None, "baseUrl": Settings.base_url, "token": None}
_UNREADABLE: Final = "no stack goes on without knowing what another one's file claims"


def require_own_environment(folder: Path) -> None:
    """Refuse settings of this stack that a `Pulumi.<stack>.yaml` in `folder` has for another.

    Raises `InputError` with one line for each.
    """
    stack = pulumi.get_stack()
    files, unreadable = stack_configs(folder)
    problems = [f"{line}; {_UNREADABLE}" for line in unreadable]
    own = _file_in_use(folder, stack, files)
    others = [(other, claims) for other, claims in files.items() if other not in (stack, own)]
    for key, shared in _OWN.items():
        value = text_of(key, stack_value)
        if value is None or value == shared:
            continue
        shown = "" if key == "token" else f"{value} "
        problems += [
            f"{NAMESPACE}:{key}: {shown}is that of the stack {other} (Pulumi.{other}.yaml); set a"
            f" different value for {stack}"
            for other, claims in others
            if str(claims.get(f"{NAMESPACE}:{key}", "")).rstrip("/") == value.rstrip("/")
        ]
    if problems:
        raise InputError("\n".join(problems))


def _file_in_use(folder: Path, stack: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    """The name in the file that this run's configuration is from: the stack's, unless only another one fits.

    A program cannot ask which file the engine read. One fits if, with what the project has for all, it
    has the run's very keys, and in clear the run's values.
    """
    run = CONFIG.get()
    try:
        shared = config_in(folder / "Pulumi.yaml")
    except FileError:
        # The engine has read it, or there is none: what matters here is a `config` for all stacks.
        shared = {}
    common = {key if ":" in key else f"{pulumi.get_project()}:{key}" for key in shared} & set(run)

    def fits(claims: Mapping[str, Any]) -> bool:
        return set(claims) | common == set(run) and all(
            run[key] == value for key, value in claims.items() if isinstance(value, str)
        )

    if stack in files and fits(files[stack]):
        return stack
    return next((name for name, claims in files.items() if fits(claims)), stack)
