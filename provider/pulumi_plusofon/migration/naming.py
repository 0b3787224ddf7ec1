"""Names for the resources of an export: the digits of each number, or those that a person wrote into a file.

All that is wrong with the file is reported at once, by its place. Sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.plain import plain
from pulumi_plusofon.runtime.yaml_files import FileError, read_yaml
from pulumi_plusofon.schema.values import phone_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .snapshot import Declarable


class NamesError(PlusofonError):
    """The file of names cannot be used. The text has one line per problem."""


def names_of(numbers: Iterable[Declarable], file: Path | None) -> dict[str, str]:
    """The resource's name of each number, by its digits; `file` maps numbers to names, in YAML.

    Raises `NamesError`: a number or a name that stands twice, one that is no text, a number that the export
    does not have.
    """
    digits = [one.entry.number for one in numbers]
    given = {} if file is None else _read(file, set(digits))
    names = {one: given.get(one, one) for one in digits}
    owners: dict[str, str] = {}
    problems = [
        f"{plain(file.name)}: {plain(name)}: is the name of +{owners[name]}, too"
        for one, name in names.items()
        if owners.setdefault(name, one) != one and file is not None
    ]
    if problems:
        raise NamesError("\n".join(problems))
    return names


def _read(file: Path, known: set[str]) -> dict[str, str]:
    try:
        content: Any = read_yaml(file, as_written=True)
    except FileError as error:
        raise NamesError(str(error)) from None
    called = plain(file.name)
    if not isinstance(content, dict):
        raise NamesError(f'{called}: must map numbers to names, such as "+44 7700 900131": office')
    names: dict[str, str] = {}
    problems = []
    for number, name in content.items():
        place = f"{called}: {plain(str(number))}"
        try:
            digits = phone_number(number)
        except ValueError as problem:
            problems.append(f"{place}: {problem}")
            continue
        if digits in names:
            problems.append(f"{place}: stands twice")
        elif digits not in known:
            problems.append(f"{place}: is not among the numbers that are exported")
        elif not isinstance(name, str) or not name.strip() or not name.isprintable():
            problems.append(f"{place}: its name must be a text")
        else:
            names[digits] = name
    if problems:
        raise NamesError("\n".join(problems))
    return names
