"""Cells of a matrix by where they belong: the first one to `make test`, the others to `make test-rest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def first_of(cells: list[Any]) -> list[ParameterSet]:
    """The cells for `pytest.mark.parametrize`; a cell of several values is a tuple."""
    values = [cell if isinstance(cell, tuple) else (cell,) for cell in cells]
    return [pytest.param(*values[0]), *(pytest.param(*cell, marks=pytest.mark.rest) for cell in values[1:])]
