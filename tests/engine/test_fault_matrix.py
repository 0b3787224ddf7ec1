"""Every operation x every fault: what passes is lived through, what lasts is reported, all is done once.

What only the client decides of a fault is shown with every fault in `tests/provider/test_provider_faults.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.fault_cases import EMPTY_LIST, LASTING, FaultCase
from support.fault_scenarios import (
    NEVER_LISTED,
    EngineRuns,
    lasting_fault,
    never_listed,
    passing_fault_of_every_write,
    passing_fault_of_the_list,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.engine_stack import EngineStack

    Record = Callable[[str, object], None]

# Done without an answer; refused in the vendor's words, an outage, and what is no API's answer.
ON_THE_ENGINE = ("closed-after", "refused", "503", "html")


def test_every_write_survives_a_transient_fault(stack: EngineStack, record_property: Record) -> None:
    record_property("cells", passing_fault_of_every_write(EngineRuns(stack)))


def test_a_passing_fault_of_the_list_loses_nothing_in_a_refresh_or_a_delete(
    stack: EngineStack, record_property: Record
) -> None:
    # Of the faults of a list the empty one alone looks as if something was gone.
    record_property("cells", passing_fault_of_the_list(EngineRuns(stack), [EMPTY_LIST]))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.rest] * (case.name != ON_THE_ENGINE[0]), id=case.name)
        for case in LASTING
        if case.name in ON_THE_ENGINE
    ],
)
def test_a_lasting_fault_of_any_operation_is_reported_and_the_next_up_converges(
    stack: EngineStack, record_property: Record, case: FaultCase
) -> None:
    record_property("cells", lasting_fault(EngineRuns(stack), case))


def test_a_number_that_is_connected_and_never_listed_is_reported_and_can_be_adopted(
    stack: EngineStack, record_property: Record
) -> None:
    record_property("cells", never_listed(EngineRuns(stack), *NEVER_LISTED["empty-list"]))
