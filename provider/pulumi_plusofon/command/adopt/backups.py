"""A copy of a stack's state before it is changed, in the project's own folder `.plusofon`.

Secrets in it are encrypted as in the state itself. Never removes a copy.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from shlex import quote
from typing import TYPE_CHECKING, Final

from pulumi_plusofon.pulumi_cli.runner import StackError, read_json

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = ".plusofon"


def back_up(stack: str, folder: Path) -> Path:
    """Write the stack's state to a file of its own, and answer with it. Raises `StackError`."""
    state = json.dumps(read_json(folder, "stack", "export", "--stack", stack), indent=4)
    place = folder / FOLDER
    moment = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S-%f")
    file = place / f"{stack.replace('/', '.')}-{moment}.json"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        (place / ".gitignore").write_text("*\n", "utf-8")
        file.touch(mode=0o600)
        file.write_text(state, "utf-8")
    except OSError as error:
        raise StackError(f"{file}: {error.strerror}; nothing was done") from None
    return file


def way_back(stack: str, file: Path) -> str:
    """How the copy becomes the stack's state again."""
    command = f"pulumi stack import --stack {quote(stack)} --file {quote(str(file))}"
    return f"if the state cannot be read, `{command}` brings back what it was"
