"""Strategies for pairs of programs: one program, and the same after an edit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from pulumi_plusofon.lifecycle import EXTERNAL_NUMBER
from unit.model_stack import Declared

NAMES = ("a", "b", "c")
DIGITS = ("447700900101", "447700900102", "447700900103", "447700900104")
HOSTS = ("sip.a.example", "sip.b.example", "sip.a.example,sip.b.example")
TARGETS: tuple[dict[str, Any], ...] = (
    {"type": "group", "group_id": 9, "cli_type": "Y"},
    {"type": "group", "group_id": 12, "cli_type": "N"},
    {"type": "number", "destination_number": "442079460123", "cli_type": "Y"},
    {"type": "number", "destination_number": "442079460124", "cli_type": "Y"},
    {"type": "bitrix", "host": "crm.example", "type_default": "group", "group_id": 9, "cli_type": "Y"},
    {"type": "empty"},
)


@st.composite
def programs(draw: st.DrawFn, ids: tuple[tuple[str, int], ...] = ()) -> list[Declared]:
    """A program of a few numbers, most of them forwarded, and perhaps a forwarding by an id."""
    program = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3)):
        account = draw(st.sampled_from(("own", "own", "own", "second")))
        inputs: dict[str, Any] = {
            "type": draw(st.sampled_from(("sipuri", "sipuri", "ate"))),
            "number": draw(st.sampled_from(DIGITS)),
            "host": draw(st.sampled_from(HOSTS)),
            "adopt": draw(st.sampled_from((False, False, True))),
        }
        if inputs["type"] == "ate":
            secret = draw(st.sampled_from(("pw-17", "pw-18")))
            inputs |= {"host": inputs["host"].split(",")[0], "login": "900101", "secret": secret}
        secrets = frozenset({"host"}) if draw(st.integers(0, 4)) == 0 else frozenset()
        alias = draw(st.sampled_from((None, None, None, *NAMES)))
        retain = draw(st.integers(0, 4)) == 0
        number = Declared(
            "ExternalNumber", name, inputs, account, alias=alias, secrets=secrets, retain=retain
        )
        program.append(number)
        for place in range(draw(st.sampled_from((0, 1, 1, 1, 2)))):
            called = f"{draw(st.sampled_from((name, name, f'{name}-new')))}{place or ''}"
            target = draw(st.sampled_from(TARGETS)) | {"number_type": inputs["type"]}
            program.append(
                Declared(
                    "NumberForwarding",
                    called,
                    target,
                    account,
                    of=name,
                    secrets=draw(
                        st.sampled_from((frozenset(), frozenset({"destination_number", "group_id"})))
                    ),
                    retain=draw(st.integers(0, 4)) == 0,
                )
            )
    names_an_id = draw(st.booleans())
    if ids and names_an_id:
        number_type, number_id = draw(st.sampled_from(ids))
        named = {"number_type": number_type, "number_id": number_id}
        program.append(Declared("NumberForwarding", "by-id", draw(st.sampled_from(TARGETS)) | named))
    names = [declared.urn for declared in program]
    aliases = {declared.alias for declared in program} & {declared.name for declared in program}
    if aliases or len(set(names)) < len(names):
        # The engine refuses these before it asks for anything.
        kept = {declared.urn: declared for declared in program}.values()
        program = [declared if declared.alias not in aliases else _unaliased(declared) for declared in kept]
    return _each_alias_once(program)


@st.composite
def successors(draw: st.DrawFn, program: list[Declared], ids: tuple[tuple[str, int], ...]) -> list[Declared]:
    """The program after it was edited: most of it as it was, or another one."""
    other = draw(programs(ids))
    if draw(st.integers(0, 3)) == 0:
        return other
    edited = [now for declared in program if (now := _edited(draw, declared, other))]
    names = {declared.name: declared for declared in edited if declared.kind == "ExternalNumber"}
    whole = []
    for declared in edited:
        if declared.of is None:
            whole.append(declared)
            continue
        number = names.get(declared.of) or names.get(f"{declared.of}-renamed")
        if number:
            target = declared.inputs | {"number_type": number.inputs["type"]}
            whole.append(replace(declared, of=number.name, account=number.account, inputs=target))
    taken = {declared.urn for declared in whole}
    return whole + [each for each in other if each.name == "by-id" and each.urn not in taken]


def _unaliased(declared: Declared) -> Declared:
    return replace(declared, alias=None)


def _each_alias_once(program: list[Declared]) -> list[Declared]:
    seen: set[str | None] = set()
    once = []
    for declared in program:
        once.append(_unaliased(declared) if declared.alias in seen else declared)
        seen.add(declared.alias)
    return once


def _edited(draw: st.DrawFn, declared: Declared, other: list[Declared]) -> Declared | None:
    edit = draw(st.sampled_from(("keep", "keep", "drop", "inputs", "inputs", "rename", "hide")))
    donors = [each for each in other if each.kind == declared.kind and bool(each.of) == bool(declared.of)]
    if edit == "drop":
        return None
    if edit == "inputs" and donors:
        given = donors[0].inputs
        if declared.kind == "ExternalNumber":
            names = draw(st.sets(st.sampled_from(("host", "adopt", "number", "type", "secret"))))
            some = declared.inputs | {name: given[name] for name in names if name in given}
            given = given if EXTERNAL_NUMBER.check(some).problems else some
        return replace(declared, inputs=given)
    if edit == "rename":
        alias = draw(st.sampled_from((None, declared.name)))
        return replace(declared, name=f"{declared.name}-renamed", alias=alias)
    if edit == "hide":
        return replace(declared, secrets=frozenset({"host", "destination_number", "group_id"}))
    return declared
