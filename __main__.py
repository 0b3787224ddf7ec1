"""The root stack: the numbers that the stack's configuration, or a file that it names, declares."""

from pathlib import Path

from pulumi_plusofon.stack import declare_stack

declare_stack(Path(__file__).parent)
