"""Tools that come from the Python package registry, one pinned and hashed version each, kept in the cache.

Uses pip, which is in every virtual environment, and the registries that pip is set up for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bootstrap import cache
from bootstrap.console import CommandError, SetupError, Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REGISTRY_ADVICE = (
    "The Python package registry must be reachable. Behind a proxy set HTTPS_PROXY, for a mirror pip's"
    " index-url or UV_DEFAULT_INDEX, for a company's certificates SSL_CERT_FILE. Then run this again."
)


# Where else the user's settings let pip install: none of them goes together with a folder of our own.
PLACES = ("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET")


def requirement(lock: Path) -> str:
    """Read `name==version` from a lock that holds one package."""
    return lock.read_text(encoding="utf-8").split(maxsplit=1)[0]


def entry(cache_root: Path, lock: Path) -> Path:
    """Tell where in the cache the package of this lock is, or will be."""
    return cache_root / "tools" / requirement(lock)


def without_places(environment: Mapping[str, str]) -> dict[str, str]:
    """Give pip an environment that says nothing of where to install."""
    kept = {name: value for name, value in environment.items() if name not in PLACES}
    return {**kept, "PIP_USER": "0"}


def provide(cache_root: Path, lock: Path, tool: str, python: Path, step: Step) -> Path:
    """Get the program `tool` of the lock's package, from the cache where it is there already."""

    def fill(staging: Path) -> None:
        step.say(f"getting {requirement(lock)}")
        pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
        try:
            step.run(
                [
                    *pip,
                    "install",
                    "--quiet",
                    "--no-deps",
                    "--require-hashes",
                    "-r",
                    lock,
                    "--target",
                    staging,
                ],
                environment=without_places(os.environ),
            )
        except CommandError as error:
            raise SetupError(
                f"{requirement(lock)} could not be installed. {error}", REGISTRY_ADVICE
            ) from error

    folder = entry(cache_root, lock)
    cache.provide(folder, lambda place: os.access(place / tool, os.X_OK), fill, step)
    return folder / tool
