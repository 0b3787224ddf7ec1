"""An export: what of an account can be declared, the files that say so, and what is left out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from pulumi_plusofon.command.export import program
from pulumi_plusofon.command.export.files import FilesError, write_files
from pulumi_plusofon.runtime.yaml import read_yaml
from support.repository import ROOT
from unit.exports import ATE, BARE, ODD, OWN, PORT, SIPURI, declared, listing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.wire import Wire


REASONS = {
    "447700900140": "type 'fax': its type is not known here",
    "447700900141": "the list gives it no id, so it could be neither changed nor removed",
    "12345": "number: ",
    "447700900143": "host: ",
    "447700900144": "stands 2 times in the list",
}


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
    assert [{"name": entry["number"][1:], **entry} for entry in entries] == declared(tmp_path / "one")
    config = yaml.safe_load((tmp_path / "two" / "Pulumi.yaml").read_text())["config"]
    assert config["file"] == {"value": "numbers.yaml"}


def test_an_entry_that_is_left_out_is_listed_with_its_reason(export: Callable[..., Result]) -> None:
    result = export("ours")
    for number, reason in REASONS.items():
        [line, *more] = [line for line in result.stderr.splitlines() if line.startswith(f"+{number}")]
        assert reason in line
        assert len(more) == (number == "447700900144")
    assert export("again", "--strict").exit_code == 1
    answer = json.loads(export("third", "--json").stdout)
    assert set(answer) == {"written", "numbers", "left_out"}
    assert answer["written"] == ["Pulumi.yaml", "requirements.txt", ".gitignore", "__main__.py"]
    assert answer["numbers"] == 5
    by_number = {entry["number"]: entry for entry in answer["left_out"]}
    assert set(by_number) == set(REASONS)
    assert by_number["447700900140"] == {
        "number": "447700900140",
        "e164": "+447700900140",
        "id": 110,
        "reason": REASONS["447700900140"],
    }


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
    assert [resource["number"][-3:] for resource in declared(tmp_path / "ours")] == numbers


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
    assert [entry["reason"] for entry in answer["left_out"]] == ["stands 2 times in the list"]


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
    for program_file in ("one/__main__.py", "two/__main__.py"):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", program_file],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    listed = tmp_path / "two" / "numbers.yaml"
    assert [entry["host"] for entry in read_yaml(listed) if entry["number"] == "+447700900132"] == [hosts]
    for file in (tmp_path / "one" / "__main__.py", listed):
        assert max(map(len, file.read_text().splitlines())) <= 88


def test_the_page_shows_what_is_written(export: Callable[..., Result], tmp_path: Path) -> None:
    page = (ROOT / "docs" / "living-accounts.md").read_text()
    section = page.split("\n## Export\n")[1].split("\n## ")[0]
    shown = dict(re.findall(r"^```(yaml|python)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))
    assert set(shown) == {"yaml", "python"}
    export("one")
    export("two", "--as", "config")
    assert shown["python"] in (tmp_path / "one" / "__main__.py").read_text()
    assert shown["yaml"] in (tmp_path / "two" / "numbers.yaml").read_text()


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
