"""The benchmark's load generator sends what the API knows, and counts no answer that it did not get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.load import ceilings

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer


def test_every_request_of_the_load_is_one_of_the_api_and_is_done(sandbox: SandboxServer) -> None:
    listing, connecting = ceilings(sandbox, seconds=0.1)
    logged = sandbox.requests()
    assert {request["status"] for request in logged} == {200}
    listed = sum(request["operation"] == "list" for request in logged)
    connected = len(sandbox.account()) - 10
    assert listed + connected == len(logged)
    assert min(listed, connected) > 0
    assert listing.per_second <= listed / 0.1
    assert connecting.per_second <= connected / 0.1
