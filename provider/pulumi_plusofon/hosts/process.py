"""The configuration of this provider process, and the session of the account that it serves.

The engine configures a process once for each resource class, with the same values. The configuration is read
anew for each call and validated where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pulumi_plusofon.runtime import Settings
from pulumi_plusofon.session import AccountSession, session_for

from . import dynamic_sdk, placement

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.dynamic import Config


class _Process:
    get_config: Callable[[str], str | None] = staticmethod(lambda _key: None)
    keys: ClassVar[tuple[str, ...]] = ()
    beside: bool = False


def configure(config: Config) -> None:
    """Take the configuration that the engine has for this process."""
    _Process.get_config = config.get
    _Process.keys = tuple(getattr(config, "_props", ()))
    _Process.beside = placement.is_beside(config)


def is_beside() -> bool:
    """Whether this process serves an `Account` beside the stack's own: see `placement`."""
    return _Process.beside


def settings() -> Settings:
    """The process's settings; raises `ConfigurationError`."""
    return Settings.load(_Process.get_config, keys=_Process.keys)


def session() -> AccountSession:
    """The session of the process's account; raises `ConfigurationError`."""
    return session_for(settings(), dynamic_sdk.is_engine_gone)
