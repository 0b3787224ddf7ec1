"""Replacement is safe: by order, by name, by options. No run ends with a number gone that the state has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import sent
from support.office import ANOTHER, FORWARD, GROUP, NUMBER, OFFICE, agree, declare
from support.repository import ROOT
from support.tiers import first_of
from support.vendor_api import Api

if TYPE_CHECKING:
    from harness.engine_stack import EngineStack
    from pulumi_plusofon.testing import SandboxServer

# `pulumi stack export` of a stack with AS_EXPORTED and its forwarding, the SIP password encrypted.
STATE = ROOT / "tests" / "fixtures" / "state.json"
_SERVER = {"host": "sip.operator.example", "port": 5060}
AS_EXPORTED = {"type": "ate", "number": NUMBER, **_SERVER, "login": "900101", "secret": "fixture-password"}


@pytest.mark.parametrize("resource", first_of([OFFICE, FORWARD]))
@pytest.mark.parametrize("order", first_of(["--replace", "taint"]))
def test_replacing_by_order_leaves_both_as_declared(office: EngineStack, order: str, resource: str) -> None:
    urn = office.urn(resource)
    if order == "taint":
        office.run("state", "taint", urn, "--yes", "--stack", "test")
        office.up()
    else:
        office.up(None, "--replace", urn)
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert office.preview() == {}


@pytest.mark.parametrize("before", first_of([True, False]))
def test_another_number_in_either_order_takes_the_forwarding_along(
    office: EngineStack, sandbox: SandboxServer, *, before: bool
) -> None:
    declare(office, number=ANOTHER, opts=f"delete_before_replace={before}")
    office.up()
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert [entry["number"] for entry in sandbox.account()] == [ANOTHER]
    writes = [request for request in sent(sandbox) if not request.startswith("GET")]
    assert (writes.index("DELETE sipuri/101") < writes.index("PUT sipuri")) == before


def test_creating_first_what_is_there_is_refused_and_removes_nothing(
    office: EngineStack, sandbox: SandboxServer
) -> None:
    declare(office, opts="delete_before_replace=False")
    said = office.up(None, "--replace", office.urn(OFFICE), status=None).text
    assert f"{NUMBER} is connected already (id 101" in said
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert sent(sandbox) == ["GET"]


def test_a_forwarding_replaced_in_either_order_is_set_at_the_end(
    office: EngineStack, sandbox: SandboxServer
) -> None:
    for before in (True, False):
        declare(office, forward_opts=f"delete_before_replace={before}")
        office.up(None, "--replace", office.urn(FORWARD))
        agree(office)
    assert [request for request in sent(sandbox) if request != "GET"] == ["POST follow"] * 3, (
        "one `empty`, set twice"
    )


@pytest.mark.rest
@pytest.mark.parametrize(
    ("declared", "left"),
    first_of(
        [
            ({"name": "bureau", "more": "adopt=True,"}, {"ExternalNumber bureau", FORWARD}),
            ({"forward": "onward"}, {OFFICE, "NumberForwarding onward"}),
            ({"opts": "parent=team", "more": "adopt=True,"}, {OFFICE, FORWARD}),
            ({"forward_opts": "parent=team"}, {OFFICE, FORWARD}),
        ]
    ),
    ids=["number renamed", "forwarding renamed", "number's parent", "forwarding's parent"],
)
def test_without_an_alias_the_new_name_takes_over(
    office: EngineStack, sandbox: SandboxServer, declared: dict[str, str], left: set[str]
) -> None:
    declare(office, **declared)
    said = office.up().text
    assert "left connected" in said or "left as it is" in said
    assert set(agree(office)) == left
    assert not [request for request in sent(sandbox) if request.startswith(("PUT", "DELETE"))]
    assert office.preview("--refresh") == {}


@pytest.mark.parametrize(
    "declared", first_of([{"name": "bureau"}, {"opts": "parent=team"}]), ids=["renamed", "another parent"]
)
def test_without_an_alias_and_adopt_the_new_name_is_refused(
    office: EngineStack, sandbox: SandboxServer, declared: dict[str, str]
) -> None:
    declare(office, **declared)
    said = office.up(status=None).text
    assert f"{NUMBER} is connected already" in said
    assert "adopt=True" in said
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert sent(sandbox) == ["GET"]


@pytest.mark.parametrize(
    "declared",
    first_of(
        [
            {
                "name": "bureau",
                "forward": "onward",
                "opts": 'aliases=[Alias(name="office")]',
                "forward_opts": 'aliases=[Alias(name="forward")]',
            },
            {
                "opts": "parent=team, aliases=[Alias(parent=pulumi.ROOT_STACK_RESOURCE)]",
                "forward_opts": "parent=team, aliases=[Alias(parent=pulumi.ROOT_STACK_RESOURCE)]",
            },
        ]
    ),
    ids=["renamed", "another parent"],
)
def test_with_an_alias_a_new_name_is_a_matter_of_the_state_alone(
    office: EngineStack, sandbox: SandboxServer, declared: dict[str, str]
) -> None:
    declare(office, **declared)
    office.up()
    assert len(agree(office)) == 2
    assert sent(sandbox) == []


def test_a_protected_number_is_neither_replaced_nor_destroyed(
    office: EngineStack, sandbox: SandboxServer
) -> None:
    declare(office, opts="protect=True")
    office.up()
    assert "protect" in office.up(None, "--replace", office.urn(OFFICE), status=None).text
    assert "protect" in office.destroy(status=None).text
    declare(office, number=ANOTHER, opts="protect=True")
    assert "protect" in office.up(status=None).text
    assert OFFICE in agree(office)
    assert "PUT sipuri" not in sent(sandbox)


def test_a_number_is_not_replaced_under_its_protected_forwarding(
    office: EngineStack, sandbox: SandboxServer
) -> None:
    declare(office, forward_opts="protect=True")
    office.up()
    declare(office, number=ANOTHER, forward_opts="protect=True")
    assert "protect" in office.up(status=None).text
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert sent(sandbox) == []


def test_a_retained_number_stays_connected_and_can_be_taken_back(
    office: EngineStack, sandbox: SandboxServer
) -> None:
    declare(office, opts="retain_on_delete=True", forward_opts="retain_on_delete=True")
    office.up()
    office.destroy()
    assert not office.resources()
    assert [entry["forwarding"] for entry in sandbox.account()] == [GROUP]
    assert f"{NUMBER} is connected already" in office.up(status=None).text
    declare(office, more="adopt=True,")
    office.up()
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert not [request for request in sent(sandbox) if request.startswith(("PUT", "DELETE"))]


def test_a_target_alone_fails_aloud_and_is_put_right_by_the_next_up(
    office: EngineStack, sandbox: SandboxServer
) -> None:
    declare(office, number=ANOTHER)
    # The engine replaces the number and its forwarding, and sets the latter from what it was before.
    said = office.up(None, "--target", office.urn(OFFICE), status=None).text
    assert "forwarding sipuri/101: HTTP 404" in said
    assert set(agree(office)) == {OFFICE}
    office.up()
    urn = office.urn(OFFICE)
    sandbox.clear_requests()
    office.run("destroy", "--yes", "--skip-preview", "--stack", "test", "--target", urn, status=None)
    assert set(agree(office)) == {OFFICE, FORWARD}
    assert sent(sandbox) == []
    declare(office)
    office.up(None, "--target", urn, "--target-dependents")
    assert set(agree(office)) == {OFFICE, FORWARD}


def test_a_target_besides_leaves_the_rest_as_it_is(office: EngineStack, sandbox: SandboxServer) -> None:
    forward = office.urn(FORWARD)
    office.run("destroy", "--yes", "--skip-preview", "--stack", "test", "--target", forward)
    assert set(agree(office)) == {OFFICE}
    assert [entry["forwarding"] for entry in sandbox.account()] == [None]
    office.up(None, "--target", forward)
    assert set(agree(office)) == {OFFICE, FORWARD}


SWAPPED = """
from pulumi_plusofon import ExternalNumber, NumberForwarding

