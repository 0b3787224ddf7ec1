"""The whole of it, in order: what is run, how often, and the raw outcome. `figures` makes sense of it.

Wall times are held against the same program with a provider that only sleeps, run in turns with ours, for
the machine is a different one from minute to minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from . import drawing, living, load, startup
from .runs import COMMANDS, Stack, workplace

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

    from .living import Managed
    from .load import Ceiling
    from .runs import Command

    Step = Callable[[str], AbstractContextManager[None]]

_WARM: Final = 2
# Many short ones: some of them fall between what else the machine does.
_LOADS: Final = 8


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    `numbers` in `rounds`, ours and sleeping; `others` are further points of the pictures, `many` the one for
    growth, `checkpointed` those that are run with checkpoints, too, `previewed` the one that is previewed.
    """

    numbers: int
    rounds: int
    others: tuple[int, ...]
    many: int
    checkpointed: tuple[int, ...]
    previewed: int
    starts: int
    load_seconds: float
    living: int

    @property
    def steps(self) -> int:
        """How many steps there will be."""
        commands = len(COMMANDS) * (2 * self.rounds + len(self.others) + 1)
        return (
            commands
            + 2 * (len(self.checkpointed) + 2)
            + 2
            + len(("start", "draw", "warm", "settled", "many", "load", "living"))
        )


FULL: Final = Plan(
    200, 3, (25, 50, 100, 300), 1500, (100, 200, 300), 1000, starts=9, load_seconds=0.8, living=2000
)
QUICK: Final = Plan(24, 1, (12,), 48, (24,), 24, starts=3, load_seconds=0.2, living=24)


@dataclass(frozen=True)
class States:
    """Three times an `up` with checkpoints: as it is, without stack traces, and with `settings` as well."""

    seconds: tuple[float, float, float]
    bytes: tuple[int, int, int]


@dataclass
class Measured:
    """The raw outcome: commands by their name, a list for rounds; seconds for starts."""

    ours: list[dict[str, Command]] = field(default_factory=list)
    sleeping: list[dict[str, Command]] = field(default_factory=list)
    settled: dict[str, Command] = field(default_factory=dict)
    others: dict[int, dict[str, Command]] = field(default_factory=dict)
    checkpointed: dict[int, Command] = field(default_factory=dict)
    many_sleeping: list[Command] = field(default_factory=list)
    imports: list[float] = field(default_factory=list)
    helps: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    states: list[States] = field(default_factory=list)
    previews: list[float] = field(default_factory=list)
    ceilings: list[tuple[Ceiling, Ceiling]] = field(default_factory=list)
    living: list[Managed] = field(default_factory=list)


def measure(plan: Plan, step: Step) -> Measured:
    """Run everything, each piece inside `step("what it is")`."""
    measured = Measured()
    with workplace() as (folder, sandbox):
        _measure_starts(plan, step, folder, measured)
        _measure_commands(plan, step, folder, sandbox, measured)
        with step(f"a living account of {plan.living} numbers"):
            measured.living.append(living.managed(folder / "living", sandbox, plan.living))
    with workplace(latency=0) as (_, sandbox), step("the sandbox's own ceiling"):
        measured.ceilings = [load.ceilings(sandbox, plan.load_seconds) for _ in range(_LOADS)]
    return measured


def _measure_starts(plan: Plan, step: Step, folder: Path, measured: Measured) -> None:
    with step("start-up: imports and --help"):
        # The first of each writes the bytecode.
        measured.imports = [startup.seconds_to_import(folder) for _ in range(plan.starts + 1)][1:]
        measured.helps = [startup.seconds_to_help(folder) for _ in range(plan.starts + 1)][1:]
    with step(f"routes of {drawing.NUMBERS} numbers"):
        measured.drawn = [drawing.seconds_to_draw(folder) for _ in range(plan.starts)]


def _measure_commands(
    plan: Plan, step: Step, folder: Path, sandbox: SandboxServer, measured: Measured
) -> None:
    ours = Stack(folder / "ours", sandbox, sleeping=False)
    sleeping = Stack(folder / "sleeping", sandbox, sleeping=True)
    with step("warming up"):
        for stack in (ours, sleeping):
            stack.declare(_WARM)
            for command in COMMANDS:
                stack.run(command)
    for round_ in range(1, plan.rounds + 1):
        told = f"{plan.numbers} numbers, round {round_} of {plan.rounds}"
        sleeping.declare(plan.numbers)
        measured.sleeping.append(_life(sleeping, step, f"{told}, sleeping"))
        ours.declare(plan.numbers)
        measured.ours.append(_life(ours, step, told))
    _measure_settled(plan, step, ours, measured)
    for numbers in (*plan.others, plan.many):
        ours.declare(numbers)
        measured.others[numbers] = _life(ours, step, f"{numbers} numbers")
    sleeping.declare(plan.many)
    with step(f"{plan.many} numbers, sleeping: up"):
        measured.many_sleeping.append(sleeping.run("up"))
    for numbers in plan.checkpointed:
        runs = [_checkpointed(numbers, step, ours)]
        measured.checkpointed[numbers] = runs[0][0]
        if numbers == plan.numbers:
            runs += [
                _checkpointed(numbers, step, ours, traces=False, settings=is_on) for is_on in (False, True)
            ]
            seconds, sizes = zip(*((command.seconds, size) for command, size in runs), strict=True)
            measured.states.append(States(seconds, sizes))
    ours.declare(plan.previewed, traces=False)
    for how, checkpoints in (("without", False), ("with", True)):
        with step(f"{plan.previewed} numbers: preview {how} checkpoints"):
            measured.previews.append(ours.run("preview", checkpoints=checkpoints).seconds)


def _checkpointed(
    numbers: int, step: Step, ours: Stack, *, traces: bool = True, settings: bool = False
) -> tuple[Command, int]:
    """An `up` with checkpoints, and how large its state is."""
    ours.declare(numbers, traces=traces)
    how = f"{'with' if traces else 'without'} stack traces{', with settings' if settings else ''}"
    with step(f"{numbers} numbers: up with checkpoints, {how}"):
        command, size = ours.run("up", checkpoints=True, settings=settings), ours.state_bytes()
    with step(f"{numbers} numbers: destroy without"):
        ours.run("destroy")
    return command, size


def _measure_settled(plan: Plan, step: Step, ours: Stack, measured: Measured) -> None:
    """Requests when little or nothing changes."""
    with step(f"{plan.numbers} numbers: preview, up with nothing to do, one new password"):
        ours.declare(plan.numbers)
        ours.run("up")
        measured.settled["preview"] = ours.run("preview")
        measured.settled["unchanged"] = ours.run("up")
        ours.declare(plan.numbers, new_password=True)
        measured.settled["password"] = ours.run("up")
        ours.run("destroy")


def _life(stack: Stack, step: Step, told: str) -> dict[str, Command]:
    life = {}
    for command in COMMANDS:
        with step(f"{told}: {command}"):
            life[command] = stack.run(command)
    return life
