"""A number and a forwarding have one owner among the resources of a program, changed or not, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.engine_stack import ONE_OF_EACH, EngineStack, sent
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pulumi_plusofon.testing import SandboxServer

NUMBER = "447700900101"
KEPT = {"type": "sipuri", "number": NUMBER, "host": "sip.operator.example"}
GROUP, NUMBERED = ONE_OF_EACH["group"], ONE_OF_EACH["number"]
rest = pytest.mark.rest


def _in_order(order: str, spec: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: spec[name] for name in order.split()}


@pytest.mark.parametrize(
    ("order", "promised"),
    [
        ("newer kept", False),
        pytest.param("kept newer", False, marks=rest),
        ("newer kept", True),
        pytest.param("kept newer", True, marks=rest),
    ],
)
def test_a_number_of_two_resources_is_refused_whichever_comes_first(
    stack: EngineStack,
    sandbox: SandboxServer,
    order: str,
    promised: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    stack.up({"kept": KEPT})
    before = sandbox.account()
    sandbox.clear_requests()
    number = {"promise": NUMBER} if promised else f"+{NUMBER}"
    newer = {**KEPT, "number": number, "host": "sip.foreign.example", "adopt": True}
    spec = _in_order(order, {"kept": KEPT, "newer": newer})
    names = [f"ExternalNumber {name}" for name in order.split()]
    refusals = [
        f"{NUMBER}: declared by {first} and by {second}; remove one of the two"
        for first in names
        for second in names
    ]
    previewed = stack.refused_preview(spec)
    assert any(refusal in previewed for refusal in refusals)
    # What is promised is compared by the provider alone, one resource after the other.
    options = [] if promised else ["--skip-preview"]
    said = stack.run("up", "--yes", "--stack", "test", *options, status=None).text
    assert any(refusal in said for refusal in refusals)
    assert shows_no_traceback(said)
    assert (sandbox.account(), sent(sandbox)) == (before, [])


@pytest.mark.parametrize(
    ("is_there", "second"),
    [
        (False, NUMBERED),
        pytest.param(True, NUMBERED, marks=rest),
        (True, {**NUMBERED, "number_type": "sipuri", "number_id": {"promise": 101}}),
        pytest.param(True, GROUP, marks=rest),
    ],
    ids=["new", "there", "by its id", "the same"],
)
def test_a_forwarding_of_two_resources_is_refused_whichever_comes_first(
    stack: EngineStack,
    sandbox: SandboxServer,
    is_there: bool,  # noqa: FBT001 - a parameter of pytest's
    second: dict[str, Any],
) -> None:
    kept = {**KEPT, "forwards": {"kept": GROUP}}
    if is_there:
        stack.up({"office": kept})
    before = sandbox.account()
    sandbox.clear_requests()
    for order in ("kept newer", "newer kept"):
        forwards = _in_order(order, {"kept": GROUP, "newer": second})
        said = stack.refused_preview({"office": {**KEPT, "forwards": forwards}})
        assert "the forwarding of " in said
        assert "NumberForwarding kept" in said
        assert "NumberForwarding newer" in said
        assert "remove one of the two" in said
    assert (sandbox.account(), sent(sandbox)) == (before, [])


# Each is one owner, however it looks like two: the program before, and the program after.
ONE_OWNER = {
    "the second account": ("first; {there}", "first; {there}"),
    "by a transformation": ("first; {turn}; {here}", "first; {turn}; {here}"),
    "by a transform": ("first; {send}; {here}", "first; {send}; {here}"),
    "another parent": ("first", "{parent}; {below}"),
}
PARTS = {
    "turn": (
        "pulumi.runtime.register_stack_transformation(lambda args: pulumi.ResourceTransformationResult("
        "args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=second)))"
        " if 'dynamic' in args.type_ and args.name == 'two' else None)"
    ),
    "send": (
        "pulumi.runtime.register_resource_transform(lambda args: pulumi.ResourceTransformResult("
        "args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=second)))"
        " if 'dynamic' in args.type_ and args.name == 'two' else None)"
    ),
    "there": "number('two', provider=second)",
    "here": "number('two')",
    "parent": "home = pulumi.ComponentResource('office:Home', 'home')",
    "below": "number('one', parent=home, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])",
}
PROGRAM = """
import os

import pulumi

from pulumi_plusofon import Account, ExternalNumber, NumberForwarding

second = Account("second", token=os.environ["SECOND_TOKEN"], base_url=os.environ["SECOND_URL"])


def number(name, **opts):
    made = ExternalNumber(
        name, type="sipuri", number="447700900101", host="a.example", opts=pulumi.ResourceOptions(**opts)
    )
    opts.pop("provider", None)
    NumberForwarding(
        name, number=made, type="group", group_id=9, cli_type="Y", opts=pulumi.ResourceOptions(**opts)
    )


{said}
"""


@pytest.mark.parametrize(
    "case", [case if case == "by a transform" else pytest.param(case, marks=rest) for case in ONE_OWNER]
)
def test_the_same_digits_in_two_accounts_or_under_another_parent_have_one_owner_each(
    stack: EngineStack, sandbox: SandboxServer, second: SandboxServer, case: str
) -> None:
    stack.environment |= {"SECOND_TOKEN": second.token, "SECOND_URL": second.url}
    for said in ONE_OWNER[case]:
        lines = said.replace("first", "number('one')").format(**PARTS).replace("; ", "\n")
        (stack.program / "__main__.py").write_text(PROGRAM.format(said=lines))
        stack.run("up", "--yes", "--stack", "test")
    assert [entry["number"] for entry in sandbox.account()] == [NUMBER]
    assert [entry["number"] for entry in second.account()] == ([] if case == "another parent" else [NUMBER])
    assert stack.preview() == {}
