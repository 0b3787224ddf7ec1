"""What happens to a number and to a forwarding: the steps of a resource's life, on plain dicts, for any host.

Each life is a module with the same functions, from `check` to `delete`.
"""

from . import external_number, forwarding
from .results import Created, Diff, Read

__all__ = ["Created", "Diff", "Read", "external_number", "forwarding"]
