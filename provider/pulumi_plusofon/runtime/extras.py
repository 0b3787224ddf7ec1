"""Name the extra of this package that brings a missing module. Never names one for a module of others."""

from __future__ import annotations

import re
from importlib import metadata
from importlib.util import find_spec

_DISTRIBUTION = "pulumi-plusofon"


def advice(missing: ModuleNotFoundError, extra: str) -> str | None:
    """What to install for `extra`, or None where the module is none of those that it brings."""
    module = (missing.name or "").partition(".")[0]
    return _advice(module, extra) if module in _brought_by(extra) else None


def absent(extra: str) -> str | None:
    """What to install where a module of `extra` is not there, also one that would be imported later."""
    for module in sorted(_brought_by(extra)):
        if find_spec(module) is None:
            return _advice(module, extra)
    return None


def _advice(module: str, extra: str) -> str:
    return f"{module} is not installed: pip install '{_DISTRIBUTION}[{extra}]'"


def _brought_by(extra: str) -> set[str]:
    """The modules of the extra, after the package's own metadata: each is named as its distribution is."""
    try:
        requirements = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return set()
    wanted = re.compile(rf"""([\w.-]+).*;.*\bextra == ['"]{extra}['"]""")
    found = (wanted.match(requirement) for requirement in requirements)
    return {match[1].replace("-", "_") for match in found if match}
