"""Roll one declaration out over many customers, each a stack of its own, a few at a time.

Run it again to go on: customers whose stack was brought to this very declaration are left alone, those that
failed or are missing are done. Ends with 0 when every customer is as declared, 1 when one is not, 2 when the
declaration itself is wrong or there is no `pulumi`. Never touches the stack of a customer that the file does
not name.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from declaration import Customer, DeclarationError, read
from pulumi_plusofon.pulumi_cli.runner import without_flags
from screen import Screen, print_json, print_table
from shards import ALL, Shard
from stacks import Policies, Result, Stacks

if TYPE_CHECKING:
    from collections.abc import Sequence

# Every rollout asks the rules: no option leaves them out.
POLICY_PACK: Final = Path(__file__).resolve().parents[2] / "policy"


def roll_out(
    customers: Sequence[Customer], policies: Policies, parallel: int, *, everything: bool
) -> list[Result]:
    """Roll out all `customers`, at most `parallel` at once; Ctrl-C lets those that run come to their end."""
    stopping = Event()
    stacks = Stacks(stopping, policies, everything=everything)
    with Screen(customers) as screen, ThreadPoolExecutor(parallel) as pool:

        def roll_out(customer: Customer) -> Result:
            bar = screen.begin(customer)
            result = stacks.roll_out(customer, bar.advance)
            screen.end(bar, result)
            return result

        def stop(*_: object) -> None:
            # The terminal has told the engines that run, too: they finish and save what is under way.
            stopping.set()
            screen.say("stopping: what is under way is finished, nothing else is begun")

        before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            return list(pool.map(roll_out, customers))
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


@click.command()
@click.argument("declaration", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--parallel", type=click.IntRange(1), default=4, show_default=True, help="Customers at once.")
@click.option(
    "--shard",
    metavar="I/N",
    default=str(ALL),
    callback=lambda _context, _option, text: _shard(text),
    help="Only the customers of the I-th of N shards: each customer is in one, by its name alone.",
)
@click.option("--all", "everything", is_flag=True, help="Also those that are as declared already.")
@click.option(
    "--policy-pack",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    default=POLICY_PACK,
    show_default="this repository's",
    help="The policy pack that is asked.",
)
@click.option(
    "--policy-pack-config",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="The settings of its rules.",
)
@click.option("--json", "as_json", is_flag=True, help="The results as JSON.")
def main(
    declaration: Path,
    parallel: int,
    shard: Shard,
    policy_pack: Path,
    policy_pack_config: Path | None,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """Roll DECLARATION out over the stacks of its customers."""
    # The Automation API hands this process's environment on, and flags in it are for other commands.
    for name in os.environ.keys() - without_flags(os.environ).keys():
        del os.environ[name]
    if shutil.which("pulumi") is None:
        click.echo("pulumi is not on PATH: put the folder that has it there", err=True)
        sys.exit(2)
    try:
        customers = read(declaration, shard)
    except DeclarationError as error:
        click.echo(error, err=True)
        sys.exit(2)
    if shard != ALL:
        click.echo(f"shard {shard}: {len(customers)} customers", err=True)
    policies = Policies(policy_pack, policy_pack_config)
    results = roll_out(customers, policies, parallel, everything=everything)
    (print_json if as_json else print_table)(results)
    sys.exit(0 if all(result.good for result in results) else 1)


if __name__ == "__main__":
    main()
