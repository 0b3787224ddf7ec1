"""The JSON schemas of the data: what a schema refuses, the checks refuse, and it sees most mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

import schemas
from declaration import DeclarationError, read
from pulumi_plusofon.data.format import NumbersReader
from pulumi_plusofon.data.names import TargetNames
from pulumi_plusofon.data.references import References
from pulumi_plusofon.runtime.settings import KEYS, SETTINGS, Setting
from pulumi_plusofon.schema.fields import FORWARDING_FIELDS, NUMBER_FIELDS
from pulumi_plusofon.schema.targets import CRMS, NAMED, TARGETS
from pulumi_plusofon.session import ReferenceCheck
from support.bad_input_cases import CONFIGURATION, DATA, NUMBER_FORWARDING
from unit import test_declared, test_fleet_declaration, test_profiles
from unit.bad_inputs import ATE, CRM, FORWARDING, HIDDEN, NUMBER, SIP, SIPURI, TO_NUMBER, TO_URI

ROOT: Final = Path(__file__).resolve().parents[2]
SCHEMAS: Final = {
    name: json.loads((schemas.PACKAGE / name).read_text())
    for name in ("numbers.json", "stack.json", "fleet.json")
}
# As an editor finds them: beside each other.
TOGETHER: Final = Registry().with_resources(
    (name, DRAFT7.create_resource(schema)) for name, schema in SCHEMAS.items()
)


def validator(schema: Any) -> Draft7Validator:
    return Draft7Validator(schema, registry=TOGETHER)


IN_STACK: Final = validator({"type": "array", "items": {"$ref": "numbers.json#/definitions/number"}})
IN_FILE: Final = validator(SCHEMAS["numbers.json"])
STACK: Final = validator(SCHEMAS["stack.json"])
FLEET: Final = validator(SCHEMAS["fleet.json"])
SHIPPED: Final = {
    **{f"Pulumi.{stack}.yaml": "stack.json" for stack in ("dev", "staging", "prod")},
    "templates/plusofon-data/numbers.yaml": "numbers.json",
    "examples/fleet/fleet.yaml": "fleet.json",
}
# What a schema cannot see: numbering plans, other entries, IDNA, what a preview has to count.
NO_SHAPE: Final = re.compile(
    r"is also numbers|\+[0-9]+: if that is meant|in international form|letters, or their order|"
    r"takes one server|must be seconds$|port from 1 to"
)
ENVIRONMENT: Final = {"PASSWORD": "0123", "GROUP": "9"}


class _Found:
    """What an account answers to a name that it has."""

    id = 9


class _Account:
    def find(self, *_: object) -> _Found:
        return _Found()


def _problems(numbers: Any) -> list[str]:
    """What the checks say of a list in a stack's configuration."""
    directory: Any = _Account()

    def account() -> ReferenceCheck:
        return ReferenceCheck(directory)

    references = References(ENVIRONMENT.get, sealed=False, environment=ENVIRONMENT)
    resolved = references.resolve(numbers, "numbers")
    reader = NumbersReader(TargetNames(account))
    reader.read(resolved, "numbers")
    return [*references.problems, *reader.problems.lines]


def _forward(inputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key not in ("number_type", "number_id")}


