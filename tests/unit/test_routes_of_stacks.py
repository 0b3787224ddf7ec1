"""`plusofon routes`: what is drawn of states and accounts, and each kind of problem that it marks."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import XML

import pytest

from pulumi_plusofon.command.routes.mask import masked
from pulumi_plusofon.runtime.text import plain
from support.hostile_labels import HOSTILE
from unit.fake_pulumi import OFFICE, FakePulumi, account, exported, forwarding, listed, number, secret
from unit.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.wire import Wire

RULES = {"protect-in-production": "disabled", "forwarding-destination-allowed": {"allowedCountries": ["US"]}}
GROUPS = Answer(body={"data": [{"id": 9, "name": "Support"}], "success": True})


def sipuri(name: str, last: int, **outputs: Any) -> dict[str, Any]:
    """A sipuri number that ends in `last`, which is its id, too."""
    return number(
        name,
        **{
            "type": "sipuri",
            "number": f"447700900{last}",
            "number_id": float(last),
            "port": None,
            "login": None,
            "secret": None,
            "source": "sip.a.example",
            **outputs,
        },
    )


def to(name: str, last: int, **outputs: Any) -> dict[str, Any]:
    """Its forwarding, to group 9 unless `outputs` say otherwise."""
    known = {"number_type": "sipuri", "number_id": float(last), **outputs}
    if "type" in outputs:
        known.setdefault("group_id", None)
    return forwarding(name, **known)


def to_number(name: str, last: int, digits: str) -> dict[str, Any]:
    return to(name, last, type="number", destination_number=digits, cli_type="N")


def entry(last: int, **more: Any) -> dict[str, Any]:
    """What the account lists of such a number."""
    return {
        "id": last,
        "type": "SIP-URI",
        "number": f"447700900{last}",
        "source": "sip.a.example",
        "host": "x@ext.plusofon.ru",
        "customer_id": 42291,
        **more,
    }


@pytest.fixture
def in_a_project(stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    (tmp_path / "Pulumi.yaml").write_text("name: phones\n")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    monkeypatch.chdir(tmp_path)
    return stacks


@pytest.fixture
def routes(plusofon: Callable[..., Result], in_a_project: FakePulumi) -> Callable[..., Result]:
    """The command on the stack prod, with rules."""
    assert in_a_project.bin.exists()
    return lambda *words: plusofon("routes", "--stack", "prod", "--policy-pack-config", "rules.json", *words)


def problems(result: Result) -> dict[str, list[str]]:
    """The kinds of problems by the last three digits of the number."""
    found: dict[str, list[str]] = {}
    for row in json.loads(result.stdout)["numbers"]:
        found[row["number"][-3:]] = [problem["kind"] for problem in row["problems"]]
    return found


def test_every_kind_of_problem_is_marked_and_nothing_else(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has(
        "prod",
        *(number("office"), forwarding("office")),
        *(sipuri("good", 110), to("good", 110)),
        sipuri("bare", 111),
        *(sipuri("empty", 112), to("empty", 112, type="empty", cli_type=None)),
        *(sipuri("dead", 113), to_number("dead", 113, "447700900111")),
        *(sipuri("loop", 114), to_number("loop", 114, "447700900115")),
        *(sipuri("back", 115), to_number("back", 115, "447700900114")),
        *(sipuri("crm", 116), to("crm", 116, type="amo", host="x.amocrm.ru")),
        *(sipuri("abroad", 117), to_number("abroad", 117, "442079460123")),
        *(sipuri("gone", 118), to("gone", 118)),
    )
    there = [entry(last) for last in range(110, 118)]
    wire.script(listed({**OFFICE, "status": False}, *there, entry(199)), GROUPS)
    result = routes("--json")
    assert result.exit_code == 0, result.output
    assert problems(result) == {
        "101": ["not_registered"],
        "110": [],
        "111": ["no_forwarding"],
        "112": ["empty"],
        "113": ["policy", "dead_end"],
        "114": ["policy", "policy", "loop"],
        "115": ["policy", "loop"],
        "116": ["no_fallback"],
        "117": ["policy"],
        "118": ["gone"],
        "199": ["unmanaged"],
    }
    assert set(wire.methods()) == {"GET"}


def test_check_is_status_1_with_a_line_for_each_problem(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", sipuri("bare", 111), sipuri("good", 110), to("good", 110))
    answers = [listed(entry(110), entry(111), entry(199)), GROUPS]
    wire.script(*answers)
    result = routes("--check")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "447700900111 (bare): no forwarding",
        "447700900199: in the account and in no stack",
    ]
    wire.script(*answers)
    assert routes("--check", "--allow", "unmanaged", "--allow", "no_forwarding").exit_code == 0
    wire.script(*answers)
    assert routes("--check", "--allow", "all").exit_code == 0
    wire.script(*answers)
    assert routes("--check", "447700900110").exit_code == 0


def test_without_a_token_the_state_alone_is_drawn_and_that_is_said(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    in_a_project.has("prod", number("office"), forwarding("office"))
    result = routes("--check")
    assert (result.exit_code, wire.methods()) == (0, [])
    assert result.stdout.splitlines() == [
        "447700900101 (office (prod); ate)",
        "└─ group 9",
        "",
        "1 number, none with problems.",
    ]
    assert result.stderr == "there is no token, so nothing is known of the account\n"


def test_an_exported_state_is_drawn_with_the_account_of_the_environment(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    assert in_a_project.bin.exists()
    state = json.dumps(exported(number("office"), forwarding("office")))
    wire.script(listed(OFFICE), GROUPS)
    result = plusofon("routes", "--state", "-", "--json", "--policy-pack-config", "rules.json", piped=state)
    [row] = json.loads(result.stdout)["numbers"]
    assert row == {
        "number": "447700900101",
        "e164": "+447700900101",
        "type": "ate",
        "id": 101,
        "stack": "prod",
        "resource": "office",
        "account": None,
        "registered": True,
        "listed": True,
        "forwards_to": "group Support (9)",
        "problems": [],
        "ways": [{"to": "group Support (9)", "number": None, "e164": None, "is_fallback": False}],
    }


# A resource of ours with a list where a number belongs.
LISTED = {
    "urn": "urn:pulumi:a::b::plusofon:ExternalNumber::c",
    "type": "plusofon:ExternalNumber",
    "outputs": {"number": []},
}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "text",
        '{"deployment": {"resources": [{"urn": "x"}]}}',
        '{"deployment": ' + "[" * 200_000 + "]" * 200_000 + "}",
        json.dumps({"deployment": {"resources": [LISTED]}}),
    ],
)
def test_other_input_than_a_state_is_one_line(plusofon: Callable[..., Result], content: str) -> None:
    result = plusofon("routes", "--state", "-", piped=content)
    assert result.exit_code == 1
    assert result.stderr == "Error: this is no state that `pulumi stack export` wrote\n"


def test_a_secret_target_is_not_shown(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    target = secret("12025550123")
    in_a_project.has("prod", sipuri("a", 110), to("a", 110, type="number", destination_number=target))
    wire.script(listed(entry(110)))
    result = routes("--json")
    assert "12025550123" not in result.output
    assert json.loads(result.stdout)["numbers"][0]["forwards_to"] == "number [secret]"


def test_numbers_of_an_account_beside_have_its_name_and_their_own_forwarding(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, wire_server: Any
) -> None:
    second = account("second", {"token": "other", "baseUrl": wire_server.url})
    beside = second["urn"]
    in_a_project.has(
        "prod",
        second,
        *(number("office"), forwarding("office")),
        *(
            number("there", beside, number="447700900102", customer_id=42292.0),
            forwarding("there", beside, type="sip", sip_id=4.0, group_id=None),
        ),
    )
    there = {**OFFICE, "number": "447700900102", "customer_id": 42292}
    sip = Answer(body={"data": [], "success": True})
    wire.script(listed(OFFICE), GROUPS, listed(there), sip)
    found = {number["number"]: number for number in json.loads(routes("--json").stdout)["numbers"]}
    assert found["447700900101"]["forwards_to"] == "group Support (9)"
    assert (found["447700900102"]["forwards_to"], found["447700900102"]["account"]) == ("sip 4", "second")


def test_only_what_is_asked_for_and_what_it_leads_on_to_is_drawn(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has(
        "prod",
        *(sipuri("a", 110), to_number("a", 110, "447700900111")),
        *(sipuri("b", 111), to("b", 111)),
        *(sipuri("c", 112), to("c", 112)),
        sipuri("d", 113),
    )
    answers = [listed(*map(entry, range(110, 114))), GROUPS]
    for words, expected in [
        (["+44 7700 900110"], {"110", "111"}),
        (["447700900112", "447700900113"], {"112", "113"}),
        (["--only-problems", "--policy-pack-config", "off.json"], {"113"}),
    ]:
        (in_a_project.folder / "off.json").write_text(
            '{"all": "disabled", "protect-in-production": "disabled"}'
        )
        wire.script(*answers)
        assert set(problems(routes("--json", *words))) == expected
    wire.script(*answers)
    missing = routes("447700900999")
    assert missing.exit_code == 1
    assert missing.stderr == "Error: 447700900999: no such number in the stack or the account\n"
    wire.script(*answers)
    refused = routes("84951234567")
    assert refused.exit_code == 2
    assert "can be read as +74951234567 or +84951234567" in refused.stderr


@pytest.mark.parametrize("words", [[], ["--stack", "prod", "--state", "-"]])
def test_a_stack_or_a_state_is_needed_and_not_both(plusofon: Callable[..., Result], words: list[str]) -> None:
    result = plusofon("routes", *words, piped="{}")
    assert (result.exit_code, "give --stack, or --state FILE" in result.stderr) == (2, True)


@pytest.mark.parametrize("form", ["tree", "mermaid", "svg", "json"])
def test_a_masked_picture_shows_no_number_and_the_same_mask_everywhere(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, form: str
) -> None:
    in_a_project.has(
        "prod",
        *(number("447700900101"), forwarding("447700900101", type="number", group_id=None)),
        *(sipuri("b", 112), to_number("b", 112, "442079460123")),
    )
    in_a_project.has(
        "prod",
        sipuri("447700900111", 111),
        *(to_number("447700900111", 111, "447700900112"), sipuri("b", 112)),
        to("b", 112, type="sip_uri", destination_uri="42291447700900199@ext.plusofon.ru", cli_type="N"),
    )
    wire.script(listed(entry(111), entry(112)))
    result = routes("--mask", "--check", "--format", form)
    assert result.exit_code == 1
    assert "44xxxxxxxx12" in result.stdout
    assert not re.findall(r"7700|900111|900112|900199|42291", result.output)


@pytest.mark.parametrize("form", ["tree", "mermaid", "svg", "json"])
def test_hostile_names_of_resources_and_targets_break_no_format(
    routes: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, form: str
) -> None:
    labels = [label for label in dict.fromkeys(HOSTILE.values()) if label.isprintable() and label.strip()]
    resources = [
        resource
        for at, label in enumerate(labels)
        for resource in (sipuri(label, 200 + at), to(label, 200 + at, group_id=float(at + 1)))
    ]
    in_a_project.has("prod", *resources)
    groups = [{"id": at + 1, "name": label} for at, label in enumerate(labels)]
    there = [entry(200 + at) for at in range(len(labels))]
    wire.script(listed(*there), Answer(body={"data": groups, "success": True}))
    result = routes("--format", form)
    assert result.exit_code == 0, result.output
    assert [
        character for character in result.stdout if not (character.isprintable() or character == "\n")
    ] == []
    if form in ("mermaid", "svg"):
        assert "<script" not in result.stdout.lower()
    if form == "json":
        shown = json.loads(result.stdout)["numbers"]
        assert [number["resource"] for number in shown] == [plain(label) for label in labels]
    if form == "svg":
        texts = [element.text for element in XML(result.stdout).iter("{http://www.w3.org/2000/svg}title")]
        assert len(texts) > 2 * len(labels)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("447700900123", "44xxxxxxxx23"),
        ("+44 7700 900123 and 447700900123", "+44xxxxxxxx23 and 44xxxxxxxx23"),
        ("12025550123", "1xxxxxxxx23"),
        ("78432000000", "7xxxxxxxx00"),
        ("group Support (9)", "group Support (9)"),
        ("extension 200", "extension 200"),
        ("42291447700900123@ext.plusofon.ru", "xxxxxxxxxxxxxxx23@ext.plusofon.ru"),
        ("login 900123", "login xxxx23"),
        ("8 (495) 123-45-67", "84xxxxxxx67"),
        ("٤٤٧٧٠٠٩٠٠١٢٣", "44xxxxxxxx23"),
        ("", ""),
    ],
)
def test_long_rows_of_digits_are_masked_alike(text: str, expected: str) -> None:
    assert masked(text) == expected
