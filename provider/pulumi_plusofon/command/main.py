"""The `plusofon` command: its subcommands in groups, each imported when it is used.

Reads the account with the settings of the environment (`PLUSOFON_TOKEN` and the others), or with those of a
stack; changes nothing in it. Exit status 0 good, 1 the operation failed, 2 wrong usage, 7 differences.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Subcommand(NamedTuple):
    """Where a subcommand is, below this package's root, and its help: the first sentence of its docstring."""

    module: str
    help: str


# In the order of the help. A subcommand is the function of its own name in its module.
SUBCOMMANDS: Final[Mapping[str, Mapping[str, Subcommand]]] = {
    "Read an account": {
        "numbers": Subcommand("command.numbers.command", "List the account's external numbers."),
        "status": Subcommand(
            "command.status.command",
            "Show whether SIP LOGINS of `ate` numbers are registered (without any: all that the API lists).",
        ),
        "targets": Subcommand(
            "command.targets",
            "List the SIP accounts, groups, scenarios and call queues, with the ids that a forwarding takes.",
        ),
    },
    "Check a stack before a change and after it": {
        "routes": Subcommand(
            "command.routes.command",
            "Draw where the calls of each number of a stack go, and report problems.",
        ),
        "changes": Subcommand(
            "command.changes.command",
            "Report what a preview changes for callers: `pulumi preview --json | plusofon changes`.",
        ),
        "drift": Subcommand(
            "command.drift.command",
            "Compare the numbers of stacks with their accounts; exit status 7 where they differ.",
        ),
    },
    "Manage what an account has already": {
        "export": Subcommand(
            "command.export.command",
            "Write the account's external numbers into the new project DIR, as they are.",
        ),
        "adopt": Subcommand(
            "command.adopt.command",
            "Record the account's numbers in STACK's state, as its program declares them.",
        ),
    },
    "Try it, and find errors": {
        "sandbox": Subcommand(
            "sandbox.process.command",
            "Serve the Plusofon API for external numbers on this machine, for development and tests.",
        ),
        "doctor": Subcommand(
            "command.doctor.command", "Check the engine, Python, the settings, the account and the project."
        ),
    },
}
_PACKAGE: Final = __package__.partition(".")[0]


class LazyGroup(click.Group):
    """A group whose help comes from `SUBCOMMANDS`, so that it imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        del ctx
        return [name for group in SUBCOMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand, imported now; None where there is none of this name."""
        del ctx
        for group in SUBCOMMANDS.values():
            if cmd_name in group:
                module = import_module(f"{_PACKAGE}.{group[cmd_name].module}")
                command: click.Command = getattr(module, cmd_name)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group, with whole sentences."""
        del ctx
        width = max(len(name) for group in SUBCOMMANDS.values() for name in group)
        for title, group in SUBCOMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), command.help) for name, command in group.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-plusofon")
def main() -> None:
    """Look at the external numbers of a Plusofon account.

    The account is the one of PLUSOFON_TOKEN; PLUSOFON_BASE_URL and the other settings of the
    environment are those of the Pulumi resources. With --stack it is the one of the stack's settings.
    """
