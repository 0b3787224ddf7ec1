"""The sandbox as tests and tools start and steer it: one handle, by its process and by HTTP."""

from .control import Control, SandboxError
from .server import Ready, SandboxServer, wait_until_ready

__all__ = ["Control", "Ready", "SandboxError", "SandboxServer", "wait_until_ready"]
