"""A state with `leave_out_stack_traces`: half of its bytes, no path of a machine, nothing lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import numbered

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack

NUMBERS = 20
CALL = "from pulumi_plusofon.stack import leave_out_stack_traces\n\nleave_out_stack_traces()\n"


def exported(stack: EngineStack) -> list[dict[str, Any]]:
    text = stack.run("stack", "export", "--stack", stack.name).text
    ours = [
        resource for resource in json.loads(text)["deployment"]["resources"] if "plusofon" in resource["type"]
    ]
    return sorted(ours, key=lambda resource: str(resource["urn"]))


@pytest.mark.rest
def test_a_state_without_traces_is_half_as_large_and_names_no_folder(stack: EngineStack) -> None:
    forward = {"type": "group", "group_id": 9, "cli_type": "Y"}
    spec = {f"n{at}": numbered(at, stack.secret, forwards={f"n{at}": forward}) for at in range(NUMBERS)}
    stack.up(spec)
    with_traces = exported(stack)
    # Where this fails, the SDK sends no trace any longer: delete stack/traces.py and its callers.
    assert all(len(resource["stackTrace"]) > 10 for resource in with_traces)

    program = stack.program / "__main__.py"
    program.write_text(program.read_text().replace("import json\n", f"{CALL}import json\n", 1))
    stack.sandbox.clear_requests()
    stack.up()
    without = exported(stack)
    assert stack.sandbox.requests() == [], "nothing is sent for it"
    assert all("stackTrace" not in resource for resource in without)
    assert {resource["sourcePosition"].partition("#")[0] for resource in without} == {
        "project:///__main__.py"
    }
    assert len(json.dumps(without)) < 0.6 * len(json.dumps(with_traces))
    outside = "project:///../"
    assert outside in json.dumps(with_traces)
    assert outside not in json.dumps(without)

    # Of what is encrypted anew each time, only that it is there.
    assert [plain_parts(resource) for resource in without] == [
        plain_parts(resource) for resource in with_traces
    ]


def plain_parts(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource without what a second `up` writes anew."""
    anew = ("stackTrace", "sourcePosition", "modified", "created")
    sides = {side: {**resource[side], "secret": "secret" in resource[side]} for side in ("inputs", "outputs")}
    return {name: value for name, value in resource.items() if name not in anew} | sides
