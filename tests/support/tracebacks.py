"""Tracebacks in the text that a run printed: none but the SDK's, of a call that was cut off.

When a step fails, the engine ends the calls that the program still waits for. The SDK prints their
errors with tracebacks of its own (E154). It is a race: most runs print none.
"""

import re
from typing import Final

OURS: Final = re.compile(r'File "[^"]*pulumi_plusofon/')


def shows_no_traceback(said: str) -> bool:
    """Whether there is no traceback but that of a call of the SDK that the engine cut off."""
    if "context canceled" in said:
        return OURS.search(said) is None
    return "Traceback" not in said
