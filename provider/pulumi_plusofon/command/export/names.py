"""Names for the resources of an export: the digits of each number, or those that a person wrote into a file.

All that is wrong with the file is reported at once, by its place. Sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_plusofon.runtime import PlusofonError
from pulumi_plusofon.runtime.text import plain
from pulumi_plusofon.runtime.yaml import FileError, read_yaml
from pulumi_plusofon.schema.phone import number_among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pulumi_plusofon.api import ListedNumber

    from .snapshot import Declarable


class NamesError(PlusofonError):
    """The file of names cannot be used. The text has one line per problem."""


def names_of(
    numbers: Iterable[Declarable], file: Path | None, listed: Iterable[ListedNumber]
) -> dict[str, str]:
    """The resource's name of each number, by its digits; `file` maps numbers to names, in YAML.

    `listed` is the account's whole list: the file may name numbers that this export leaves out. Raises
    `NamesError`: a number or a name that stands twice, one that is no text, a number that is not listed.
    """
    exported = [number.entry.number for number in numbers]
    if file is None:
        return {digits: digits for digits in exported}
    given, problems = _read(file, {entry.number for entry in listed})
    names = {digits: digits for digits in exported} | given
    owners: dict[str, str] = {}
    problems += [
        f"{plain(file.name)}: {name}: is the name of +{owners[name]}, too"
        for digits, name in sorted(names.items())
        if owners.setdefault(name, digits) != digits
    ]
    if problems:
        raise NamesError("\n".join(problems))
    return {digits: names[digits] for digits in exported}


def _read(file: Path, known: set[str]) -> tuple[dict[str, str], list[str]]:
    """The names that can be used, and the problems of the others."""
    try:
        content: Any = read_yaml(file, as_written=True)
    except FileError as error:
        raise NamesError(str(error)) from None
    called = plain(file.name)
    if not isinstance(content, dict):
        raise NamesError(f'{called}: must map numbers to names, such as "+44 7700 900131": office')
    names: dict[str, str] = {}
    seen: set[str] = set()
    problems = []
    for number, name in content.items():
        place = f"{called}: {plain(str(number))}"
        try:
            digits = number_among(number, lambda: known)
        except ValueError as problem:
            problems.append(f"{place}: {problem}")
            continue
        if digits in seen:
            problems.append(f"{place}: stands twice")
        elif digits not in known:
            problems.append(f"{place}: is not in the account")
        elif not isinstance(name, str) or not name.strip() or not name.isprintable():
            problems.append(f"{place}: its name must be a text")
        else:
            names[digits] = name
        seen.add(digits)
    return names, problems
