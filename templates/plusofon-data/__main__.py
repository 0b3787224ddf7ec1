"""Declares the numbers that numbers.yaml lists."""

from pathlib import Path

from pulumi_plusofon.stack import declare_stack

declare_stack(Path(__file__).parent)
