"""The figures of a run beside their budgets, made of what was measured. Medians, where there are rounds."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from . import budgets, drawing
from .results import Figure, Point
from .runs import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .measuring import Measured, Plan
    from .runs import Command

REQUESTS: Final = "Requests"
SECONDS: Final = "Wall time"
GROWTH: Final = "Growth"
START: Final = "Start-up"
SANDBOX: Final = "The sandbox itself"
LIVING: Final = "A living account"
ROUTES: Final = "Routes"
CHECKPOINTS: Final = "What the engine's checkpoints add"

# From one comparison on another machine, the prototype without checkpoints.
_REFERENCE_NUMBERS: Final = 200
_REFERENCES: Final = {
    "up": "generic REST provider under Terraform 15.6 s, 800 requests; our prototype 11.4 s",
    "refresh": "generic REST provider under Terraform 8.6 s, 200 listings; our prototype 1.3 s",
    "destroy": "generic REST provider under Terraform 20 s, 600 requests; our prototype 6.2 s",
}
_FLOORS: Final[dict[str, Callable[[int, int], float]]] = {
    "up": budgets.floor_up,
    "refresh": lambda _numbers, _slots: budgets.floor_refresh(),
    "destroy": budgets.floor_destroy,
}


def figures(plan: Plan, measured: Measured) -> list[Figure]:
    """All of them, in the order in which they are shown."""
    return [
        *_requests(plan.numbers, measured),
        *_seconds(plan.numbers, measured),
        *_growth(plan, measured),
        *_starts(measured),
        *_routes(measured),
        *_living(plan, measured),
        *_sandbox(measured),
        *_checkpoints(plan, measured),
    ]


def points(plan: Plan, measured: Measured) -> list[Point]:
    """What the commands took over N, ours."""
    return [_point(numbers, lives) for numbers, lives in sorted(_lives(plan, measured).items())]


def checkpointed(measured: Measured) -> dict[int, float]:
    """The seconds of an `up` with checkpoints over N."""
    return {numbers: command.seconds for numbers, command in measured.checkpointed.items()}


def _lives(plan: Plan, measured: Measured) -> dict[int, list[dict[str, Command]]]:
    return {plan.numbers: measured.ours, **{n: [life] for n, life in measured.others.items()}}


def _point(numbers: int, lives: list[dict[str, Command]]) -> Point:
    return Point(
        numbers,
        {name: _median(life[name].seconds for life in lives) for name in COMMANDS},
        {name: max(life[name].requests for life in lives) for name in COMMANDS},
    )


def _requests(numbers: int, measured: Measured) -> list[Figure]:
    counted = {
        f"up of {numbers} numbers and {numbers} forwardings": (
            max(life["up"].requests for life in measured.ours),
            budgets.requests_up(numbers),
        ),
        "preview with nothing to do": (measured.settled["preview"].requests, budgets.REQUESTS_UNCHANGED),
        "up with nothing to do": (measured.settled["unchanged"].requests, budgets.REQUESTS_UNCHANGED),
        "up with one new password": (measured.settled["password"].requests, budgets.REQUESTS_PASSWORD),
        "refresh": (max(life["refresh"].requests for life in measured.ours), budgets.REQUESTS_REFRESH),
        "destroy": (
            max(life["destroy"].requests for life in measured.ours),
            budgets.requests_destroy(numbers),
        ),
    }
    return [
        Figure(REQUESTS, what, value, "request" if value == 1 else "requests", most=most)
        for what, (value, most) in counted.items()
    ]


def _seconds(numbers: int, measured: Measured) -> list[Figure]:
    return [figure for command in COMMANDS for figure in _of_command(command, numbers, measured)]


def _of_command(command: str, numbers: int, measured: Measured) -> list[Figure]:
    ours = [life[command] for life in measured.ours]
    sleeping = [life[command] for life in measured.sleeping]
    floor = _FLOORS[command]
    span, at_once = _median(run.span for run in ours), max(run.at_once for run in ours)
    whole = _median(run.seconds for run in ours)
    reference = _REFERENCES[command] if numbers == _REFERENCE_NUMBERS else ""
    four, actual = floor(numbers, budgets.HOST_SLOTS), floor(numbers, at_once)
    floors = {f"of {budgets.HOST_SLOTS} threads": four, f"of the {at_once} that were open at once": actual}
    if four == actual:
        floors.popitem()
    return [
        *(
            Figure(
                SECONDS,
                f"{command}: first to last request, over the floor {name}",
                span / least,
                "x",
                most=budgets.PROVIDER_OVER_FLOOR if least == four else None,
                beside=f"{span:.2f} s over {least:.2f} s",
            )
            for name, least in floors.items()
        ),
        Figure(
            SECONDS,
            f"{command}: whole run, over one whose provider only sleeps",
            _median(run.seconds / other.seconds for run, other in zip(ours, sleeping, strict=True)),
            "x",
            most=budgets.WHOLE_OVER_SLEEPING,
            beside=f"{whole:.1f} s over {_median(run.seconds for run in sleeping):.1f} s",
        ),
        Figure(SECONDS, f"{command}: whole run", whole, "s", beside=reference),
    ]


def _growth(plan: Plan, measured: Measured) -> list[Figure]:
    memory = max(command.megabytes for command in measured.others[plan.many].values())
    beside = max(command.megabytes for life in measured.ours for command in life.values())
    what = f"up: time per resource at {2 * plan.many} resources, over that at {2 * plan.numbers}"
    ours = [measured.others[plan.many]["up"]], [life["up"] for life in measured.ours]
    sleeping = measured.many_sleeping, [life["up"] for life in measured.sleeping]
    return [
        _per_resource(what, plan, *ours, most=budgets.PER_RESOURCE_GROWTH),
        _per_resource(f"{what}, where the provider only sleeps", plan, *sleeping),
        Figure(
            GROWTH,
            f"memory of the provider's process at {2 * plan.many} resources",
            memory,
            "MB",
            most=budgets.PROVIDER_MEGABYTES,
            beside=f"{beside:.0f} MB at {2 * plan.numbers}",
        ),
    ]


def _per_resource(
    what: str, plan: Plan, many: list[Command], few: list[Command], most: float | None = None
) -> Figure:
    at_many, at_few = (
        1000 * _median(command.seconds for command in commands) / (2 * numbers)
        for commands, numbers in ((many, plan.many), (few, plan.numbers))
    )
    beside = f"{at_many:.1f} ms over {at_few:.1f} ms"
    return Figure(GROWTH, what, at_many / at_few, "x", most=most, beside=beside)


def _living(plan: Plan, measured: Measured) -> list[Figure]:
    what = f"of {plan.living} numbers"
    beside = "a preview, the recording up, a preview as proof"
    return [
        figure
        for living in measured.living
        for figure in (
            Figure(LIVING, f"export {what}", living.export, "s"),
            Figure(LIVING, f"adopt {what}", living.adopt, "s", most=budgets.LIVING_ADOPT, beside=beside),
            Figure(
                LIVING,
                "listings of both",
                living.listings,
                "requests",
                most=budgets.LIVING_LISTINGS,
                beside="one for the export, the table, the recording",
            ),
        )
    ]


def _routes(measured: Measured) -> list[Figure]:
    what = f"plusofon routes --format svg of {drawing.NUMBERS} numbers"
    return [Figure(ROUTES, what, _median(measured.drawn), "s", most=budgets.DRAWN_SECONDS)]


def _starts(measured: Measured) -> list[Figure]:
    return [
        Figure(
            START,
            "importing ExternalNumber and NumberForwarding, over importing pulumi",
            1000 * _median(measured.imports),
            "ms",
            most=budgets.IMPORT_MILLISECONDS,
        ),
        Figure(
            START, "plusofon --help", 1000 * _median(measured.helps), "ms", most=budgets.HELP_MILLISECONDS
        ),
    ]


def _sandbox(measured: Measured) -> list[Figure]:
    names = ("listing an account of ten numbers", "connecting numbers, each kept before it is answered")
    # A ceiling is what was reached, and other work on the machine only lowers it.
    best = [
        max(ceilings, key=lambda ceiling: ceiling.per_second)
        for ceilings in zip(*measured.ceilings, strict=True)
    ]
    return [
        Figure(
            SANDBOX,
            name,
            ceiling.per_second,
            "requests/s",
            least=budgets.SANDBOX_REQUESTS_PER_SECOND,
            beside=f"with {ceiling.busy:.0%} of a core",
        )
        for name, ceiling in zip(names, best, strict=True)
    ]


def _checkpoints(plan: Plan, measured: Measured) -> list[Figure]:
    figures = []
    for numbers, with_them in checkpointed(measured).items():
        without = _median(life["up"].seconds for life in _lives(plan, measured)[numbers])
        what = f"up of {2 * numbers} resources, over the same without"
        figures.append(_over(CHECKPOINTS, what, with_them, without))
    for states in measured.states:
        figures.append(
            Figure(
                CHECKPOINTS,
                f"state of {2 * plan.numbers} resources without stack traces, over that with them",
                states.bytes[1] / states.bytes[0],
                "x",
                most=budgets.STATE_WITHOUT_TRACES,
                beside=f"{states.bytes[1] / 1000:,.0f} kB over {states.bytes[0] / 1000:,.0f} kB",
            )
        )
        what = f"up of {2 * plan.numbers} resources with checkpoints, without stack traces"
        for how, seconds in zip(("", ", GOGC=400, metadata=skip"), states.seconds[1:], strict=True):
            figures.append(
                _over(CHECKPOINTS, f"{what}{how}, over the same as it is", seconds, states.seconds[0])
            )
    what = f"preview of {2 * plan.previewed} creates with PULUMI_SKIP_CHECKPOINTS=true, over the same without"
    return [*figures, _over(CHECKPOINTS, what, *measured.previews)]


def _over(section: str, what: str, seconds: float, others: float) -> Figure:
    return Figure(section, what, seconds / others, "x", beside=f"{seconds:.1f} s over {others:.1f} s")


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
