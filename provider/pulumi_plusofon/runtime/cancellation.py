"""Whether the person has asked this run to end, so that no pause goes on past a Ctrl-C.

Set once by the host that hears of it, and never unset: the process ends with the run. A request that is
in flight is not broken off, for nobody could tell whether it was done.
"""

from __future__ import annotations

import threading
from typing import Final

REQUESTED: Final = threading.Event()
