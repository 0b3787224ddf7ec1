"""Budgets as arithmetic: what the project promises, and the least that the API and the engine make necessary.

N is a number of external numbers, each with one forwarding. Knows nothing of how anything is measured.
"""

from __future__ import annotations

import math
from typing import Final

LATENCY: Final = 0.05
"""Seconds that the server takes for each answer."""
HOST_SLOTS: Final = 4
"""Calls that the SDK's provider process serves at once."""

PROVIDER_OVER_FLOOR: Final = 1.15
WHOLE_OVER_SLEEPING: Final = 1.3
PER_RESOURCE_GROWTH: Final = 1.3
PROVIDER_MEGABYTES: Final = 120
IMPORT_MILLISECONDS: Final = 60
HELP_MILLISECONDS: Final = 250
DRAWN_SECONDS: Final = 2
STATE_WITHOUT_TRACES: Final = 0.6
SANDBOX_REQUESTS_PER_SECOND: Final = 3000

LIVING_ADOPT: Final = 45  # seconds, for 2,000 numbers
LIVING_LISTINGS: Final = 3  # for the export, for the table, for the recording
REQUESTS_UNCHANGED: Final = 0
REQUESTS_REFRESH: Final = 2
REQUESTS_PASSWORD: Final = 3  # one PATCH, and a listing before and after it


def requests_up(numbers: int) -> int:
    """The most requests for an `up` from nothing: a PUT and a POST each, and a listing for three."""
    return 2 * numbers + numbers // 3


def requests_destroy(numbers: int) -> int:
    """The most requests for a `destroy`: a POST and a DELETE each, and a listing for eight DELETEs."""
    return 2 * numbers + numbers // 8 + 2


def least_listings(numbers: int, slots: int) -> int:
    """Listings that cannot be done without: one before, and one for as many writes as can be at once."""
    return 1 + math.ceil(numbers / slots)


def floor_up(numbers: int, slots: int, latency: float = LATENCY) -> float:
    """Seconds that an `up` must take: PUT answers no id, so who connects has to wait for a listing too."""
    return 2 * numbers * latency / slots + least_listings(numbers, slots) * latency


def floor_destroy(numbers: int, slots: int, latency: float = LATENCY) -> float:
    """Seconds that a `destroy` must take: one listing, every write, and a listing for those at once."""
    return 2 * numbers * latency / slots + least_listings(numbers, slots) * latency


def floor_refresh(latency: float = LATENCY) -> float:
    """Seconds that a `refresh` must take: one listing, whatever there is to compare it with."""
    return latency
