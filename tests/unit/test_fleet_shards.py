"""The shards of a fleet: each customer is in one, and no other customer has a say in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import fleet
from declaration import DeclarationError, read
from shards import ALL, Shard

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,20}\Z")
FLEETS = st.lists(NAMES, unique_by=str.casefold, max_size=30)
COUNTS = st.integers(1, 12)
CANARY = "canary-Zq7-not-to-be-repeated"


def shards_of(names: list[str], count: int) -> dict[str, list[int]]:
    """The shards that have each customer."""
    shards = [Shard(index, count) for index in range(1, count + 1)]
    return {name: [shard.index for shard in shards if shard.has(name)] for name in names}


@given(FLEETS, COUNTS)
def test_each_customer_is_in_exactly_one_shard(names: list[str], count: int) -> None:
    assert [name for name, found in shards_of(names, count).items() if len(found) != 1] == []


@given(FLEETS, NAMES, COUNTS)
def test_a_customer_that_is_added_moves_no_other(names: list[str], added: str, count: int) -> None:
    before = shards_of(names, count)
    after = shards_of([added, *names], count)
    assert {name: after[name] for name in names} == before


@given(FLEETS, COUNTS)
def test_a_shard_that_is_added_takes_customers_and_moves_no_other(names: list[str], count: int) -> None:
    before, after = shards_of(names, count), shards_of(names, count + 1)
    assert [name for name in names if after[name] not in (before[name], [count + 1])] == []


@given(NAMES, COUNTS)
def test_a_name_in_capitals_is_in_the_same_shard(name: str, count: int) -> None:
    assert shards_of([name.upper()], count)[name.upper()] == shards_of([name.lower()], count)[name.lower()]


def test_shards_of_many_customers_are_about_as_large() -> None:
    found = [
        shard
        for shards in shards_of([f"customer-{at}" for at in range(1000)], 4).values()
        for shard in shards
    ]
    assert all(200 < found.count(index) < 300 for index in range(1, 5))


def test_the_shard_of_a_name_never_changes() -> None:
    assert shards_of(["north", "south", "a", "B2"], 4) == {"north": [3], "south": [1], "a": [1], "B2": [2]}


@given(COUNTS, st.data())
def test_a_shard_is_read_as_it_is_written(count: int, data: st.DataObject) -> None:
    shard = Shard(data.draw(st.integers(1, count)), count)
    assert Shard.parse(str(shard)) == shard


@pytest.mark.parametrize(
    "text", ["", "2", "0/4", "5/4", "1/0", "-1/4", "1/4/4", "a/b", "1/99999", "\u0661/4", "1/4\n"]
)
def test_a_shard_that_is_none_is_wrong_usage(text: str, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("customers: []")
    done = CliRunner().invoke(fleet.main, [str(tmp_path / "fleet.yaml"), "--shard", text])
    assert done.exit_code == 2
    assert "--shard" in done.output
    with pytest.raises(ValueError, match="the second of four shards"):
        Shard.parse(text)


def _customer(name: str) -> str:
    token, customer = (f"{{env: {name.upper()}_{what}}}" for what in ("TOKEN", "ID"))
    return f"  - {{name: {name}, token: {token}, customer_id: {customer}, numbers: []}}\n"


def test_a_shard_needs_the_variables_of_its_own_customers_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(f"customers:\n{_customer('north')}{_customer('south')}")
    monkeypatch.delenv("NORTH_TOKEN", raising=False)
    monkeypatch.delenv("NORTH_ID", raising=False)
    monkeypatch.setenv("SOUTH_TOKEN", CANARY)
    monkeypatch.setenv("SOUTH_ID", "42292")
    [own] = read(file, Shard(1, 2))
    assert (own.name, own.token.get_secret_value(), own.customer_id) == ("south", CANARY, 42292)
    for shard in (Shard(2, 2), ALL):
        with pytest.raises(DeclarationError) as refused:
            read(file, shard)
        assert str(refused.value).splitlines() == [
            f"customers[0].{field}: the environment variable {name} is not set"
            for field, name in (("token", "NORTH_TOKEN"), ("customer_id", "NORTH_ID"))
        ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{name: north, token: {env: T}, numbers: 9}", "customers[0].numbers: "),
        ("{name: north, token: clear, numbers: []}", "customers[0].token: is a secret"),
        (
            "{name: SOUTH, token: {env: SOUTH_TOKEN}, numbers: []}",
            "customers[1].name: south is also customers[0].name",
        ),
        ("{name: {env: UNSET_HERE}, token: {env: T}, numbers: []}", "customers[0].name: the environment"),
        ("7", "customers[0]: "),
    ],
)
def test_a_shard_refuses_a_file_that_is_wrong_for_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, expected: str
) -> None:
    monkeypatch.setenv("SOUTH_TOKEN", CANARY)
    monkeypatch.setenv("SOUTH_ID", "42292")
    file = tmp_path / "fleet.yaml"
    file.write_text(f"customers:\n  - {entry}\n{_customer('south')}")
    with pytest.raises(DeclarationError) as refused:
        read(file, Shard(1, 2))
    assert expected in str(refused.value)
    assert CANARY not in str(refused.value)
