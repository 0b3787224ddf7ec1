"""The fleet reports an error that two resources share once, in full, in any order of the engine's events."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from pulumi_plusofon.api import AuthenticationError
from pulumi_plusofon.hosts import reporting
from stacks import problem_in

if TYPE_CHECKING:
    import pytest


def test_a_failure_that_two_resources_share_is_reported_once_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reporting._Reported, "reported", set())
    failed = AuthenticationError("listing the external numbers", "no such token", http_status=401)
    failed.writes = False
    errors = ["update failed", *(f"plusofon: {reporting.text_of(failed)}" for _ in range(2))]
    for order in itertools.permutations(errors):
        assert problem_in(list(order), "") == errors[1]
