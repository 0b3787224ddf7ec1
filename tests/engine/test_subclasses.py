"""A class of a program's own is still the resource that it is: for the rules, and for a state of before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import sent
from support.policy_pack import judged, written
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

PROGRAM = """
import pulumi
from pulumi.dynamic import Resource

from pulumi_plusofon import ExternalNumber, NumberForwarding
from pulumi_plusofon.hosts.dynamic import NumberForwardingProvider


class Office(ExternalNumber):
    pass


class Hotline(NumberForwarding):
    pass


class Home:
    class Hotline(NumberForwarding):
        pass


class Raw(Resource):
    pass


one, two, three = (
    Office(f"n{{place}}", type="sipuri", number=f"44770090010{{place}}", host="sip.operator.example")
    for place in range(3)
)
fields = dict(type="number", destination_number="{number}", cli_type="N")
Hotline("first", number=one, **fields)
Home.Hotline("second", number=two, **fields)
Raw(NumberForwardingProvider(), "third", dict(number_type="sipuri", number_id=three.id, **fields))
"""
ANYWHERE = {"forwarding-destination-allowed": {"allowedCountries": ["GB", "US"]}}


def test_every_rule_is_asked_of_a_subclass_and_of_the_bare_provider(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    program = stack.program / "__main__.py"
    program.write_text(PROGRAM.format(number="+449098790123"))
    found = judged(stack, "up", ANYWHERE, "--yes", refused=True).broken("mandatory")
    premium = {(rule, name) for rule, name in found if rule == "no-premium-rate-destination"}
    assert {name for _, name in premium} == {"first", "second", "third"}
    assert written(stack) == []
    program.write_text(PROGRAM.format(number="+12025550123"))
    judged(stack, "up", ANYWHERE, "--yes", refused=False)
    assert len(sandbox.account()) == 3
    assert {
        resource["type"] for name, resource in stack.resources().items() if "n0" in name or "first" in name
    } == {
        "pulumi-python:dynamic/plusofon:ExternalNumber",
        "pulumi-python:dynamic/plusofon:NumberForwarding",
    }


def test_a_state_in_which_a_subclass_had_no_type_of_its_own_goes_on(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    program = stack.program / "__main__.py"
    program.write_text(PROGRAM.format(number="+12025550123").split("\nRaw(")[0])
    stack.up()
    state = stack.run("stack", "export", "--stack", "test").text
    for kind in ("ExternalNumber", "NumberForwarding"):
        state = state.replace(f"pulumi-python:dynamic/plusofon:{kind}", "pulumi-python:dynamic:Resource")
    (stack.folder / "before.json").write_text(json.dumps(json.loads(state)))
    stack.run("stack", "import", "--stack", "test", "--file", str(stack.folder / "before.json"))
    sandbox.clear_requests()
    assert stack.preview() == {}
    stack.up()
    assert sent(sandbox) == []
    assert len(stack.resources()) == 5


NEIGHBOUR = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

from pulumi_plusofon import NumberForwarding


class Theirs(ResourceProvider):
    def create(self, props):
        return CreateResult("theirs", props)

    def delete(self, _id, _props):
        with open({deleted!r}, "w") as file:
            file.write(_id)


class Their(Resource):
    def __init__(self, name):
        super().__init__(Theirs(), name, {{"size": 1}})


class Office(NumberForwarding):
    pass


{order}
"""
THEIRS = 'Their("main")'
OURS = 'Office("main", number_type="sipuri", number_id=101, type="group", group_id=9, cli_type="Y")'


@pytest.mark.parametrize("order", [f"{OURS}; {THEIRS}", OURS], ids=["beside", "instead"])
def test_a_subclass_never_takes_the_place_of_anothers_resource_of_its_name(
    stack: EngineStack, sandbox: SandboxServer, order: str
) -> None:
    sandbox.seed({"type": "sipuri", "number": "447700900101", "host": "a.example"})
    program, deleted = stack.program / "__main__.py", stack.folder / "deleted"
    program.write_text(NEIGHBOUR.format(deleted=str(deleted), order=THEIRS))
    stack.up()
    program.write_text(NEIGHBOUR.format(deleted=str(deleted), order=order))
    text = stack.up(status=None).text
    assert "the stack has a resource of another kind under this name" in text
    assert shows_no_traceback(text)
    assert not deleted.exists()
    assert written(stack) == []
