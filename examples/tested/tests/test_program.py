"""The program under Pulumi's own mocks: without the engine, and without an account."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest

PROGRAM = Path(__file__).parents[1] / "__main__.py"


class Declared(pulumi.runtime.Mocks):
    """Answers as if each resource was created, and keeps its inputs."""

    def __init__(self) -> None:
        self.inputs: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Keep the inputs under the kind and the name of the resource."""
        self.inputs[f"{args.typ.rpartition(':')[2]} {args.name}"] = args.inputs
        return "101", args.inputs

    def call(self, _args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], None]:
        """Answer a call of another provider; ours has none."""
        return {}, None


@pytest.fixture
def declared() -> dict[str, dict[str, Any]]:
    """Run the program; the inputs of each resource that it declares."""
    mocks = Declared()
    pulumi.runtime.set_mocks(mocks, project="tested", stack="test")
    pulumi.runtime.set_all_config({"tested:sipPassword": "fjord-Quartz-47-lantern"})

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def run() -> None:
        runpy.run_path(str(PROGRAM))

    run()
    return mocks.inputs


def test_the_hotline_rings_in_support(declared: dict[str, dict[str, Any]]) -> None:
    forwarding = declared["NumberForwarding hotline"]
    assert (forwarding["type"], forwarding["group_id"], forwarding["cli_type"]) == ("group", 9, "Y")
