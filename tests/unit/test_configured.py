"""A stack's numbers from its configuration or from the file that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon import InputError
from pulumi_plusofon.stack.from_config import declare_configured
from unit.bad_inputs import ATE, HIDDEN, SIPURI
from unit.mock_engine import SECRET, Registered, run
from unit.stack_config import configured

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = """
- name: office
  type: ate
  number: "+44 7700 900123"
  host: sip.operator.example
  login: {config: login}
  secret: {config: officePassword}
  forward: {type: group, group_id: {env: OFFICE_GROUP}, cli_type: "Y"}
"""


def _registered(folder: Path) -> list[Registered]:
    return run(lambda: declare_configured(folder))


def _refused(folder: Path) -> list[str]:
    with pytest.raises(InputError) as refused:
        run(lambda: declare_configured(folder))
    assert HIDDEN not in str(refused.value)
    return str(refused.value).splitlines()


def test_a_file_declares_what_the_configuration_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numbers").mkdir()
    (tmp_path / "numbers" / "dev.yaml").write_text(OFFICE)
    monkeypatch.setenv("OFFICE_GROUP", "9")
    with configured(("officePassword",), file="numbers/dev.yaml", login="900123", officePassword=HIDDEN):
        number, forwarding = _registered(tmp_path)
    assert number.inputs["login"] == "900123"
    assert number.inputs["secret"] == {**SECRET, "value": HIDDEN}
    assert forwarding.inputs["group_id"] == 9


def test_a_secret_of_the_configuration_stays_one_wherever_it_stands(tmp_path: Path) -> None:
    entry = {**SIPURI, "name": "sales", "host": {"config": "operator"}}
    with configured(("operator",), numbers=[entry], operator="sip.operator.example"):
        [number] = _registered(tmp_path)
    assert number.inputs["host"] == {**SECRET, "value": "sip.operator.example"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            f"- {{type: ate, secret: {HIDDEN}}}",
            ["a.yaml: numbers[0].secret: is a secret, which no file may have"],
        ),
        ("- {type: sipuri, host: {env: UNSET_HERE}}", ["a.yaml: numbers[0].host: the environment variable"]),
        (
            "- {forward: {host: {config: crm}}}",
            ["a.yaml: numbers[0].forward.host: the configuration has no crm"],
        ),
        ("- {type: sipuri}\n- type: ate\n  type: ate", ["a.yaml, line 3: the key type stands twice"]),
        ("- {number: 00447700123456}", ["a.yaml, line 1: YAML reads a number there as another one"]),
        ("numbers: []", ["a.yaml: numbers: must be a list of numbers"]),
        ("", ["a.yaml: numbers: is missing"]),
        (
            '- {type: sipuri, number: "447700900123", host: a.example, forward: {type: fax}, "x\\ny": 1}',
            [r"'a.yaml: numbers[0].x", "a.yaml: numbers[0].forward.type: must be sip, number"],
        ),
    ],
)
def test_a_mistake_in_a_file_is_reported_by_its_name_and_path(
    tmp_path: Path, content: str, expected: list[str]
) -> None:
    (tmp_path / "a.yaml").write_text(content)
    with configured(file="a.yaml"):
        lines = _refused(tmp_path)
    assert len(lines) == len(expected), lines
    assert [line for line, start in zip(lines, expected, strict=True) if not line.startswith(start)] == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"numbers": [], "file": "a.yaml"}, "project:file: cannot be given together with project:numbers"),
        ({"file": "gone.yaml"}, "gone.yaml: cannot be read: No such file or directory"),
        ({"file": "../a.yaml"}, "project:file: must name a file of the project's folder"),
        ({"file": "/etc/hostname"}, "project:file: must name a file of the project's folder"),
        ({}, "numbers: is missing"),
        ({"numbers": [], "File": "a"}, "project:File: is no key of this program; did you mean project:file?"),
        (
            {"numbers": [], "zzz": "a"},
            "project:zzz: is no key of this program; there are file, numbers, profile",
        ),
        (
            {"numbers": [], "plusofon__customerID": "1"},
            "plusofon:customerID: is no setting; did you mean plusofon:customerId?",
        ),
        (
            {"numbers": [{**ATE, "secret": {"config": "pasword"}}], "password": HIDDEN},
            "numbers[0].secret: the configuration has no pasword: `pulumi config set pasword`",
        ),
    ],
)
def test_a_mistake_in_the_configuration_is_reported_by_its_key(
    tmp_path: Path, values: dict[str, Any], expected: str
) -> None:
    with configured(**values):
        assert expected in _refused(tmp_path)


def test_a_link_does_not_lead_out_of_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "numbers.yaml").write_text("[]")
    (project / "numbers.yaml").symlink_to(tmp_path / "numbers.yaml")
    with configured(file="numbers.yaml"):
        assert _refused(project) == ["project:file: must name a file of the project's folder"]
