"""Where a stack's data is: in its configuration, or in the YAML file that this names.

One value of the configuration holds about 130 KB; a file holds any number of numbers. Reads, and decides
nothing about what the data says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBERS: Final = "numbers"
FILE: Final = "file"
PROFILE: Final = "profile"


@dataclass(frozen=True)
class StackData:
    """The data, None for none, and what errors call it. In a file passwords are never in clear."""

    data: Any
    path: str
    is_file: bool


def read_source(value: Callable[[str], str | None], project: str, folder: Path) -> StackData:
    """The data of the stack whose project's own keys have these values; the file is in `folder`.

    Raises `FileError` for a file, and for both at once; `ValueError` for a value that is no JSON.
    """
    named, numbers = value(FILE), value(NUMBERS)
    if named is None:
        return StackData(None if numbers is None else json.loads(numbers), NUMBERS, is_file=False)
    if numbers is not None:
        raise FileError(f"{project}:{FILE}: cannot be given together with {project}:{NUMBERS}")
    file = (folder / named).resolve()
    if not file.is_relative_to(folder.resolve()):
        # What a stack is made of belongs to its project: reviewed with it, and the same on every machine.
        raise FileError(f"{project}:{FILE}: must name a file of the project's folder")
    return StackData(read_yaml(file, named), f"{plain(named)}: {NUMBERS}", is_file=True)
