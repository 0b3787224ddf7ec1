"""The files of a project and its stacks, found and read as the engine finds them, as they are written.

Decrypts nothing and sends nothing, and decides nothing about what the values mean.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

_PROJECT: Final = "Pulumi"
# In the engine's order; the files of the stacks have the extension of the project's (E156).
_EXTENSIONS: Final = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Project:
    """A project: its `file`, and what stands in it."""

    file: Path
    content: dict[str, Any] = field(repr=False)

    @property
    def folder(self) -> Path:
        """The folder of its file; its program may be in another one (`main`)."""
        return self.file.parent

    @property
    def program_folder(self) -> Path:
        """The folder of its program: `main`, or that of the file that this names."""
        main = self.content.get("main")
        program = self.folder / main if isinstance(main, str) else self.folder
        return program.parent if program.is_file() else program

    @property
    def name(self) -> str:
        """Its name. Raises `FileError` where the file has none."""
        name = self.content.get("name")
        if not isinstance(name, str) or not name:
            raise FileError(f"{self.file.name}: has no name")
        return name

    @property
    def config(self) -> dict[str, Any]:
        """The configuration for all of its stacks."""
        config = self.content.get("config")
        return config if isinstance(config, dict) else {}

    def of_all(self, key: str) -> Any:
        """What it says for a key of all stacks: the value, or what a mapping has as the value."""
        given = self.config.get(key)
        return given.get("value", given.get("default")) if isinstance(given, dict) else given

    @property
    def stacks_folder(self) -> Path:
        """Where the files of its stacks are: `stackConfigDir` (formerly `config`), or beside its own file."""
        config = self.content.get("config")
        named = self.content.get("stackConfigDir") or (config if isinstance(config, str) else None)
        return self.folder / named if isinstance(named, str) else self.folder

    def stack_file(self, stack: str) -> Path:
        """The file of a stack, whether it is there or not; the stack may be named in full."""
        return self.stacks_folder / f"{_PROJECT}.{stack.rpartition('/')[2]}{self.file.suffix}"

    def stack_configs(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """The configuration in each stack's file, by stack; a line for each that cannot be read."""
        found: dict[str, dict[str, Any]] = {}
        problems = []
        for file in sorted(self.stacks_folder.glob(f"{_PROJECT}.*{self.file.suffix}")):
            name = file.name.removeprefix(f"{_PROJECT}.").removesuffix(self.file.suffix)
            try:
                found[name] = config_in(file)
            except FileError as error:
                problems.append(str(error))
        return found, problems


def find_project(folder: Path) -> Project | None:
    """The project that `folder` is in, as deep as it may be; None if it is in none. Raises `FileError`."""
    start = folder.absolute()
    for place in (start, *start.parents):
        for extension in _EXTENSIONS:
            file = place / f"{_PROJECT}{extension}"
            if file.is_file():
                content = _read(file)
                if not isinstance(content, dict):
                    raise FileError(f"{file.name}: is no project's file")
                return Project(file, content)
    return None


def config_in(file: Path) -> dict[str, Any]:
    """The configuration in the file of a stack, each scalar as text. Raises `FileError`."""
    content = _read(file) or {}
    config = (content.get("config") or {}) if isinstance(content, dict) else None
    if not isinstance(config, dict):
        raise FileError(f"{file.name}: is no stack's file")
    return config


def _read(file: Path) -> Any:
    if file.suffix != ".json":
        return read_yaml(file, as_written=True)
    try:
        text = file.read_text("utf-8")
        return json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_each_once
        )
    except OSError as error:
        raise FileError(f"{plain(file.name)}: cannot be read: {error.strerror}") from None
    except (RecursionError, ValueError):
        raise FileError(f"{plain(file.name)}: is no JSON") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return {name: _as_written(value) for name, value in pairs}


def _as_written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool) else value


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
