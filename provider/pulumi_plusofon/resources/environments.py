"""A stack keeps to its own environment: no account and no address of another stack of the project.

Compares what the stack files beside the program say in clear; decrypts nothing and sends nothing. Whose
account a token really is, only the account's list can tell: the provider compares it with
`plusofon:customerId` before it changes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi
import yaml

from pulumi_plusofon.api import NAMESPACE, Settings
from pulumi_plusofon.api.settings import text_of

from .account import of_stack
from .inputs import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The settings that belong to one environment, each with the value that all may share.
_OWN: Final = {"customerId": None, "baseUrl": Settings.base_url, "token": None}


def stay_in_environment(folder: Path) -> None:
    """Refuse settings of this stack that a `Pulumi.<stack>.yaml` in `folder` has for another.

    Raises `InputError` with one line for each.
    """
    stack = pulumi.get_stack()
    problems = []
    for key, shared in _OWN.items():
        value = text_of(key, of_stack)
        if value is None or value == shared:
            continue
        shown = "" if key == "token" else f"{value} "
        problems += [
            f"{NAMESPACE}:{key}: {shown}is that of the stack {other} (Pulumi.{other}.yaml), and {stack} must"
            " have its own: nothing of one environment may reach another"
            for other, theirs in _others(folder, stack)
            if f"{NAMESPACE}:{key}" in theirs
            and str(theirs[f"{NAMESPACE}:{key}"]).rstrip("/") == value.rstrip("/")
        ]
    if problems:
        raise InputError("\n".join(problems))


def _others(folder: Path, stack: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(folder.glob("Pulumi.*.yaml")):
        name = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        if name != stack:
            content = yaml.safe_load(file.read_text("utf-8"))
            yield name, (content or {}).get("config") or {}
