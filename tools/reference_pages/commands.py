"""The page of the command `plusofon`: arguments, options and exit statuses, as click has them."""

from __future__ import annotations

from typing import Final

import click

from pulumi_plusofon.command.main import main

from .text import block, page, table

_STATUSES: Final = (
    ("0", "It is done, and good."),
    ("1", "It failed, or what was to be checked is not so. One line on standard error says why."),
    ("2", "Wrong usage. Nothing was asked."),
    ("7", "`plusofon drift` found differences."),
)


def commands() -> str:
    """The page of the command."""
    return page(
        "# Commands",
        f"{_help(main)}\n\n`plusofon COMMAND --help` prints the same. None of the commands changes the"
        f" account.",
        table(
            ("command", "what it does"),
            [(_link(name), command.get_short_help_str(120)) for name, command in _all()],
        ),
        "## Exit statuses",
        table(("status", "meaning"), _STATUSES),
        "[json.md](json.md) has the fields of `--json`.",
        *(_command(name, command) for name, command in _all()),
    )


def _all() -> list[tuple[str, click.Command]]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return [(name, command) for name, command in found.items() if command is not None]


def _link(name: str) -> str:
    return f"[`plusofon {name}`](#plusofon-{name})"


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, parent=click.Context(main, **main.context_settings))
    usage = " ".join([f"plusofon {name}", *command.collect_usage_pieces(context)])
    rows = [record for option in command.get_params(context) if (record := _option(option, context))]
    return page(
        f"## plusofon {name}",
        block("text", usage),
        _help(command),
        table(("option", "meaning"), rows),
    )


def _option(option: click.Parameter, context: click.Context) -> tuple[str, str] | None:
    record = option.get_help_record(context)
    # An argument has no help: it stands in the usage.
    if record is None or not record[1]:
        return None
    repeated = " May be given several times." if option.multiple else ""
    return f"`{record[0]}`", f"{record[1]}{repeated}".strip()


def _help(command: click.Command) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
