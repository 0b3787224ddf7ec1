"""Fixtures of every test: an account with the group that the hotline rings in."""

import pytest

from pulumi_plusofon.testing import SandboxAccount


@pytest.fixture(autouse=True)
def support(plusofon_sandbox: SandboxAccount) -> None:
    """The group Support with the id 9."""
    plusofon_sandbox.seed({"targets": {"group": [{"id": 9, "name": "Support"}]}})
