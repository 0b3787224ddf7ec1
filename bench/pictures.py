"""The pictures for the docs: requests and wall time over N, ours and the least there can be.

Drawn from results alone, and the same bytes from the same results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure as Drawing

from . import budgets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from .results import Point, Results

_SIZE: Final = (10.0, 4.0)
_OURS: Final[dict[str, Any]] = {"color": "#1f5fa8", "marker": "o", "linewidth": 2.0}
_LEAST: Final[dict[str, Any]] = {"color": "#3a3a3a", "linestyle": "--"}
_MOST: Final[dict[str, Any]] = {"color": "#b23b3b", "linestyle": ":"}
_STYLE: Final[dict[Any, Any]] = {"svg.hashsalt": "plusofon", "svg.fonttype": "none", "font.size": 10.0}
_GENERIC: Final[dict[str, Any]] = {"color": "#8a8a8a", "linewidth": 1.0}
# Requests that a generic REST provider needs for a number with its forwarding.
_GENERIC_REQUESTS: Final = {"up": 4, "destroy": 3}
_MOST_REQUESTS: Final[dict[str, Callable[[int], int]]] = {
    "up": budgets.requests_up,
    "destroy": budgets.requests_destroy,
}
_LEAST_SECONDS: Final[dict[str, Callable[[int, int], float]]] = {
    "up": budgets.floor_up,
    "destroy": budgets.floor_destroy,
}


@mpl.rc_context(_STYLE)
def draw(results: Results, folder: Path) -> None:
    """Draw all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings = {
        "requests.svg": _beside(_requests, results.points),
        "seconds.svg": _beside(_seconds, results.points),
        "checkpoints.svg": _checkpoints(results),
    }
    for name, drawing in drawings.items():
        drawing.savefig(folder / name, metadata={"Date": None})


def _beside(panel: Callable[[Axes, str, list[Point]], None], points: list[Point]) -> Drawing:
    drawing = Drawing(figsize=_SIZE, layout="constrained")
    for axes, command in zip(drawing.subplots(1, 2), ("up", "destroy"), strict=True):
        panel(axes, command, points)
        _finish(axes, f"pulumi {command}")
    return drawing


def _requests(axes: Axes, command: str, points: list[Point]) -> None:
    numbers = [point.numbers for point in points]
    generic = [_GENERIC_REQUESTS[command] * count for count in numbers]
    axes.plot(numbers, generic, label="a generic REST provider", **_GENERIC)
    axes.plot(
        numbers, [_MOST_REQUESTS[command](count) for count in numbers], label="promised at most", **_MOST
    )
    axes.plot(numbers, [2 * count for count in numbers], label="writes alone", **_LEAST)
    axes.plot(numbers, [point.requests[command] for point in points], label="this provider", **_OURS)
    axes.set_ylabel("requests")


def _seconds(axes: Axes, command: str, points: list[Point]) -> None:
    numbers = [point.numbers for point in points]
    floor = [_LEAST_SECONDS[command](count, budgets.HOST_SLOTS) for count in numbers]
    axes.plot(numbers, floor, label=f"requests alone, {budgets.HOST_SLOTS} at once", **_LEAST)
    axes.plot(
        numbers, [point.seconds[command] for point in points], label="this provider, whole run", **_OURS
    )
    axes.set_ylabel("seconds")


def _checkpoints(results: Results) -> Drawing:
    drawing = Drawing(figsize=(_SIZE[0] / 2, _SIZE[1]), layout="constrained")
    axes = drawing.subplots()
    axes.plot(
        *zip(*results.checkpointed.items(), strict=True), label="with checkpoints", **_MOST | {"marker": "o"}
    )
    without = [
        (point.numbers, point.seconds["up"])
        for point in results.points
        if point.numbers in results.checkpointed
    ]
    axes.plot(*zip(*without, strict=True), label="without", **_OURS)
    axes.set_ylabel("seconds")
    _finish(axes, "pulumi up")
    return drawing


def _finish(axes: Axes, title: str) -> None:
    axes.set_title(title)
    axes.set_xlabel("numbers, each with a forwarding")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
