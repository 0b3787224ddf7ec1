"""The state of a stack whose backend is a folder, read from its file; never changes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def deployment_of(backend: Path, project: str, stack: str) -> dict[str, Any]:
    """What `pulumi stack export` prints as `deployment`, secrets as encrypted as there.

    Fails, as an export does, where the engine has noted that the state contradicts itself.
    """
    file = backend / ".pulumi" / "stacks" / project / f"{stack}.json"
    deployment: dict[str, Any] = json.loads(file.read_text())["checkpoint"]["latest"]
    if found := deployment.get("metadata", {}).get("integrity_error"):
        raise AssertionError(f"{file}: {found}")
    return deployment