one = ExternalNumber("one", type="sipuri", number="447700900101", host="sip.operator.example")
two = ExternalNumber("two", type="sipuri", number="447700900102", host="sip.operator.example")
NumberForwarding("first", number={first}, type="group", group_id=9, cli_type="Y")
NumberForwarding("second", number={second}, type="group", group_id=9, cli_type="Y")
"""


def test_two_forwardings_that_swap_numbers_are_both_set(stack: EngineStack, sandbox: SandboxServer) -> None:
    (stack.program / "__main__.py").write_text(SWAPPED.format(first="one", second="two"))
    stack.up()
    # The deletion of the one is still under way when the other is set: it must not have the last word.
    sandbox.fault("close-before", "forward", id=int(stack.resources()["ExternalNumber two"]["id"]))
    (stack.program / "__main__.py").write_text(SWAPPED.format(first="two", second="one"))
    stack.up()
    assert len(agree(stack)) == 4
    # One step after the other: what the first swap has set is in the way of the second one's deletion.
    (stack.program / "__main__.py").write_text(SWAPPED.format(first="one", second="two"))
    stack.up(None, "--parallel", "1")
    assert len(agree(stack)) == 4


def test_a_state_of_before_is_read_left_alone_and_destroyed(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    # The providers stand in it by their names: a stack that was exported once goes on.
    (number_id,) = sandbox.seed(AS_EXPORTED)
    forwarding = {"number_type": "ate", "number_id": number_id, **GROUP}
    Api(sandbox.url, sandbox.token).call("POST", "/follow", forwarding)
    stack.run("stack", "import", "--stack", "test", "--file", str(STATE))
    stack.refresh()
    assert set(agree(stack)) == {OFFICE, "NumberForwarding office-forward"}
    stack.declare({"office": {**AS_EXPORTED, "forwards": {"office-forward": GROUP}}})
    assert stack.preview() == {}
    stack.destroy()
    assert (sandbox.account(), stack.resources()) == ([], {})


EXCHANGED = """
import pulumi

