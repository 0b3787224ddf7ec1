"""The stack's whole configuration as a program has it: which keys there are, and one of them by its name.

A misspelt key would be taken in silence, and the setting or the guard that it was to be would be off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret

from pulumi_plusofon.runtime.settings import unknown_settings
from pulumi_plusofon.runtime.text import unknown_keys

if TYPE_CHECKING:
    from collections.abc import Iterable


def value(key: str) -> pulumi.Output[str] | str | None:
    """The value of `key` ("officePassword", or "project:officePassword"); a secret as a secret."""
    whole = key if ":" in key else f"{pulumi.get_project()}:{key}"
    found: str | None = CONFIG.get().get(whole)
    return pulumi.Output.secret(found) if found is not None and is_config_secret(whole) else found


def keys() -> list[str]:
    """The whole keys of all that the configuration has."""
    return list(CONFIG.get())


def misspelt(known: Iterable[str]) -> list[str]:
    """One line for each unknown setting, and for each key of the project's own that is none of `known`."""
    ours = unknown_keys(pulumi.get_project(), known, CONFIG.get(), "key of this program")
    return unknown_settings(CONFIG.get()) + ours
