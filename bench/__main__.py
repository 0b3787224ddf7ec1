"""The command line of the benchmark.

Exit status 0: every budget holds; 1: one does not, or nothing could be measured; 2: wrong usage.
"""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path
from typing import Final

import click
import psutil

from harness.engine_stack import BIN

from . import figures, page, pictures, report
from .load import LoadError
from .measuring import FULL, QUICK, Plan, measure
from .results import Results

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = Path(__file__).with_name("results")


@click.command()
@click.option("--quick", is_flag=True, help="Few numbers, one round: whether it runs, in about a minute.")
@click.option("--docs", is_flag=True, help="Write the figures and pictures into docs/performance.md, too.")
@click.option(
    "--from",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure nothing: take the JSON of an earlier run.",
)
def main(*, quick: bool, docs: bool, earlier: Path | None) -> None:
    """Measure what the provider costs on the real engine and the sandbox, beside what it may cost.

    The figures go to bench/results/ as JSON, with the pictures. Nothing leaves this machine.
    """
    if earlier:
        results = Results.load(earlier)
    else:
        results = _measured(QUICK if quick else FULL, quick=quick)
        results.save(RESULTS / "results.json")
        pictures.draw(results, RESULTS)
    if docs and results.quick:
        raise click.UsageError("--docs: the page's figures are those of a whole run, not of a quick one")
    report.show(results.figures)
    if docs:
        page.write(results, ROOT / "docs")
    broken = results.broken()
    if broken:
        lines = "".join(f"\n  {figure.section}: {figure.what}" for figure in broken)
        raise click.ClickException(f"{len(broken)} budgets do not hold:{lines}")


def _measured(plan: Plan, *, quick: bool) -> Results:
    try:
        with report.progress(plan.steps) as step:
            measured = measure(plan, step)
    except (AssertionError, subprocess.SubprocessError, LoadError) as error:
        raise click.ClickException(f"nothing was measured: {error}") from None
    return Results(
        machine=_machine(),
        quick=quick,
        figures=figures.figures(plan, measured),
        points=figures.points(plan, measured),
        checkpointed=figures.checkpointed(measured),
    )


def _machine() -> dict[str, str]:
    engine = subprocess.run([BIN / "pulumi", "version"], capture_output=True, text=True, check=True).stdout
    return {
        "cores": f"{psutil.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"Python {platform.python_version()}",
        "engine": f"Pulumi {engine.strip()}",
    }


if __name__ == "__main__":
    main(prog_name="make bench")
