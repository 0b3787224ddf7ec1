"""Helpers for stack programs: numbers as data, and a stack that keeps to its own environment."""

from .environments import require_own_environment
from .from_config import declare_configured
from .from_data import DeclaredNumber, declare_numbers
from .program import declare_stack
from .traces import leave_out_stack_traces

__all__ = [
    "DeclaredNumber",
    "declare_configured",
    "declare_numbers",
    "declare_stack",
    "leave_out_stack_traces",
    "require_own_environment",
]
