"""Whom the contract is put to: the sandbox, or with `--real-api` the vendor, and then it only reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from support.vendor_api import Api

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "read_only: changes nothing, so the vendor's own API may be asked too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--real-api"):
        return
    asked = [item for item in items if item.get_closest_marker("read_only")]
    config.hook.pytest_deselected(items=[item for item in items if item not in asked])
    items[:] = asked


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Api:
    """The API that the contract is put to."""
    if request.config.getoption("--real-api"):
        token = os.environ.get("PLUSOFON_TOKEN")
        if not token:
            raise pytest.UsageError("--real-api needs PLUSOFON_TOKEN")
        return Api("https://restapi.plusofon.ru", token)
    sandbox: SandboxServer = request.getfixturevalue("sandbox")
    return Api(sandbox.url, sandbox.token)
