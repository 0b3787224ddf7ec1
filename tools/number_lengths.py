"""Writes the usual lengths of phone numbers anew, after the locked version of `phonenumbers` has changed.

    .venv/bin/python tools/number_lengths.py

With `--check` it writes nothing, and ends with 1 if the file is not current.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click
import phonenumbers

from generated import write
from pulumi_plusofon.schema import number_lengths

ROOT: Final = Path(__file__).resolve().parent.parent


def text() -> str:
    """The file's text: one line for each length."""
    lengths = ",\n".join(
        f'  "{length}": {json.dumps(regions, separators=(",", ":"))}'
        for length, regions in number_lengths.computed().items()
    )
    return f'{{\n "phonenumbers": "{phonenumbers.__version__}",\n "lengths": {{\n{lengths}\n }}\n}}\n'


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if the file is not current.")
def main(*, check: bool) -> None:
    """Write the usual lengths of phone numbers."""
    write({number_lengths.FILE: text()}, ROOT, check=check)


if __name__ == "__main__":
    main()
