"""Compiles the packages that run again and again: by programs, provider processes, the command and each test.

The others, half of all files, are compiled by Python itself when they are first imported. It runs on the
environment's own Python, as a script, and imports nothing of ours.
"""

from __future__ import annotations

import functools
from compileall import compile_file
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OURS = "pulumi-plusofon"


def files() -> list[Path]:
    """The Python files of all distributions that what runs often needs."""
    found = (
        Path(file.locate())
        for name in needed()
        for file in metadata.distribution(name).files or ()
        if file.suffix == ".py"
    )
    return [file for file in found if file.exists()]


def needed() -> set[str]:
    """The installed distributions that ours needs with all its extras, and each plugin of pytest."""
    seen: dict[str, set[str]] = {}
    open_ends = list(_roots())
    while open_ends:
        name, wanted = open_ends.pop()
        extras = wanted - seen.get(name, set())
        if not extras:
            continue
        seen.setdefault(name, set()).update(extras)
        open_ends.extend(
            (canonicalize_name(requirement.name), {"", *requirement.extras})
            for requirement in _requirements(name, extras)
        )
    return {name for name in seen if _found(name)}


def _roots() -> Iterator[tuple[str, set[str]]]:
    yield OURS, {"", *(metadata.metadata(OURS).get_all("Provides-Extra") or ())}
    for distribution in metadata.distributions():
        if any(entry.group == "pytest11" for entry in distribution.entry_points):
            yield canonicalize_name(distribution.metadata["Name"]), {""}


def _requirements(name: str, extras: set[str]) -> Iterator[Requirement]:
    distribution = _found(name)
    for requirement in map(Requirement, (distribution and distribution.requires) or ()):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _found(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def compile_all(sources: Sequence[Path]) -> None:
    """Compile them, with all processors. A file of another Python's syntax stays as it is."""
    with ProcessPoolExecutor() as pool:
        list(pool.map(functools.partial(compile_file, quiet=2), sources, chunksize=16))


if __name__ == "__main__":
    compile_all(files())
