"""A stack keeps to its own environment: no account and no address of another stack of the project.

Compares what the stack files beside the program say in clear; decrypts nothing and sends nothing. Whose
account a token really is, only the account's list can tell: the provider compares it with
`plusofon:customerId` before it changes anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
import yaml

from pulumi_plusofon.api import NAMESPACE, Settings

from .inputs import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class _Own:
    """A setting that belongs to one environment, and the value of it that all may share."""

    key: str
    variable: str
    shared: str | None
    shown: bool = True


_OWN: Final = (
    _Own("customerId", "PLUSOFON_CUSTOMER_ID", None),
    _Own("baseUrl", "PLUSOFON_BASE_URL", Settings.base_url),
    _Own("token", "PLUSOFON_TOKEN", None, shown=False),
)


def stay_in_environment(folder: Path) -> None:
    """Refuse settings of this stack that a `Pulumi.<stack>.yaml` in `folder` has for another.

    Raises `InputError` with one line for each.
    """
    config, stack = pulumi.Config(NAMESPACE), pulumi.get_stack()
    problems = []
    for own in _OWN:
        value = config.get(own.key) or os.environ.get(own.variable)
        if value is None or value == own.shared:
            continue
        what = f"{value} is" if own.shown else "is"
        problems += [
            f"{NAMESPACE}:{own.key}: {what} that of the stack {other} (Pulumi.{other}.yaml), and {stack} must"
            " have its own: nothing of one environment may reach another"
            for other, theirs in _others(folder, stack)
            if str(theirs.get(f"{NAMESPACE}:{own.key}")).rstrip("/") == value.rstrip("/")
        ]
    if problems:
        raise InputError("\n".join(problems))


def _others(folder: Path, stack: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(folder.glob("Pulumi.*.yaml")):
        name = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        if name != stack:
            content = yaml.safe_load(file.read_text("utf-8"))
            yield name, (content or {}).get("config") or {}
