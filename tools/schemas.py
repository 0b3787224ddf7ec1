"""Writes the JSON schemas of the data: of a list of numbers, of a stack's file, of a fleet's file.

    .venv/bin/python tools/schemas.py

They stand in the package, so that the wheel carries them, and the template for `pulumi new` has a copy beside
its list. With `--check` it writes nothing, and ends with 1 if a file is not current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click

from generated import write

ROOT: Final = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.append(str(ROOT / "examples" / "fleet"))

from json_schemas.files import schemas  # noqa: E402 - the fleet's folder is on the path only now

PACKAGE: Final = ROOT / "provider" / "pulumi_plusofon" / "schemas"
# A project that was made from the template has no folder of the package in a place that is known.
COPIES: Final = {"numbers.json": ROOT / "templates" / "plusofon-data" / "numbers.schema.json"}


def files() -> dict[Path, str]:
    """The text of each file."""
    texts = {
        name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in schemas().items()
    }
    return {
        **{PACKAGE / name: text for name, text in texts.items()},
        **{copy: texts[name] for name, copy in COPIES.items()},
    }


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if a file is not current.")
def main(*, check: bool) -> None:
    """Write the JSON schemas of the data."""
    write(files(), ROOT, check=check)


if __name__ == "__main__":
    main()
