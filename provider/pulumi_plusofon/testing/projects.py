"""The project of a stack under test: a copy of a folder, or one that is made around a program.

The copy is for the interpreter that runs the tests: what names a virtual environment or a backend is taken
out. The original is read and never written.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Source: TypeAlias = "str | Path"

_NOT_COPIED: Final = frozenset({".git", "__pycache__", "node_modules", ".pytest_cache", ".mypy_cache"})
_VENV_MARK: Final = "pyvenv.cfg"
# The folders of tests may be in the project (`--basetemp`, `TMPDIR`): a copy has no copies.
_OF_THE_TESTS: Final = re.compile(r"plusofon-stack-\d+|pytest-of-.*")
_PROJECT: Final = "Pulumi.yaml"
_PACK: Final = "PulumiPolicy.yaml"
_ENVIRONMENT_OPTIONS: Final = ("virtualenv", "toolchain")
# Where states and settings of stacks are kept is the kit's to say.
_OF_THE_BACKEND: Final = ("backend", "stackConfigDir")
_MADE: Final = {"name": "tested", "runtime": "python", "requiredPulumiVersion": ">=3.254.0"}
# The token of a stack's file is of another account, and encrypted.
_OF_THE_ACCOUNT: Final = frozenset({"plusofon:token", "plusofon:customerId"})
_ADDRESS: Final = "plusofon:baseUrl"
_SALT: Final = "encryptionsalt"


class ProjectError(Exception):
    """A project cannot be tested as it was given; the text says what to change."""


def make_project(source: Source, folder: Path) -> None:
    """Put the project to run into `folder`, which must be new."""
    if is_text(source):
        folder.mkdir()
        _write_yaml(folder / _PROJECT, _MADE)
        (folder / "__main__.py").write_text(str(source), "utf-8")
    else:
        copy_project(Path(source), folder, _PROJECT)


def is_text(source: Source) -> bool:
    """Whether this is a program's text, and no folder."""
    return isinstance(source, str) and "\n" in source


def copy_project(original: Path, folder: Path, file: str = _PACK) -> None:
    """Copy a project, or a policy pack, whose settings stand in `file`."""
    if not (original / file).is_file():
        raise ProjectError(f"{original}: has no {file}")

    _copy(original, folder)
    content = read_yaml(folder / file)
    runtime = content.get("runtime")
    if isinstance(runtime, dict):
        options = {
            name: value
            for name, value in (runtime.get("options") or {}).items()
            if name not in _ENVIRONMENT_OPTIONS
        }
        content["runtime"] = {**runtime, "options": options}
    for name in _OF_THE_BACKEND:
        content.pop(name, None)
    _write_yaml(folder / file, content)


def _copy(original: Path, folder: Path) -> None:
    """Copy files and folders, and what links lead to inside; links that lead out lead to the same place."""
    links: list[Path] = []

    def left_out(parent: str, names: list[str]) -> set[str]:
        left = set()
        for path in (Path(parent) / name for name in names):
            if path.is_symlink():
                links.append(path)
                left.add(path.name)
            elif _is_left_out(path):
                left.add(path.name)
        return left

    try:
        shutil.copytree(original, folder, ignore=left_out)
    except shutil.Error as error:
        # A file may vanish while its folder is copied: a lock, a file of an editor.
        failed = [f"{source}: {why}" for source, _, why in error.args[0] if os.path.lexists(source)]
        if failed:
            raise ProjectError(f"{original}: cannot be copied: {'; '.join(failed)}") from None
    root = original.resolve()
    for link in links:
        target = (link.parent / link.readlink()).resolve()
        if target.is_relative_to(root):
            target = folder.resolve() / target.relative_to(root)
        place = folder / link.relative_to(original)
        if place.parent.is_dir():
            place.symlink_to(target)


def _is_left_out(path: Path) -> bool:
    if path.name in _NOT_COPIED or _OF_THE_TESTS.fullmatch(path.name):
        return True
    # A socket, a pipe, a device, or nothing any more.
    return not (path.is_dir() or path.is_file()) or (path / _VENV_MARK).exists()


def write_settings(
    folder: Path,
    stack: str,
    config: Mapping[str, Any],
    *,
    url: str,
    has_passphrase: bool,
    known: Iterable[str] = (),
) -> None:
    """Make `config` the configuration of the stack, over what the project's own file of the stack has.

    `known` are keys that are given elsewhere. Raises `ProjectError` where it has another address than `url`,
    or secrets that cannot be read.
    """
    project = read_yaml(folder / _PROJECT)
    file = folder / f"Pulumi.{stack}.yaml"
    content = read_yaml(file) if file.exists() else {}
    kept = {
        name: value for name, value in (content.get("config") or {}).items() if name not in _OF_THE_ACCOUNT
    }
    given = {qualified(project, name): value for name, value in config.items()}
    elsewhere = {qualified(project, name) for name in known}
    kept = {name: value for name, value in kept.items() if name not in elsewhere}
    merged = {**kept, **given}
    of_all = {
        qualified(project, name): _value(value) for name, value in (project.get("config") or {}).items()
    }
    _refuse_address({**of_all, **merged}.get(_ADDRESS), url)
    sealed = sorted(name for name, value in kept.items() if name not in given and _is_sealed(value))
    if sealed and not has_passphrase:
        raise ProjectError(
            f"{file.name}: {', '.join(sealed)}: encrypted: give a value in config= or secrets=, or the"
            " passphrase="
        )
    salt = (
        {"encryptionsalt": content["encryptionsalt"]}
        if has_passphrase and "encryptionsalt" in content
        else {}
    )
    _write_yaml(file, {**salt, "config": merged})


def settings_file(given: Mapping[str, Any] | str | Path | None, folder: Path) -> str | None:
    """The file with the settings of rules: the one that is named, or one in `folder` for a mapping."""
    if given is None or isinstance(given, str | Path):
        return None if given is None else str(Path(given).absolute())
    file = folder / "policy-config.json"
    file.write_text(json.dumps(dict(given)), "utf-8")
    return str(file)


def qualified(project: Mapping[str, Any], key: str) -> str:
    """A key of the configuration with its namespace, which is the project's name where it has none."""
    return key if ":" in key else f"{project['name']}:{key}"


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in `file`; raises `ProjectError` for anything else."""
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ProjectError(f"{file.name}: {error}") from None
    if not isinstance(content, dict):
        raise ProjectError(f"{file.name}: must be a mapping")
    return content


def _refuse_address(given: Any, url: str) -> None:
    if given is not None and str(given).rstrip("/") != url:
        raise ProjectError(
            f"{_ADDRESS}: {given} is not the sandbox ({url}), and a test reaches no other server: leave it"
            f" out, or give config={{'{_ADDRESS}': plusofon_sandbox.url}}"
        )


def _value(given: Any) -> Any:
    """What `config` of Pulumi.yaml says for a key: a value, or a mapping that has it."""
    if isinstance(given, dict):
        return given.get("value", given.get("default"))
    return given


def _is_sealed(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_is_sealed, value.values()))
    return isinstance(value, list) and any(map(_is_sealed, value))


def _write_yaml(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), "utf-8")
