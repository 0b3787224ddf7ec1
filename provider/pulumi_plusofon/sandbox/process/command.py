"""The command line of the sandbox: its options, and nothing that costs time to import.

`plusofon` carries this command among its others, also where the extra `sandbox` is not installed.
"""

from __future__ import annotations

from pathlib import Path

import click

from pulumi_plusofon.runtime.extras import advice

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help="0: a free one.  [default: 8700; without --db that of the last start, or a free one]",
)
@click.option(
    "--db",
    type=_FILE,
    help="SQLite file of the account; made if it is new.  [default: one in the user's folder for state]",
)
@click.option(
    "--token-file",
    type=_FILE,
    help="The token to accept.  [default: PLUSOFON_TOKEN; without --db that of the last start; a new one]",
)
@click.option(
    "--ready-file", type=_FILE, help="Written once requests are answered: url, pid, token if made, in JSON."
)
@click.option(
    "--seed", type=_FILE, help="What a new account has from the start: JSON, as `plusofon export --as seed`."
)
@click.option("--latency", default=0.0, show_default=True, metavar="SECONDS", help="Added to every answer.")
@click.option(
    "--registers-after",
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="From connected to registered.",
)
@click.option("--no-ids", is_flag=True, help="Leave `id` out of the list.")
@click.option(
    "--customer-id",
    type=click.IntRange(1),
    metavar="ID",
    help="The account's id.  [default: that of the seed, or 42291]",
)
@click.option("--log", is_flag=True, help="Print a line for each request of the API.")
def sandbox(
    port: int | None,
    db: Path | None,
    token_file: Path | None,
    ready_file: Path | None,
    seed: Path | None,
    customer_id: int | None,
    *,
    log: bool,
    **settings: float,
) -> None:
    """Serve the Plusofon API for external numbers on this machine, for development and tests.

    Without options the account is kept in your own folder for state, and the next start has it again, with
    its token and at its address. A page at that address shows the account.
    """
    try:
        from .launch import Files, launch  # noqa: PLC0415  its imports cost more than all other commands together
    except ModuleNotFoundError as missing:
        advised = advice(missing, "sandbox")
        if advised is None:
            raise
        raise click.ClickException(advised) from None
    launch(port, db, Files(token_file, ready_file, seed), settings, customer_id, log=log)
