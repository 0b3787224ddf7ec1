"""The plan of a recording, from a preview's steps and the account's list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.adopt.plan import Plan, PlanRow, plan
from pulumi_plusofon.session import AccountSession
from unit.fake_account import FakeClient

if TYPE_CHECKING:
    from unit.clock import Clock

URN = "urn:pulumi:prod::phones::"
PROVIDERS = f"{URN}pulumi:providers:pulumi-python"
OWN = f"{PROVIDERS}::default::04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "[secret]"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ATE = {
    "type": "ate",
    "number": "447700900101",
    "host": "sip.a.example",
    "port": 5060,
    "login": "900101",
    "keep_secret": True,
}
SIPURI = {"type": "sipuri", "number": "447700900102", "host": "a.example,b.example"}
OFFICE = ListedNumber(101, "ate", "447700900101", "900101@sip.a.example", None, 42291, registered=True)
SALES = ListedNumber(102, "sipuri", "447700900102", "b.example,a.example", "x@ext.plusofon.ru", 42291)


@pytest.fixture(autouse=True)
def no_waiting(clock: Clock) -> Clock:
    return clock


def step(kind: str, name: str, inputs: dict[str, Any], op: str = "create", **state: Any) -> dict[str, Any]:
    token = kind if ":" in kind else f"pulumi-python:dynamic/plusofon:{kind}"
    new = {"type": token, "custom": True, "inputs": inputs, "provider": OWN, **state}
    return {"op": op, "urn": f"{URN}{token}::{name}", "newState": new}


def number(name: str, inputs: dict[str, Any], **state: Any) -> dict[str, Any]:
    return step("ExternalNumber", name, inputs, **state)


def forwarding(name: str, of: str = "", **inputs: Any) -> dict[str, Any]:
    """The forwarding of a number of the program; without one its inputs name the number."""
    urns = [f"{URN}pulumi-python:dynamic/plusofon:ExternalNumber::{of}"] if of else []
    given = {"number_type": "ate", "number_id": UNKNOWN, "type": "group", "group_id": 9} | inputs
    return step("NumberForwarding", name, given, propertyDependencies={"number_id": urns})


def planned(*steps: dict[str, Any], listed: tuple[ListedNumber, ...] = (OFFICE, SALES)) -> Plan:
    client = FakeClient(*listed)
    found = plan(steps, AccountSession(client))
    assert set(client.methods()) <= {"list"}
    return found


def differs(inputs: dict[str, Any], *listed: ListedNumber) -> str | None:
    [row] = planned(number("office", inputs), listed=listed or (OFFICE, SALES)).rows
    return row.differs


def test_each_resource_has_a_row_with_what_is_taken_on_trust() -> None:
    found = planned(
        forwarding("office-forward", "office"),
        number("sales", SIPURI),
        number("office", ATE),
        step("pulumi:pulumi:Stack", "phones-prod", {}, custom=False),
    )
    assert found == Plan(
        (
            PlanRow("447700900101", 101, "ExternalNumber", "office", None, "password, port"),
            PlanRow("447700900101", 101, "NumberForwarding", "office-forward", None, "forwarding"),
            PlanRow("447700900102", 102, "ExternalNumber", "sales", None, None),
        ),
        (),
    )
    assert found.obstacles == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"host": "b.example"}, "host: the account has sip.a.example"),
        ({"login": "other"}, "login: the account has 900101"),
        ({"number": "447700900177"}, "447700900177 is not in the account"),
        ({"number": "447700900102"}, "447700900102 is connected already as type sipuri, not ate"),
    ],
)
def test_a_value_that_the_list_contradicts_differs(changes: dict[str, Any], said: str) -> None:
    text = differs({**ATE, **changes})
    assert text is not None
    assert text.startswith(said) or said in text


def test_fewer_servers_than_the_list_has_differ() -> None:
    text = differs({**SIPURI, "host": "a.example"})
    assert text is not None
    assert "host: the account has b.example,a.example" in text


@pytest.mark.parametrize(
    "changes", [{"login": SECRET}, {"host": UNKNOWN}, {"host": SECRET, "login": SECRET}, {"port": UNKNOWN}]
)
def test_a_secret_or_unknown_value_is_neither_compared_nor_shown(changes: dict[str, Any]) -> None:
    [row] = planned(
        number("office", {**ATE, **changes}), listed=(replace(OFFICE, source="x@y.example"),)
    ).rows
    assert (row.id, row.differs) == (101, None)
    assert SECRET not in repr(row)


@pytest.mark.parametrize("value", [SECRET, UNKNOWN])
def test_a_number_that_is_known_in_the_run_alone_is_compared_there(value: str) -> None:
    [row] = planned(number("office", {**ATE, "number": value})).rows
    assert (row.number, row.id, row.differs) == (None, None, None)
    assert row.on_trust == "all that is known in the run alone"


@pytest.mark.parametrize(
    "provider",
    [
        f"{PROVIDERS}::partner::7d6e",
        f"{PROVIDERS}::default-partner::7d6e",
        f"{URN}my:index:Sites$pulumi:providers:pulumi-python::default::7d6e",
    ],
)
def test_a_number_of_an_account_beside_is_compared_when_it_is_recorded(provider: str) -> None:
    inputs = {**ATE, "host": "elsewhere.example"}
    found = planned(
        number("office", inputs, provider=provider),
        number("same", inputs, provider=provider),
        {**forwarding("f", number_id=177.0)} | {"newState": _beside(forwarding("f"), provider)},
    )
    assert [row.differs for row in found.rows] == [None, None, None]
    assert all("compared when it is recorded" in str(row.on_trust) for row in found.rows)


def _beside(planned_step: dict[str, Any], provider: str) -> dict[str, Any]:
    return {**planned_step["newState"], "provider": provider}


def test_a_forwarding_by_id_shows_its_number() -> None:
    [row] = planned(forwarding("f", number_id=101.0)).rows
    assert (row.number, row.id, row.differs) == ("447700900101", 101, None)


@pytest.mark.parametrize("ids", [{"number_id": 177.0}, {"number_id": 101, "number_type": "sipuri"}])
def test_a_forwarding_of_an_id_that_the_account_has_not_differs(ids: dict[str, Any]) -> None:
    [row] = planned(forwarding("f", **ids)).rows
    assert row.differs is not None
    assert row.differs.startswith("the account has no ")


def test_a_forwarding_of_a_number_that_differs_has_no_reason_of_its_own() -> None:
    found = planned(number("office", {**ATE, "number": "447700900177"}), forwarding("f", "office"))
    assert [row.kind for row in found.obstacles] == ["ExternalNumber"]


def test_an_entry_that_cannot_be_read_differs() -> None:
    trouble = replace(OFFICE, id=None, trouble="id: is no number")
    assert differs(ATE, trouble, SALES)


def test_a_number_and_a_forwarding_that_are_declared_twice_differ() -> None:
    found = planned(
        number("office", ATE),
        number("again", ATE),
        forwarding("f1", "office"),
        forwarding("f2", number_id=101.0),
    )
    assert {row.resource: row.differs for row in found.obstacles} == {
        "office": "again declares the same",
        "f2": "f1 declares the same",
    }


@pytest.mark.parametrize(
    ("planned_step", "line"),
    [
        (step("random:index/id:Id", "x", {}), "create random:index/id:Id x"),
        (
            step("ExternalNumber", "x", ATE, op="update"),
            "update pulumi-python:dynamic/plusofon:ExternalNumber x",
        ),
        (
            step("ExternalNumber", "x", ATE, op="replace"),
            "replace pulumi-python:dynamic/plusofon:ExternalNumber x",
        ),
        (
            {
                "op": "delete",
                "urn": f"{URN}random:index/id:Id::x",
                "oldState": {"type": "random:index/id:Id"},
            },
            "delete random:index/id:Id x",
        ),
        (step("ExternalNumber", "a\nb", ATE, op="import"), "import "),
    ],
)
def test_a_step_that_is_no_recording_is_named(planned_step: dict[str, Any], line: str) -> None:
    [said] = planned(planned_step).others
    assert said.startswith(line)
    assert "\n" not in said


@pytest.mark.parametrize(
    "planned_step",
    [
        step("my:index:Sites", "sites", {}, custom=False),
        step("pulumi:providers:pulumi-python", "partner", {}),
        step("random:index/id:Id", "x", {}, op="same"),
        step("random:index/id:Id", "x", {}, op="read"),
    ],
)
def test_a_component_an_account_and_what_stays_are_no_obstacle(planned_step: dict[str, Any]) -> None:
    assert planned(planned_step) == Plan((), ())
