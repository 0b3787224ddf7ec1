"""Secrets that stand in plain text in a stack's configuration: warn once, never show one.

The engine encrypts what `config set --secret` sets, in the stack's file too; what is set without it is
read by all who read the file. Refuses nothing: a sandbox's token may stand there.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret

from pulumi_plusofon.runtime import NAMESPACE

from .options import warn_once

_TOKEN: Final = f"{NAMESPACE}:token"


def warn_of_plain_token() -> None:
    """Warn of a token that the stack's configuration has in plain text."""
    if CONFIG.get().get(_TOKEN) and not is_config_secret(_TOKEN):
        warn_once(
            f"{_TOKEN} stands in plain text in the stack's configuration: encrypt it with"
            f" `pulumi config set --secret {_TOKEN}`"
        )


def warn_of_plain_passwords(key: str, numbers: Any) -> None:
    """Warn of a SIP password in plain text among `numbers`, which the project's own `key` holds."""
    if is_config_secret(f"{pulumi.get_project()}:{key}") or not isinstance(numbers, list):
        return
    for place, entry in enumerate(numbers):
        if isinstance(entry, dict) and isinstance(entry.get("secret"), str):
            path = f"{key}[{place}].secret"
            warn_once(
                f"{path} stands in plain text in the stack's configuration: encrypt each password with"
                f" `pulumi config set --path --secret '{path}'`"
            )
            return
