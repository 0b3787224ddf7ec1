"""The virtual environment, with what requirements.lock names, and this package, editable.

A stamp in the environment tells what it was made from, so that nothing is done twice. Registries are those
that pip and uv are already set up for: none is named here.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import pinned
from bootstrap.console import CommandError, SetupError, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

STAMP = "plusofon-packages.stamp"
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}
# What counts for pip when it installs, from weak to strong.
PIP_SECTIONS = ("global", "install", ":env:")
UV_REGISTRY_SETTINGS = (
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_CONFIG_FILE",
)


def is_ready(clone: Path) -> bool:
    """Tell whether the environment is there and made from what the clone holds now."""
    venv = clone / ".venv"
    return (venv / "bin" / "python").exists() and _stamp(venv) == _wanted_stamp(clone)


def install(clone: Path, cache_root: Path, step: Step) -> None:
    """Make the environment what the lock says."""
    venv = clone / ".venv"
    python = venv / "bin" / "python"
    stamp = _stamp(venv)
    # Every script in an environment holds its path, so one that was moved is of no use.
    moved = stamp is not None and stamp[0] != str(venv)
    if moved or not python.exists():
        step.say("making .venv")
        _make_environment(venv, step)
    uv, environment = uv_for(clone, cache_root, python, step)
    common: list[str | Path] = [uv, "pip", "install", "--python", python, "--color", "never"]
    try:
        step.say("installing what requirements.lock names")
        locked: list[str | Path] = ["--require-hashes", "-r", clone / "requirements.lock"]
        step.run([*common, *locked], environment=environment)
        step.say("installing this package, editable")
        step.run([*common, "--no-deps", "--no-build-isolation", "--editable", clone], environment=environment)
    except CommandError as error:
        raise SetupError(
            f"The Python packages could not be installed. {error}", pinned.REGISTRY_ADVICE
        ) from error
    # Done once here, and not by every program and provider process where Python keeps no bytecode.
    step.say("compiling what programs import")
    try:
        step.run([python, "-I", clone / "tools" / "bootstrap" / "bytecode.py"])
    except CommandError as error:
        raise SetupError(
            f"The Python packages could not be compiled. {error}",
            "Free space on the disk if it is full, then run this again. If it stays so, remove .venv before.",
        ) from error
    (venv / STAMP).write_text("\n".join(_wanted_stamp(clone)), encoding="utf-8")


def uv_for(clone: Path, cache_root: Path, python: Path, step: Step) -> tuple[Path, dict[str, str]]:
    """Find uv, or get the locked one; its environment has the registries of `python`'s pip."""
    lock = clone / "tools" / "locks" / "uv.txt"
    on_path = shutil.which("uv")
    uv = Path(on_path) if on_path else pinned.provide(cache_root, lock, "bin/uv", python, step)
    return uv, {**os.environ, **_registries(python, os.environ)}


def _stamp(venv: Path) -> list[str] | None:
    try:
        return (venv / STAMP).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None


def _wanted_stamp(clone: Path) -> list[str]:
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((clone / name).read_bytes())
    return [str(clone / ".venv"), digest.hexdigest()]


def _make_environment(venv: Path, step: Step) -> None:
    try:
        step.run([sys.executable, "-m", "venv", "--clear", venv])
    except CommandError as error:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupError(
            f"A virtual environment could not be made with {sys.executable}. {error}",
            f"On Debian and Ubuntu: apt install python{version}-venv. Then run this again.",
        ) from error


def _registries(python: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Give uv the registries that only pip is set up for; uv's own settings win."""
    if any(name in environment for name in UV_REGISTRY_SETTINGS):
        return {}
    listing = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
        # To `pip config`, "user" means to list the user's own file alone.
        env=pinned.without_places(environment),
    ).stdout
    settings = {}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in PIP_SECTIONS and key in PIP_TO_UV:
            # A setting with several values has them on lines of their own, and is printed as a Python text.
            settings[section, key] = " ".join(str(ast.literal_eval(value)).split())
    strongest_last = sorted(settings, key=lambda setting: PIP_SECTIONS.index(setting[0]))
    found = {PIP_TO_UV[key]: settings[section, key] for section, key in strongest_last}
    if "UV_INDEX" in found:
        # As pip does: each file may come from any of them. The lock's digests say which file it must be.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return {name: value for name, value in found.items() if name not in environment}
