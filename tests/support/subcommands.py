"""The subcommands of `plusofon` by name, imported."""

from __future__ import annotations

import click

from pulumi_plusofon.command.main import main


def subcommands() -> dict[str, click.Command]:
    """All of them, in the order of the help."""
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}
