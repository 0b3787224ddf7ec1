"""The number of resources that a program declares: from some hundreds on, a person reads what that costs.

The engine writes the whole state at each step (E99, E133), so its time grows with the square of the stack.
Refuses nothing, and says it once in a run; not in one without checkpoints.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from pulumi.runtime.settings import get_root_resource

from .options import warn_once

if TYPE_CHECKING:
    import pulumi

MANY: Final = 500
_SKIPS: Final = "PULUMI_SKIP_CHECKPOINTS"
_DECLARED: Final[WeakKeyDictionary[pulumi.Resource, int]] = WeakKeyDictionary()


def warn_of_many() -> None:
    """Count one more resource of this run, and warn of the first one that is too many."""
    root: Any = get_root_resource()
    if root is None or os.environ.get(_SKIPS, "").lower() in ("1", "true"):
        return
    _DECLARED[root] = _DECLARED.get(root, 0) + 1
    if _DECLARED[root] > MANY:
        warn_once(
            f"this program declares more than {MANY} resources: the engine writes the whole state at each"
            " step, and these checkpoints take most of its time; docs/performance.md says what makes"
            " it faster"
        )
