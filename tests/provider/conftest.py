"""A stack of the providers alone, on an empty account of a real sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.provider_stack import ProviderStack

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer


@pytest.fixture
def stack(sandbox: SandboxServer) -> ProviderStack:
    """A new stack on an empty account."""
    return ProviderStack(sandbox, "an-invented-password")
