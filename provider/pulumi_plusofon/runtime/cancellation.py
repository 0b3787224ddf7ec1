"""Whether the person has asked this run to end, so that no pause goes on past a Ctrl-C.

The host that gets the engine's Cancel sets it once and never unsets it: the process ends with the run. A
write that is in flight is not broken off, because its result would be unknown.
"""

from __future__ import annotations

import threading
from typing import Final

REQUESTED: Final = threading.Event()