# Lists that are wrong, with what the checks say first.
WRONG: Final[list[Any]] = [
    *(numbers for numbers, _, _ in DATA),
    *(numbers for numbers, _ in test_declared.WRONG),
    *(
        [{**SIPURI, "forward": _forward({**base, field: value})}]
        for base, field, value, _ in FORWARDING
        if field not in ("number_type", "number_id")
    ),
    *(
        [{**SIPURI, "forward": _forward(inputs)}]
        for inputs, field, _ in NUMBER_FORWARDING
        if field not in ("number_type", "number_id", "number")
    ),
    *(
        [{**SIPURI, "forwards": {name: forward}}]
        for name in (True, 7, "")
        for forward in (test_profiles.NIGHT,)
    ),
    [{**SIPURI, "forwards": [test_profiles.NIGHT]}],
    [{**SIPURI, "forwards": {"night": None}}],
    [{**ATE, "keep_secret": True}],
    [{**SIPURI, "forward": {"type": "group", "group": "Support", "group_id": 9, "cli_type": "Y"}}],
    [{**SIPURI, "forward": {"type": "group", "group": 9, "cli_type": "Y"}}],
    [{**SIPURI, "forward": {"type": "sip", "group": "Support", "sip_id": 4, "cli_type": "Y"}}],
]
GOOD: Final[list[Any]] = [
    [],
    [ATE, {**SIPURI, "name": "sales", "aliases": ["old"], "protect": True}],
    test_profiles.NUMBERS,
    [
        {
            **SIPURI,
            "name": None,
            "port": None,
            "login": None,
            "forward": None,
            "forwards": None,
            "aliases": None,
        }
    ],
    [{**SIPURI, "host": ["sip1.example.com", " sip2.example.com", "2001:db8::1"]}],
    [{**SIPURI, "host": "sip1.example.com, 192.0.2.1,сип.рф"}],
    [{**ATE, "number": 79104445566, "login": 111, "port": 5061.0}],
    [{**ATE, "number": "+7 (910) 444\u201355\u201366"}],
    [{**{key: value for key, value in ATE.items() if key != "secret"}, "keep_secret": True}],
    [{**ATE, "secret": {"env": "PASSWORD"}, "login": {"config": "PASSWORD"}, "keep_secret": False}],
    *([{**SIPURI, "forward": _forward(base)}] for base in (SIP, CRM, TO_NUMBER, TO_URI)),
    *([{**SIPURI, "forward": {"type": kind, kind: "Support", "cli_type": "Y"}}] for kind in NAMED),
    *(
        [{**SIPURI, "forward": {**_forward(CRM), "type": crm, "type_default": "group", "group": "Support"}}]
        for crm in CRMS
    ),
    [{**SIPURI, "forward": {**_forward(CRM), "type_default": "empty", "sip_id": None}}],
    [
        {
            **SIPURI,
            "forward": {**_forward(CRM), "type_default": "number", "destination_number": "+1 202-555-0123"},
        }
    ],
    [
        {
            **SIPURI,
            "forward": {"type": "group", "group_id": {"env": "GROUP"}, "cli_type": "N", "set_again": "1"},
        }
    ],
]


def test_the_files_are_what_the_tables_say() -> None:
    stale = [str(file) for file, text in schemas.files().items() if file.read_text() != text]
    assert stale == [], "run .venv/bin/python tools/schemas.py"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_that_editors_read(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("file", "name"), SHIPPED.items())
