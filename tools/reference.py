"""Writes the pages of docs/reference from the code that they describe.

    .venv/bin/python tools/reference.py

With `--check` it writes nothing, and ends with 1 if a page is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from generated import write

ROOT: Final = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.append(str(ROOT / "examples" / "fleet"))

from reference_pages import commands, data, errors, json_fields, lookups, resources  # noqa: E402 - see above
from reference_pages.text import page, table  # noqa: E402 - see above

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER: Final = ROOT / "docs" / "reference"
PAGES: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "external-number.md": ("the resource `ExternalNumber`", resources.external_number),
    "number-forwarding.md": ("the resource `NumberForwarding`", resources.number_forwarding),
    "account.md": ("`Account`, an account beside the stack's own", resources.account),
    "lookups.md": ("what a program can ask the account, and the values that it gets", lookups.lookups),
    "stack-functions.md": ("the functions for stack programs", lookups.stack_functions),
    "settings.md": ("the settings: configuration, environment, defaults", data.settings),
    "stack-data.md": ("numbers as data: the fields of a list, references, JSON schemas", data.stack_data),
    "policies.md": ("the rules with their levels and settings", data.policies),
    "commands.md": ("the command `plusofon`: options and exit statuses", commands.commands),
    "json.md": ("the fields of the commands' JSON", json_fields.json_fields),
    "errors.md": ("the errors, and what to do next", errors.errors),
}
_ELSEWHERE: Final = (
    ("[sandbox.md](../sandbox.md#the-control-plane)", "the control plane of the sandbox"),
    ("[dev/api.md](../dev/api.md)", "the vendor's API"),
)
_NOTE: Final = "<!-- Written by tools/reference.py. Do not change it by hand. -->"


def files() -> dict[Path, str]:
    """The text of each page."""
    listed = [(f"[{name}]({name})", meaning) for name, (meaning, _) in PAGES.items()]
    index = page(
        "# Reference",
        "Each page is made from the code that it describes, and a test holds it to that.",
        table(("page", "content"), [*listed, *_ELSEWHERE]),
    )
    texts = {"README.md": index, **{name: make() for name, (_, make) in PAGES.items()}}
    return {FOLDER / name: f"{_NOTE}\n\n{text}" for name, text in texts.items()}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if a page is not current.")
def main(*, check: bool) -> None:
    """Write the pages of docs/reference."""
    write(files(), ROOT, check=check)


if __name__ == "__main__":
    main()
