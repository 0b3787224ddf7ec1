"""The fleet example's file: each mistake is reported by its path, and no value is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from declaration import Customer, DeclarationError, read
from stacks import configuration

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-Zq7-not-to-be-repeated"
NORTH = (
    "customers: [{name: north, token: {env: FLEET_TOKEN}, numbers: [{number: 1, secret: {env: FLEET_SIP}}]}]"
)
CASES = [
    ("a: [", "fleet.yaml, line 1: is no YAML"),
    ("", "the file: "),
    ("customers: {}", "customers: "),
    ("clients: []", "customers: is missing"),
    ("clients: []", "clients: is no field"),
    ("customers: [{name: north, numbers: []}]", "customers[0].token: is missing"),
    ("customers: [{name: ../north, token: {env: FLEET_TOKEN}, numbers: []}]", "customers[0].name: "),
    ("customers: [{name: north, token: {env: FLEET_TOKEN}, numbers: 9}]", "customers[0].numbers: "),
    (NORTH.replace("{env: FLEET_TOKEN}", CANARY), "customers[0].token: is a secret"),
    (NORTH.replace("{env: FLEET_SIP}", CANARY), "customers[0].numbers[0].secret: is a secret"),
    (NORTH.replace("FLEET_SIP", "FLEET_UNSET"), "secret: the environment variable FLEET_UNSET is not set"),
    (f"{NORTH[:-1]}, {NORTH[12:]}", "customers[1].name: north is also customers[0].name"),
    (
        f"{NORTH[:-1]}, {NORTH[12:].replace('north', 'North')}",
        "customers[1].name: North is also customers[0]",
    ),
    (f"{NORTH}\ncustomers: []", "fleet.yaml, line 2: the key customers stands twice"),
    (NORTH.replace("numbers:", "numbers: [], numbers:"), "fleet.yaml, line 1: the key numbers stands twice"),
    (NORTH.replace("number: 1", "forward: {}, forward: {}"), "the key forward stands twice"),
    (NORTH.replace("number: 1", "number: 00447700123456"), "fleet.yaml, line 1: YAML reads a number there"),
    (NORTH.replace("name: north", "name: north, customer_id: true"), "customers[0].customer_id: "),
    (NORTH.replace("name: north", "name: north, customer_id: 0"), "customers[0].customer_id: "),
    ("customers: &a [*a]", "fleet.yaml, line 1: has an alias to itself"),
    ("[" * 5000 + "]" * 5000, "fleet.yaml, line 1: is nested more than 50 levels deep"),
]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_TOKEN", CANARY)
    monkeypatch.setenv("FLEET_SIP", CANARY)
    monkeypatch.delenv("FLEET_UNSET", raising=False)


def _read(folder: Path, text: str) -> list[Customer]:
    file = folder / "fleet.yaml"
    file.write_text(text)
    return read(file)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_error_of_a_file_is_reported_by_its_path(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        _read(tmp_path, text)
    assert expected in str(refused.value)
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_declaration_differs_from_every_other_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = [_read(tmp_path, NORTH)[0].digest]
    digests.append(_read(tmp_path, NORTH.replace("number: 1", "number: 2"))[0].digest)
    digests.append(
        _read(tmp_path, NORTH.replace("numbers", "base_url: https://a.example, numbers"))[0].digest
    )
    digests.append(_read(tmp_path, NORTH.replace("numbers", "customer_id: 42291, numbers"))[0].digest)
    monkeypatch.setenv("FLEET_SIP", "other")
    digests.append(_read(tmp_path, NORTH)[0].digest)
    monkeypatch.setenv("FLEET_TOKEN", "other")
    digests.append(_read(tmp_path, NORTH)[0].digest)
    assert len(set(digests)) == len(digests)
    assert digests[-1] == _read(tmp_path, NORTH)[0].digest


def test_a_shells_settings_count_for_no_customer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUSOFON_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", "1")
    north = _read(tmp_path, NORTH)[0]
    assert configuration(north) == {
        "fleet:declared": north.digest,
        "plusofon:baseUrl": "https://restapi.plusofon.ru",
        "plusofon:customerId": "any",
    }


def test_a_number_of_the_environment_is_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_ID", "42291")
    [north] = _read(tmp_path, NORTH.replace("name: north", "name: north, customer_id: {env: FLEET_ID}"))
    assert configuration(north)["plusofon:customerId"] == "42291"


def test_a_customer_shows_no_secret(tmp_path: Path) -> None:
    assert CANARY not in repr(_read(tmp_path, NORTH))
