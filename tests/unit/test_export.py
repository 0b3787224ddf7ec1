"""An export: what of an account can be declared, the files that say so, and what is left out."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.api import ListedNumber
from pulumi_plusofon.cli import main
from pulumi_plusofon.migration import program, snapshot
from pulumi_plusofon.migration.files import FilesError, write_files
from pulumi_plusofon.migration.literals import quoted
from pulumi_plusofon.runtime.yaml_files import read_yaml
from support.repository import ROOT
from unit.wire import TOKEN, Answer, Wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.clock import Clock

ATE = {
    "id": 101,
    "type": "АТС",
    "number": "447700900131",
    "source": "900131@sip.operator.example",
    "customer_id": 42291,
    "status": True,
}
SIPURI = {
    "id": 102,
    "type": "SIP-URI",
    "number": "447700900132",
    "source": "a.operator.example,b.operator.example",
    "host": "42291447700900132@ext.plusofon.ru",
    "customer_id": 42291,
}
OWN = {**ATE, "id": 103, "number": "447700900133", "source": "21201588169353@sip.plusofon.ru"}
PORT = {**ATE, "id": 104, "number": "447700900134", "source": "900134@sip.operator.example:5070"}
BARE = {**ATE, "id": 105, "number": "447700900135", "source": None}
ODD = [
    {"id": 110, "type": "fax", "number": "447700900140"},
    {**SIPURI, "id": None, "number": "447700900141"},
    {**SIPURI, "id": 112, "number": "12345"},
    {**SIPURI, "id": 113, "number": "447700900143", "source": "a host"},
    {**SIPURI, "id": 114, "number": "447700900144"},
    {**SIPURI, "id": 115, "number": "447700900144"},
]
MISTAKES = """\
"447700900131": a
"+44 7700 900131": b
"84951234567": c
x: d
"447700900199": e
"447700900132": ""
"447700900133": a
"""
REASONS = {
    "447700900140": "type 'fax': its type is not known here",
    "447700900141": "the list gives it no id, so it could be neither changed nor removed",
    "12345": "number: ",
    "447700900143": "host: ",
    "447700900144": "stands 2 times in the list",
}


@pytest.fixture
def export(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, clock: Clock, tmp_path: Path
) -> Callable[..., Result]:
    """The command in a folder of its own, with an account that has some of each."""
    assert clock.slept == []
    for name, value in {"TOKEN": TOKEN, "BASE_URL": wire.url, "MAX_RETRIES": "0"}.items():
        monkeypatch.setenv(f"PLUSOFON_{name}", value)
    monkeypatch.chdir(tmp_path)
    wire.script(listing(SIPURI, PORT, ATE, OWN, BARE, *ODD))
    return lambda *words: CliRunner().invoke(main, ["export", *words])


def listing(*entries: dict[str, Any]) -> Answer:
    return Answer(body={"external_numbers": list(entries), "success": True})


def declared(folder: Path) -> list[dict[str, Any]]:
    """What a program of the export declares, run with another class in the place of the real one."""
    stub = "import json\nseen = []\nclass ExternalNumber:\n    def __init__(self, name, **inputs):\n"
    stub += "        seen.append({'name': name, **inputs})\n"
    text = (folder / "__main__.py").read_text("utf-8")
    text = (
        text.replace("from pulumi_plusofon import ExternalNumber ", f"{stub}\n")
        + "\nprint(json.dumps(seen))\n"
    )
    done = subprocess.run([sys.executable, "-"], input=text, capture_output=True, text=True, check=True)
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer


def test_a_program_declares_each_number_as_the_list_has_it(
    export: Callable[..., Result], tmp_path: Path
) -> None:
    result = export("ours")
    assert result.exit_code == 0, result.output
    ate = {"type": "ate", "host": "sip.operator.example", "port": 5060, "keep_secret": True}
    assert declared(tmp_path / "ours") == [
        {**ate, "name": "447700900131", "number": "+447700900131", "login": "900131"},
        {
            "name": "447700900132",
            "type": "sipuri",
            "number": "+447700900132",
            "host": ["a.operator.example", "b.operator.example"],
        },
        {
            **ate,
            "name": "447700900133",
            "number": "+447700900133",
            "host": "sip.plusofon.ru",
            "login": "21201588169353",
        },
        {**ate, "name": "447700900134", "number": "+447700900134", "port": 5070, "login": "900134"},
        {
            **ate,
            "name": "447700900135",
            "number": "+447700900135",
            "host": "operator.invalid",
            "login": "447700900135",
        },
    ]
    text = (tmp_path / "ours" / "__main__.py").read_text()
    assert text.count("# assumed") == 3
    assert text.count("# the list does not show the operator's") == 4
    assert text.count("# NumberForwarding(") == 5
    assert yaml.safe_load((tmp_path / "ours" / "Pulumi.yaml").read_text()) == {
        "name": "ours",
        "description": "External numbers of a Plusofon account.",
        "runtime": "python",
        "requiredPulumiVersion": ">=3.254.0",
        "config": {"plusofon:customerId": {"value": "42291"}},
    }
    assert "5 numbers in ours: Pulumi.yaml, requirements.txt, .gitignore, __main__.py" in result.stdout
    assert "plusofon adopt --stack NAME --preview" in result.stdout


def test_a_list_says_the_same_as_the_program(export: Callable[..., Result], tmp_path: Path) -> None:
    assert export("one").exit_code == export("two", "--as", "config").exit_code == 0
    entries = read_yaml(tmp_path / "two" / "numbers.yaml")
    assert [{"name": one["number"][1:], **one} for one in entries] == declared(tmp_path / "one")
    config = yaml.safe_load((tmp_path / "two" / "Pulumi.yaml").read_text())["config"]
    assert config["file"] == {"value": "numbers.yaml"}


def test_what_is_left_out_is_listed_with_its_reason(export: Callable[..., Result]) -> None:
    result = export("ours")
    for number, reason in REASONS.items():
        [line, *more] = [line for line in result.stderr.splitlines() if line.startswith(number)]
        assert reason in line
        assert len(more) == (number == "447700900144")
    assert export("again", "--strict").exit_code == 1
    answer = json.loads(export("third", "--json").stdout)
    assert answer["numbers"] == 5
    assert {one["number"] for one in answer["left_out"]} == set(REASONS)
    assert answer["written"][-1] == "__main__.py"


@pytest.mark.parametrize("form", ["program", "config"])
def test_the_same_account_gives_the_same_bytes(
    export: Callable[..., Result], wire: Wire, tmp_path: Path, form: str
) -> None:
    def written() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (tmp_path / "ours").iterdir()}

    export("ours", "--as", form)
    before = written()
    wire.script(listing(*ODD, BARE, OWN, ATE, PORT, SIPURI))
    assert export("ours", "--as", form, "--force").exit_code == 0
    assert written() == before


def test_a_file_that_is_there_is_not_overwritten(export: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "__main__.py").write_text("mine")
    result = export("ours")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: ours/__main__.py: exists already")
    assert [file.name for file in (tmp_path / "ours").iterdir()] == ["__main__.py"]
    assert (tmp_path / "ours" / "__main__.py").read_text() == "mine"
    assert export("ours", "--force").exit_code == 0
    (tmp_path / "file").write_text("")
    result = export("file")
    assert (result.exit_code, "Traceback" in result.output) == (1, False)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--match", "+44770090013[12]"], ["131", "132"]),
        (["--match", "*134"], ["134"]),
        (["--type", "sipuri"], ["132"]),
        (["--type", "ate", "--match", "*13?"], ["131", "133", "134", "135"]),
    ],
)
def test_filters_choose_the_numbers(
    export: Callable[..., Result], tmp_path: Path, options: list[str], numbers: list[str]
) -> None:
    assert export("ours", *options).exit_code == 0
    assert [one["number"][-3:] for one in declared(tmp_path / "ours")] == numbers


def test_nothing_to_export_writes_nothing(export: Callable[..., Result], tmp_path: Path) -> None:
    for options, error in (
        (["--match", "99*"], "none of the account's 11 entries fits --match and --type"),
        (["--match", "12345"], "the account has no number that can be exported"),
    ):
        result = export("ours", *options)
        assert result.exit_code == 1
        assert f"Error: {error}" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_number_listed_twice_is_left_out_when_a_filter_hides_one(
    export: Callable[..., Result], wire: Wire
) -> None:
    twice = {**ATE, "id": 120, "number": SIPURI["number"]}
    wire.script(listing(SIPURI, ATE, twice))
    answer = json.loads(export("ours", "--type", "ate", "--json").stdout)
    assert [one["reason"] for one in answer["left_out"]] == ["stands 2 times in the list"]


def test_files_are_written_all_or_none(export: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "ours" / "__main__.py").mkdir(parents=True)
    result = export("ours", "--force")
    assert result.exit_code == 1
    assert (
        result.stderr.splitlines()[-1] == "Error: ours/__main__.py: is a directory, and nothing was written"
    )
    assert [file.name for file in (tmp_path / "ours").iterdir()] == ["__main__.py"]
    with pytest.raises(FilesError, match="File name too long"):
        write_files({tmp_path / "new" / "one": "1", tmp_path / "new" / ("x" * 300): "2"})
    assert list((tmp_path / "new").iterdir()) == []
    write_files({tmp_path / "new" / "one": "1"})
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["one"]


def test_a_program_and_its_list_keep_the_width_of_a_formatter(
    export: Callable[..., Result], wire: Wire, tmp_path: Path
) -> None:
    hosts = [f"server{at}.operator.example" for at in range(9)]
    wire.script(
        listing(
            ATE,
            OWN,
            BARE,
            {**SIPURI, "source": ",".join(hosts)},
            {**SIPURI, "id": 9, "number": "447700900139"},
        )
    )
    assert export("one").exit_code == export("two", "--as", "config").exit_code == 0
    for file in ("one/__main__.py", "two/__main__.py"):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", file],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    listed = tmp_path / "two" / "numbers.yaml"
    assert [one["host"] for one in read_yaml(listed) if one["number"] == "+447700900132"] == [hosts]
    for file in (tmp_path / "one" / "__main__.py", listed):
        assert max(map(len, file.read_text().splitlines())) <= 88


def test_names_come_from_a_file(export: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "names.yaml").write_text('"+44 7700 900131": office\n447700900132: "Отдел продаж"\n')
    assert export("ours", "--names", "names.yaml").exit_code == 0
    assert [one["name"] for one in declared(tmp_path / "ours")][:3] == [
        "office",
        "Отдел продаж",
        "447700900133",
    ]
    text = (tmp_path / "ours" / "__main__.py").read_text("utf-8")
    assert "office = ExternalNumber(" in text
    assert "отдел_продаж = ExternalNumber(" in text


def test_a_file_of_names_may_have_numbers_that_a_filter_hides(
    export: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "names.yaml").write_text('"+44 7700 900131": office\n447700900132: sales\n')
    assert export("ours", "--names", "names.yaml", "--type", "sipuri").exit_code == 0
    assert [one["name"] for one in declared(tmp_path / "ours")] == ["sales"]


@pytest.mark.parametrize(
    ("names", "errors"),
    [
        ("- office\n", ['names.yaml: must map numbers to names, such as "+44 7700 900131": office']),
        (
            MISTAKES,
            [
                "names.yaml: +44 7700 900131: stands twice",
                "names.yaml: 84951234567: ",
                "names.yaml: x: must be a phone number",
                "names.yaml: 447700900199: is not in the account",
                "names.yaml: 447700900132: its name must be a text",
                "names.yaml: a: is the name of +447700900131, too",
            ],
        ),
        (
            '"447700900131": same\n"447700900132": same\n',
            ["names.yaml: same: is the name of +447700900131, too"],
        ),
        ('"447700900131": a\n"447700900131": b\n', ["names.yaml, line 2: the key 447700900131 stands twice"]),
    ],
)
def test_a_mistake_in_the_names_is_reported_by_its_place(
    export: Callable[..., Result], tmp_path: Path, names: str, errors: list[str]
) -> None:
    (tmp_path / "names.yaml").write_text(names)
    result = export("ours", "--names", "names.yaml")
    assert result.exit_code == 1
    lines = result.stderr.split("Error: ")[1].splitlines()
    assert len(lines) == len(errors)
    assert all(line.startswith(error) for line, error in zip(lines, errors, strict=True))
    assert not (tmp_path / "ours").exists()


def test_the_page_shows_what_is_written(export: Callable[..., Result], tmp_path: Path) -> None:
    page = (ROOT / "docs" / "living-accounts.md").read_text()
    section = page.split("\n## Export\n")[1].split("\n## ")[0]
    shown = dict(re.findall(r"^```(yaml|python)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))
    assert set(shown) == {"yaml", "python"}
    export("one")
    export("two", "--as", "config")
    assert shown["python"] in (tmp_path / "one" / "__main__.py").read_text()
    assert shown["yaml"] in (tmp_path / "two" / "numbers.yaml").read_text()


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)


@given(TEXTS)
def test_a_literal_is_the_text_in_python_and_in_yaml(text: str) -> None:
    literal = quoted(text)
    assert "\n" not in literal
    assert ast.literal_eval(literal) == text
    assert yaml.safe_load(f"- {literal} # end") == [text]


@given(names=st.lists(TEXTS, min_size=1, max_size=4), host=TEXTS)
def test_no_name_or_host_breaks_a_program(names: list[str], host: str) -> None:
    entries = [
        ListedNumber(at, "sipuri", f"4477009001{at:02}", source="h", customer_id=1)
        for at in range(1, len(names) + 1)
    ]
    taken = snapshot.take(entries)
    hostile = snapshot.Snapshot(
        tuple(
            snapshot.Declarable(one.entry, {**one.inputs, "host": host}, one.marks) for one in taken.numbers
        ),
        (),
        1,
    )
    named = {one.entry.number: name for one, name in zip(hostile.numbers, names, strict=True)}
    tree = ast.parse(program.as_program(hostile, named, "ours")["__main__.py"])
    calls = [one.value for one in tree.body if isinstance(one, ast.Assign)]
    assert [ast.literal_eval(call.args[0]) for call in calls if isinstance(call, ast.Call)] == names
    listed = yaml.safe_load(program.as_config(hostile, named, "ours")["numbers.yaml"])
    assert [one.get("name", "") for one in listed] == names
    assert all(one["host"] == host for one in listed)


@pytest.mark.parametrize(
    ("folder", "project"),
    [
        ("ours", "ours"),
        ("мои numbers!", "numbers"),
        ("...", "numbers"),
        ("a b", "a-b"),
        ("plusofon", "plusofon-numbers"),
    ],
)
def test_a_project_has_a_name_that_pulumi_takes(folder: str, project: str) -> None:
    assert program.project_name(folder) == project