from pulumi_plusofon import ExternalNumber, NumberForwarding

shared = dict(type="sipuri", host="sip.operator.example", adopt={adopt})
one = ExternalNumber("one", number="447700900{first}", **shared)
two = ExternalNumber(
    "two", number="447700900{second}", **shared, opts=pulumi.ResourceOptions(depends_on=[one])
)
for name, number in (("one", one), ("two", two)):
    NumberForwarding(name, number=number, type="group", group_id=9, cli_type="Y")
"""


def test_two_numbers_that_change_places_are_refused_before_anything_is_sent_or_adopted(
    stack: EngineStack, sandbox: SandboxServer
) -> None:
    program = stack.program / "__main__.py"
    program.write_text(EXCHANGED.format(adopt=False, first=101, second=102))
    stack.up()
    before = sandbox.account()
    sandbox.clear_requests()
    program.write_text(EXCHANGED.format(adopt=False, first=102, second=101))
    said = stack.up(None, "--parallel", "1", status=None).text
    assert "447700900101 was not removed: its replacement 447700900102 is already connected (id 102)" in said
    assert "if two resources exchange their numbers, set adopt=True on both" in said
    assert sandbox.account() == before
    assert set(sent(sandbox)) == {"GET"}
    program.write_text(EXCHANGED.format(adopt=True, first=102, second=101))
    stack.up(None, "--parallel", "1")
    assert len(agree(stack)) == 4
    assert [entry["forwarding"] for entry in sandbox.account()] == [GROUP, GROUP]
    assert stack.preview() == {}
