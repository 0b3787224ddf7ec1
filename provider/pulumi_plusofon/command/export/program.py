"""A project for a snapshot of an account: a readable program, or the list that a stack's configuration names.

Makes text only, the same text for the same account. No SIP password is in it, because the API returns none.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.runtime import NAMESPACE

from .literals import quoted
from .snapshot import OPERATOR, PORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .snapshot import Declarable, Snapshot

_REQUIREMENTS: Final = "pulumi-plusofon\n"
_IGNORED: Final = ".plusofon/\n.venv/\n__pycache__/\n"
_RESERVED: Final = frozenset({"ExternalNumber", "NumberForwarding", "pulumi", *keyword.kwlist})
_PROJECT: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST_PROJECT: Final = 100
# The width that the common formatters have from the start.
_WIDTH: Final = 88
_NOT_SHOWN: Final = """\
The API shows neither SIP passwords nor ports nor forwardings. An `ate` number says
keep_secret, and its port is the usual one unless the list has another: before you
change such a number, give it its real port, and secret in place of keep_secret. A
forwarding is declared with its number, as the comments show, and `plusofon adopt`
records it as declared. Where login or host is marked, the list does not show the
operator's: write it there before you change the number."""
_IMPORT: Final = "from pulumi_plusofon import ExternalNumber  # and NumberForwarding, for forwardings"
_OPERATOR: Final = "the list does not show the operator's"
_PORT: Final = "assumed"
# By field: the mark by which it is not shown, and what to say beside it.
_MARKS: Final = {"port": (PORT, _PORT), "host": (OPERATOR, _OPERATOR), "login": (OPERATOR, _OPERATOR)}
_CONFIG_PROGRAM: Final = '''\
"""Declares the numbers that numbers.yaml lists."""

from pathlib import Path

from pulumi_plusofon.stack import (
    declare_configured,
    leave_out_stack_traces,
    require_own_environment,
)

FOLDER = Path(__file__).parent

leave_out_stack_traces()
require_own_environment(FOLDER)
declare_configured(FOLDER)
'''


def as_program(snapshot: Snapshot, names: Mapping[str, str], project: str) -> dict[str, str]:
    """The files of a project whose program declares the numbers one by one; `names` are by digits."""
    variables = _variables(names)
    statements = [
        _statement(number, names[number.entry.number], variables[number.entry.number])
        for number in snapshot.numbers
    ]
    head = f'"""{_title(snapshot)}\n\n{_NOT_SHOWN}\n"""\n\n{_IMPORT}\n'
    return {**_common(snapshot, project, {}), "__main__.py": "\n".join([head, *statements])}


def as_config(snapshot: Snapshot, names: Mapping[str, str], project: str) -> dict[str, str]:
    """The files of a project whose configuration names a list of the numbers."""
    head = "".join(f"# {line}\n" for line in (_title(snapshot), *_NOT_SHOWN.splitlines()))
    entries = "".join(_entry(number, names[number.entry.number]) for number in snapshot.numbers)
    return {
        **_common(snapshot, project, {"file": "numbers.yaml"}),
        "__main__.py": _CONFIG_PROGRAM,
        "numbers.yaml": head + entries,
    }


def project_name(folder: str) -> str:
    """A name that Pulumi takes for a project in a folder of this name."""
    name = _PROJECT.sub("-", folder).strip("-.")[:_LONGEST_PROJECT] or "numbers"
    # The project's own keys would stand among the settings of the provider.
    return f"{name}-numbers" if name == NAMESPACE else name


def _title(snapshot: Snapshot) -> str:
    account = "" if snapshot.customer_id is None else f" of account {snapshot.customer_id}"
    return f"The external numbers{account}, as `plusofon export` found them."


def _common(snapshot: Snapshot, project: str, more: Mapping[str, str]) -> dict[str, str]:
    config = dict(more)
    if snapshot.customer_id is not None:
        # Another account's token is refused before anything is done.
        config["plusofon:customerId"] = str(snapshot.customer_id)
    lines = [
        f"name: {quoted(project)}",
        "description: External numbers of a Plusofon account.",
        "runtime: python",
        'requiredPulumiVersion: ">=3.254.0"',
        *(["config:"] if config else []),
        *(f"  {key}:\n    value: {quoted(value)}" for key, value in config.items()),
    ]
    return {
        "Pulumi.yaml": "\n".join([*lines, ""]),
        "requirements.txt": _REQUIREMENTS,
        ".gitignore": _IGNORED,
    }


def _variables(names: Mapping[str, str]) -> dict[str, str]:
    """A variable for each number, after its resource's name."""
    taken: set[str] = set(_RESERVED)
    variables = {}
    for digits, name in names.items():
        base = unicodedata.normalize("NFKC", re.sub(r"\W+", "_", name).strip("_")).lower()
        if not base.isidentifier():
            base = f"number_{base}" if f"number_{base}".isidentifier() else f"number_{digits}"
        variable, at = base, 1
        while variable in taken:
            at += 1
            variable = f"{base}_{at}"
        taken.add(variable)
        variables[digits] = variable
    return variables


def _statement(number: Declarable, name: str, variable: str) -> str:
    lines = [f"{variable} = ExternalNumber(", f"    {quoted(name)},"]
    for field, value in number.inputs.items():
        lines += _argument_lines(field, value, _mark(number, field))
    sample = f"NumberForwarding({quoted(name)}, number={variable}, type=..., cli_type=...)"
    return "\n".join([*lines, ")", f"# {sample}", ""])


def _entry(number: Declarable, name: str) -> str:
    named = {} if name == number.entry.number else {"name": name}
    lines = []
    for field, value in {**named, **number.inputs}.items():
        lines += _entry_lines(field, value, _mark(number, field))
    sample = '  # forward: {type: group, group: NAME, cli_type: "Y"}'
    return "\n".join([f"-{lines[0][1:]}", *lines[1:], sample, ""])


def _argument_lines(field: str, value: Any, mark: str | None) -> list[str]:
    line = f"    {field}={_python(value)},"
    if isinstance(value, list) and len(line) > _WIDTH:
        return [f"    {field}=[", *(f"        {quoted(each)}," for each in value), "    ],"]
    return [f"{line}  # {mark}" if mark else line]


def _entry_lines(field: str, value: Any, mark: str | None) -> list[str]:
    line = f"  {field}: {_yaml(value)}"
    if isinstance(value, list) and len(line) > _WIDTH:
        return [f"  {field}:", *(f"    - {quoted(each)}" for each in value)]
    return [f"{line} # {mark}" if mark else line]


def _mark(number: Declarable, field: str) -> str | None:
    """What to say of a field beside it."""
    mark, text = _MARKS.get(field, (None, None))
    return text if mark in number.marks else None


def _python(value: Any) -> str:
    if isinstance(value, list):
        return f"[{_joined(value)}]"
    return quoted(value) if isinstance(value, str) else repr(value)


def _yaml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{_joined(value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else str(value)


def _joined(values: Iterable[str]) -> str:
    return ", ".join(map(quoted, values))
