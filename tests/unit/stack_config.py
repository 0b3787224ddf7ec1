"""A stack's configuration as a program under the SDK's mocks finds it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.config import _SECRET_KEYS, CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def configured(secrets: tuple[str, ...] = (), /, **values: Any) -> Iterator[None]:
    """The project's configuration, and with `plusofon__` in front that of the package; objects as JSON."""
    config = {
        _key(name): value if isinstance(value, str) else json.dumps(value) for name, value in values.items()
    }
    before = (CONFIG.get(), list(_SECRET_KEYS.get()))
    pulumi.runtime.set_all_config(config, [_key(name) for name in secrets])
    try:
        yield
    finally:
        pulumi.runtime.set_all_config(*before)


def _key(name: str) -> str:
    return f"{'plusofon' if name.startswith('plusofon__') else 'project'}:{name.removeprefix('plusofon__')}"
