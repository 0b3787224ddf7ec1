"""A stack as data: its numbers from its configuration, or from the YAML file that this names.

One value of the configuration holds about 130 KB; a file holds any number of numbers. All problems are
reported at once, by their path, in a file with its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi

from pulumi_plusofon.data.references import References
from pulumi_plusofon.resources import stack_config
from pulumi_plusofon.resources.inputs import InputError
from pulumi_plusofon.resources.secrecy import warn_of_plain_passwords
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError, read_yaml

from .from_data import DeclaredNumber, declare_numbers

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS: Final = "numbers"
FILE: Final = "file"
PROFILE: Final = "profile"


def declare_configured(folder: Path) -> dict[str, DeclaredNumber]:
    """Declare what the stack's configuration says: `numbers`, or the list in the file that `file` names.

    `profile` says which of the numbers' `forwards` count. `folder` is the project's: the file is in it. A
    value of either may be `{env: NAME}` or `{config: KEY}`; a password of a file must be. Raises `InputError`
    with one line per problem.
    """
    config = pulumi.Config()
    named = config.get(FILE)
    if named is not None and config.get(NUMBERS) is not None:
        raise InputError(f"{config.name}:{FILE}: cannot be given together with {config.name}:{NUMBERS}")
    try:
        data = config.get_object(NUMBERS) if named is None else _of_file(folder, named)
    except FileError as error:
        raise InputError(str(error)) from None
    path = NUMBERS if named is None else f"{plain(named)}: {NUMBERS}"
    references = References(stack_config.value, sealed=named is not None)
    resolved = references.resolve(data, path)
    problems = [
        *references.problems,
        *stack_config.misspelt((NUMBERS, FILE, PROFILE, *references.asked_keys)),
    ]
    if problems:
        raise InputError("\n".join(problems))
    if named is None:
        warn_of_plain_passwords(NUMBERS, data)
    return declare_numbers(resolved, path, config.get(PROFILE))


def _of_file(folder: Path, named: str) -> Any:
    file = (folder / named).resolve()
    if not file.is_relative_to(folder.resolve()):
        # What a stack is made of belongs to its project: reviewed with it, and the same on every machine.
        raise InputError(f"{pulumi.get_project()}:{FILE}: must name a file of the project's folder")
    return read_yaml(file, named)