def test_a_shipped_file_names_its_schema_and_keeps_to_it(file: str, name: str) -> None:
    text = (ROOT / file).read_text()
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named
    assert json.loads((ROOT / file).parent.joinpath(named[1]).read_text()) == SCHEMAS[name]
    assert list(validator(SCHEMAS[name]).iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize("numbers", GOOD)
def test_numbers_that_the_checks_accept_pass_every_schema(numbers: Any) -> None:
    assert _problems(numbers) == []
    assert list(IN_STACK.iter_errors(numbers)) == []


def test_most_mistakes_of_the_tables_are_seen_by_the_schema() -> None:
    problems = [_problems(numbers) for numbers in WRONG]
    assert all(problems)
    caught = [not IN_STACK.is_valid(numbers) for numbers in WRONG]
    assert sum(caught) / len(caught) > 0.9
    missed = [lines for lines, is_caught in zip(problems, caught, strict=True) if not is_caught]
    of_shape = [line for lines in missed for line in lines if not NO_SHAPE.search(line)]
    assert len(of_shape) <= 3, of_shape


VALUES: Final = st.sampled_from(
    [
        *(value for _, _, value, _ in (*NUMBER, *FORWARDING) if not isinstance(value, float)),
        *(value for base in (ATE, SIPURI, SIP, CRM, TO_NUMBER, TO_URI) for value in base.values()),
        *("empty", "group", "Support", "Y", 9, True, False, "a.example,b.example", ["a.example"]),
        *({"env": "GROUP"}, {"env": "UNSET"}, {"env": "GROUP", "config": "GROUP"}, {"secure": "v1:x"}),
    ]
) | st.text(max_size=12)
TYPES: Final = st.sampled_from([*TARGETS, *CRMS, "empty"])
FORWARDS: Final = st.fixed_dictionaries(
    {"type": TYPES},
    optional={
        **{
            name: VALUES | st.sampled_from([9, "Y", "+1 202-555-0123", "a@b.example", "b.example", "Support"])
            for name in (*FORWARDING_FIELDS, *NAMED)
            if name != "type"
        },
        "type_default": TYPES,
    },
)
ENTRIES: Final = st.fixed_dictionaries(
    {"number": st.sampled_from(["79104445566", "+44 7700 900123"]) | VALUES},
    optional={
        **{name: VALUES for name in NUMBER_FIELDS if name not in ("number", "type")},
        "type": st.sampled_from(["ate", "sipuri"]),
        "host": st.sampled_from(["sip.example.com", ["sip.example.com", "сип.рф"]]) | VALUES,
        "forward": FORWARDS | VALUES,
        "forwards": st.dictionaries(st.sampled_from(["night", "", " "]), FORWARDS, max_size=1),
        "name": VALUES,
        "protect": VALUES,
        "aliases": st.lists(st.text(max_size=3), max_size=1),
    },
)


SETTING_TEXTS: Final = [
    *(value for row in CONFIGURATION for value, _ in row.values()),
    *("any", " 5 ", "1e1", "TRUE", "record", "HTTPS://restapi.plusofon.ru", "http://[::1]:80/a"),
]


@given(ENTRIES)
def test_an_entry_that_the_schema_refuses_fails_the_checks(entry: dict[str, Any]) -> None:
    errors = [error.message for error in IN_STACK.iter_errors([entry])]
    assert not errors or _problems([entry]), errors


@given(st.text(max_size=12), st.sampled_from(["host", "login", "secret", "name", "number"]))
def test_no_text_is_refused_by_the_schema_alone(text: str, field: str) -> None:
    numbers = [{**ATE, field: text}]
    assert IN_STACK.is_valid(numbers) or _problems(numbers)


BOUNDS: Final = st.sampled_from(
    [1, 65535, 3600, 3600.0, 0.001, 2**53 - 1, 10000, 999999999999999, 79104445566.0]
)


@given(st.integers() | st.floats() | BOUNDS, st.sampled_from(["port", "login", "wait_for_registration"]))
def test_no_number_is_refused_by_the_schema_alone(number: float, field: str) -> None:
    for numbers in (
        [{**ATE, field: number}],
        [{**ATE, "number": number}],
        [{**ATE, "forward": {"type": "group", "group_id": number, "cli_type": "Y"}}],
    ):
        assert IN_STACK.is_valid(numbers) or _problems(numbers)


def test_a_password_stands_in_a_stacks_file_and_in_no_other() -> None:
    clear, secure = [ATE], [{**ATE, "secret": {"secure": "v1:a:b"}}]
    assert [IN_STACK.is_valid(numbers) for numbers in (clear, secure)] == [True, True]
    assert [IN_FILE.is_valid(numbers) for numbers in (clear, secure)] == [False, False]
    assert IN_FILE.is_valid([{**ATE, "secret": {"config": "officePassword"}}])


def test_a_misspelt_setting_of_a_stack_is_seen() -> None:
    def stack(**values: Any) -> dict[str, Any]:
        return {"config": {key.replace("__", ":"): value for key, value in values.items()}}

    assert STACK.is_valid(stack(plusofon__timeout=20, plusofon__customerId="any", other__key=[1]))
    assert [
        key for key in KEYS if key not in SCHEMAS["stack.json"]["properties"]["config"]["properties"]
    ] == []
    assert not STACK.is_valid(stack(plusofon__customerID="1"))
    assert not STACK.is_valid(stack(project__numbers=[{**ATE, "port": "5060"}]))
    assert STACK.is_valid(stack(project__numbers={"secure": "v1:a:b"}, project__profile="night"))


@given(st.sampled_from(SETTINGS), st.text(max_size=8) | st.sampled_from(SETTING_TEXTS))
def test_a_setting_that_a_stacks_schema_refuses_is_refused(setting: Setting, text: str) -> None:
    if not STACK.is_valid({"config": {f"plusofon:{setting.key}": text}}):
        with pytest.raises(ValueError, match=r".+"):
            setting.parse(text)


def test_a_fleet_that_the_schema_refuses_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLEET_TOKEN", HIDDEN)
    monkeypatch.setenv("FLEET_SIP", HIDDEN)
    file = tmp_path / "fleet.yaml"
    caught = 0
    readable = [text for text, _ in test_fleet_declaration.CASES if _as_yaml(text) is not None]
    for text in readable:
        file.write_text(text)
        if not FLEET.is_valid(_as_yaml(text)):
            caught += 1
            with pytest.raises(DeclarationError):
                read(file)
    assert caught >= len(readable) * 0.6
    assert not FLEET.is_valid({"customers": [{"name": "a", "token": "clear", "numbers": []}]})
    assert not FLEET.is_valid({"customers": [{"name": "a", "token": {"config": "key"}, "numbers": []}]})


def _as_yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        return None
