"""A stack of the providers alone, on an empty account of a real sandbox."""

from __future__ import annotations

import pytest

from pulumi_plusofon.testing import SandboxServer
from support.provider_stack import ProviderStack


@pytest.fixture
def stack(sandbox: SandboxServer) -> ProviderStack:
    """A new stack on an empty account."""
    return ProviderStack(sandbox, "an-invented-password")
