"""What happens to a number and to a forwarding: six steps each, on plain dicts, for any host.

Each life is a module with `check`, `diff`, `create`, `read`, `update` and `delete`.
"""

from . import external_number, forwarding
from .fields import Checked, Problem
from .results import Created, Diff, Read
from .values import UNKNOWN

__all__ = ["UNKNOWN", "Checked", "Created", "Diff", "Problem", "Read", "external_number", "forwarding"]
