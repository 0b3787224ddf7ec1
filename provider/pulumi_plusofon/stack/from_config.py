"""A stack as data: its numbers from its configuration, or from the YAML file that this names.

All problems are reported at once, by their path, in a file with its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from pulumi_plusofon.data.references import References
from pulumi_plusofon.data.source import FILE, NUMBERS, PROFILE, read_source
from pulumi_plusofon.resources import stack_config
from pulumi_plusofon.resources.inputs import InputError
from pulumi_plusofon.resources.secrecy import warn_of_plain_passwords
from pulumi_plusofon.runtime.yaml import FileError

from .from_data import DeclaredNumber, declare_numbers

if TYPE_CHECKING:
    from pathlib import Path


def declare_configured(folder: Path) -> dict[str, DeclaredNumber]:
    """Declare what the stack's configuration says: `numbers`, or the list in the file that `file` names.

    `profile` says which of the numbers' `forwards` count. `folder` is the project's: the file is in it. A
    value of either may be `{env: NAME}` or `{config: KEY}`; a password of a file must be. Raises `InputError`
    with one line per problem.
    """
    config = pulumi.Config()
    try:
        source = read_source(config.get, config.name, folder)
    except FileError as error:
        raise InputError(str(error)) from None
    except (RecursionError, ValueError):
        raise InputError(f"{config.name}:{NUMBERS}: is no JSON") from None
    references = References(stack_config.value, sealed=source.is_file)
    resolved = references.resolve(source.data, source.path)
    problems = [
        *references.problems,
        *stack_config.misspelt((NUMBERS, FILE, PROFILE, *references.asked_keys)),
    ]
    if problems:
        raise InputError("\n".join(problems))
    if not source.is_file:
        warn_of_plain_passwords(NUMBERS, source.data)
    return declare_numbers(resolved, source.path, config.get(PROFILE))
