"""The benchmark's own arithmetic: budgets, floors, what holds, and what it writes into the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import budgets, page, pictures
from bench.report import row
from bench.results import Figure, Point, Results
from bench.runs import most_at_once

ROOT = Path(__file__).resolve().parent.parent.parent


def _results() -> Results:
    return Results(
        machine={"cores": "2 cores", "engine": "Pulumi v3.259.0"},
        quick=False,
        figures=[
            Figure("Requests", "up", 427, "requests", most=466),
            Figure("Requests", "refresh", 3, "requests", most=2),
            Figure("The sandbox", "listing", 2900, "requests/s", least=3000, beside="with 97% of a core"),
            Figure("The sandbox", "whole run", 7.126, "s"),
        ],
        points=[
            Point(numbers, {"up": 7.0, "destroy": 3.0}, {"up": 2 * numbers + 1, "destroy": 2 * numbers})
            for numbers in (100, 200)
        ],
        checkpointed={100: 12.0, 200: 31.0},
    )


def test_budgets_of_requests_are_those_of_the_promise() -> None:
    assert budgets.requests_up(300) == 2 * 300 + 100
    assert budgets.requests_destroy(200) == 427


@pytest.mark.parametrize(("numbers", "slots", "listings"), [(200, 4, 51), (200, 8, 26), (1, 4, 2), (5, 4, 3)])
def test_every_group_of_puts_needs_a_listing_and_all_of_them_one_before(
    numbers: int, slots: int, listings: int
) -> None:
    assert budgets.least_listings(numbers, slots) == listings


def test_the_floors_are_writes_on_all_slots_and_listings_that_all_wait_for() -> None:
    assert budgets.floor_up(200, 4, latency=0.05) == pytest.approx(400 * 0.05 / 4 + 51 * 0.05)
    assert budgets.floor_destroy(200, 4, latency=0.05) == pytest.approx(400 * 0.05 / 4 + 51 * 0.05)
    assert budgets.floor_refresh(latency=0.05) == pytest.approx(0.05)


def test_requests_that_touch_are_not_at_once() -> None:
    assert most_at_once([], 0.05) == 0
    assert most_at_once([0.5, 1.0, 1.5], 0.5) == 1
    assert most_at_once([1.0, 1.1, 1.2, 3.0], 0.5) == 3


def test_a_figure_holds_within_its_budget_and_on_its_edge() -> None:
    assert Figure("s", "w", 2, "x", most=2).holds is True
    assert Figure("s", "w", 2.01, "x", most=2).holds is False
    assert Figure("s", "w", 2, "x", least=2).holds is True
    assert Figure("s", "w", 1.99, "x", least=2).holds is False
    assert Figure("s", "w", 2, "x").holds is None
    assert [figure.what for figure in _results().broken()] == ["refresh", "listing"]


def test_results_are_read_as_they_were_saved(tmp_path: Path) -> None:
    _results().save(tmp_path / "folder" / "results.json")
    assert Results.load(tmp_path / "folder" / "results.json") == _results()


def test_a_figure_has_as_many_digits_as_it_deserves() -> None:
    shown = [row(figure) for figure in _results().figures]
    assert [figure["measured"] for figure in shown] == [
        "427 requests",
        "3 requests",
        "2,900 requests/s",
        "7.13 s",
    ]
    assert [figure["budget"] for figure in shown] == ["at most 466", "at most 2", "at least 3,000", ""]
    assert [figure["holds"] for figure in shown] == ["holds", "DOES NOT HOLD", "DOES NOT HOLD", ""]


def test_the_page_gets_the_figures_between_its_markers_and_the_pictures(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "performance.md").read_text("utf-8")
    before, after = text.split("<!-- figures -->")[0], text.split("<!-- end of figures -->")[1]
    (tmp_path / "performance.md").write_text(text, "utf-8")
    for _ in range(2):
        page.write(_results(), tmp_path)
    written = (tmp_path / "performance.md").read_text("utf-8")
    assert written.startswith(before)
    assert written.endswith(after)
    assert "| refresh | 3 requests | at most 2 | DOES NOT HOLD |  |" in written
    for picture in ("requests.svg", "seconds.svg", "checkpoints.svg"):
        assert f"(performance/{picture})" in text
        assert (tmp_path / "performance" / picture).exists()


def test_the_same_results_are_the_same_pictures(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        pictures.draw(_results(), tmp_path / folder)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()
