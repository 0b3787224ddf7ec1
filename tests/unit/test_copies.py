"""A copy of an account is an account of its own: what a stack holds of the one is refused with the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.command.export.seed import copy_of
from pulumi_plusofon.sandbox.seeding import Seed
from unit import previews
from unit.fake_pulumi import OFFICE, SALES, listed, number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.fake_pulumi import FakePulumi
    from unit.wire import Wire

URN = "pulumi state delete URN"
ATE = {
    "number": "447700900101",
    "host": "sip.a.example",
    "port": 5060,
    "login": "900101",
    "secret": "[secret]",
}
THERE = number("office", number="447700900101", number_id=101.0, customer_id=42291.0)


def _entries(*customers: int | None) -> list[ListedNumber]:
    return [
        ListedNumber(at, "sipuri" if at % 2 else "fax", f"44770090010{at}", "h.example", customer_id=customer)
        for at, customer in enumerate(customers)
    ]


@given(st.lists(st.none() | st.integers(1, 2**62), max_size=4))
def test_no_copy_has_the_id_of_its_account_in_any_entry(customers: list[int | None]) -> None:
    content = json.loads(json.dumps(copy_of(_entries(*customers), {}).content))
    ids = {content["customer_id"], *(entry.get("customer_id") for entry in content["entries"])} - {None}
    assert not ids & set(customers)
    assert Seed.model_validate(content).customer_id == content["customer_id"]


@given(st.integers(1, 2**62))
def test_all_of_a_copy_is_one_account_and_a_copy_of_it_another(customer_id: int) -> None:
    first = copy_of(_entries(customer_id, customer_id), {}).content
    assert [entry["customer_id"] for entry in first["entries"]] == [first["customer_id"]]
    second = copy_of(_entries(first["customer_id"]), {}).content
    assert second["customer_id"] not in (customer_id, first["customer_id"])


@pytest.fixture
def in_a_project(stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """The folder of a project, and the stacks that a test writes."""
    (tmp_path / "Pulumi.yaml").write_text("name: phones\n")
    monkeypatch.chdir(tmp_path)
    return stacks


def _previews(stacks: FakePulumi, *steps: dict[str, Any]) -> None:
    """What `pulumi preview --json` prints of the stack."""
    (stacks.folder / "prod.preview.json").write_text(json.dumps(previews.preview(*steps)))


@pytest.mark.parametrize("words", [("--preview",), ("--yes",)])
def test_adopt_refuses_a_state_of_another_account(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, words: tuple[str, ...]
) -> None:
    in_a_project.has("prod", THERE)
    _previews(in_a_project, previews.number("create", "sales", 102))
    wire.script(listed({**SALES, "customer_id": 17}))
    result = plusofon("adopt", "--stack", "prod", *words)
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: prod: the state has resources in account 42291, and the token is another's; set the token and"
        " the base URL of account 42291, or use a backend or a stack of this account's own\n"
    )
    assert {asked.method for asked in wire.asked} == {"GET"}


@pytest.mark.parametrize("op", ["delete", "replace", "create-replacement", "delete-replaced", "discard"])
def test_adopt_never_advises_an_up_that_deletes_or_replaces(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, op: str
) -> None:
    in_a_project.has("prod", THERE)
    _previews(in_a_project, previews.number("update", "b", 103), previews.number(op, "office", 101))
    wire.script(listed(OFFICE))
    result = plusofon("adopt", "--stack", "prod", "--preview")
    assert result.exit_code == 1
    assert f"\n  {op} pulumi-python:dynamic/plusofon:ExternalNumber office\n" in result.stderr
    assert "Do not run `pulumi up`: it would." in result.stderr
    assert "Run `pulumi up`" not in result.stderr
    assert "update" not in result.stderr
    assert URN in result.stderr


def test_adopt_advises_an_up_for_steps_after_which_all_is_still_there(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", THERE)
    _previews(in_a_project, previews.number("update", "office", 101))
    wire.script(listed(OFFICE))
    result = plusofon("adopt", "--stack", "prod", "--preview")
    assert "Run `pulumi up` for the rest of the stack first" in result.stderr


@pytest.mark.parametrize("printed", ["", "using pulumi 3\n", '{"sequence": 1}\n{"sequence": 2}\n'])
def test_adopt_reads_no_plan_where_the_preview_printed_none(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, printed: str
) -> None:
    in_a_project.has("prod")
    (in_a_project.folder / "prod.preview.json").write_text(printed)
    wire.script(listed(OFFICE))
    result = plusofon("adopt", "--stack", "prod", "--preview")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: `pulumi preview --json --stack prod` printed no JSON, but ")


def test_a_recording_that_fails_says_how_the_copy_becomes_the_state_again(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod")
    _previews(in_a_project, previews.number("create", "office", 101, inputs={"type": "ate", **ATE}))
    wire.script(listed(OFFICE))
    # The `up` itself is none that this engine knows.
    result = plusofon("adopt", "--stack", "prod", "--yes")
    assert result.exit_code == 1
    [copy] = (in_a_project.folder / ".plusofon").glob("prod-*.json")
    assert f"`pulumi stack import --stack prod --file {copy}` brings back what it was" in result.stderr
    assert json.loads(copy.read_text())["deployment"]
