"""Read the stack files of a project: the configuration in each `Pulumi.<stack>.yaml`, as it is written.

Decrypts nothing and sends nothing, and decides nothing about what the values mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_plusofon.runtime.yaml import FileError, read_yaml

if TYPE_CHECKING:
    from pathlib import Path


def stack_configs(folder: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The configuration in each stack file of `folder`, by stack; a line for each that cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    problems = []
    for file in sorted(folder.glob("Pulumi.*.yaml")):
        name = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        try:
            found[name] = config_in(file)
        except FileError as error:
            problems.append(str(error))
    return found, problems


def config_in(file: Path) -> dict[str, Any]:
    """The configuration in the file of a project or a stack, each scalar as text. Raises `FileError`."""
    content = read_yaml(file, as_written=True) or {}
    config = (content.get("config") or {}) if isinstance(content, dict) else None
    if not isinstance(config, dict):
        raise FileError(f"{file.name}: is no stack's file")
    return config
