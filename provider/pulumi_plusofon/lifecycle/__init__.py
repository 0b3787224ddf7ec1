"""The lifecycle of a number and of a forwarding: its steps on plain dicts, for any host."""

from typing import Final

from .external_number import ExternalNumberLifecycle
from .forwarding import ForwardingLifecycle
from .protocol import Lifecycle
from .results import Created, Diff, Read

EXTERNAL_NUMBER: Final[Lifecycle] = ExternalNumberLifecycle()
FORWARDING: Final[Lifecycle] = ForwardingLifecycle()

__all__ = ["EXTERNAL_NUMBER", "FORWARDING", "Created", "Diff", "Lifecycle", "Read"]
