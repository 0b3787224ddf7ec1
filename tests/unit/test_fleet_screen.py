"""The table of a rollout: of many customers those with nothing to do are counted, and hide no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from screen import print_json, print_table
from stacks import Result

if TYPE_CHECKING:
    import pytest


def rollout(calm: int) -> list[Result]:
    """The results of many customers with nothing to do, of one that changed and of one that failed."""
    results = [Result(f"customer-{at:03}", "as declared") for at in range(calm)]
    results[5:5] = [
        Result("changed", "rolled out", {"update": 1}),
        Result("broken", "failed", problem="HTTP 401"),
    ]
    return results


def test_many_customers_with_nothing_to_do_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(rollout(194))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["changed", "broken"]
    assert lines[-1] == "as declared: 194 customers"
    print_json(rollout(194))
    assert len(json.loads(capsys.readouterr().out)) == 196


def test_a_few_customers_are_all_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(rollout(6))
    assert len(capsys.readouterr().out.splitlines()) == 9
