"""The output of `plusofon changes`: lines, Markdown, JSON, errors, exit statuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_plusofon.command.changes.model import CallerChanges, Change
from pulumi_plusofon.command.changes.report import as_markdown, lines
from pulumi_plusofon.runtime.text import plain
from unit.markdown_reader import cells, shown
from unit.previews import forwarding, number, preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.fake_pulumi import FakePulumi
    from unit.wire import Wire

NOT_SEEN = "Not seen: forwardings that were changed by hand, because the API does not return them."
ADVICE = (
    "The policies advise: {}: number-has-forwarding: calls to {} go nowhere; declare a NumberForwarding,"
    " of type empty if that is meant."
)
SENDS = "The up sends 1 POST to forward (447700900101), 1 DELETE to disconnect (447700900102)."
LEVELS = {"protect-in-production": "disabled"}
STEPS = (
    number("same", "a", 101),
    forwarding("update", "a", 101, {"group_id": 12}),
    number("delete", "b", 102),
    forwarding("delete", "b", 102),
    number("same", "c", 103),
)


@pytest.fixture
def settings(tmp_path: Path) -> list[str]:
    file = tmp_path / "prod.json"
    file.write_text(json.dumps(LEVELS))
    return ["--policy-pack-config", str(file)]


def test_lines_say_what_changes_with_the_dangers_first(
    plusofon: Callable[..., Result], settings: list[str]
) -> None:
    result = plusofon("changes", *settings, piped=json.dumps(preview(*STEPS)))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "What changes for callers: 2 of 3 numbers of the stack prod. 1 number with a danger, marked !.",
        "! 447700900102 (b): disconnected: its calls went to group 9",
        "    ! calls to it fail from then on",
        "  447700900101 (a): calls go elsewhere: to group 12, until now to group 9",
        SENDS,
        "Resources of the stack: ~ 1 to update, - 2 to delete, 3 unchanged.",
        ADVICE.format("c", 447700900103),
        NOT_SEEN,
    ]


def test_a_preview_without_changes_is_one_line_and_what_the_policies_advise(
    plusofon: Callable[..., Result], settings: list[str]
) -> None:
    result = plusofon("changes", *settings, piped=json.dumps(preview(STEPS[0])))
    assert result.stdout.splitlines() == [
        "What changes for callers: nothing in 1 number of the stack prod.",
        ADVICE.format("a", 447700900101),
        NOT_SEEN,
    ]


def test_json_has_all_numbers_and_says_whether_it_is_complete(
    plusofon: Callable[..., Result], settings: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "preview.json"
    file.write_text(json.dumps(preview(*STEPS)))
    result = plusofon("changes", str(file), "--json", *settings)
    said = json.loads(result.stdout)
    assert (said["stack"], said["complete"], said["shows_unchanged"], said["other_changes"]) == (
        "prod",
        True,
        True,
        0,
    )
    assert [(number["number"], number["kind"]) for number in said["numbers"]] == [
        ("447700900102", "disconnected"),
        ("447700900101", "moved"),
        ("447700900103", "unchanged"),
    ]
    assert said["numbers"][1] == {
        "kind": "moved",
        "number": "447700900101",
        "e164": "+447700900101",
        "resource": "a",
        "account": None,
        "before": "group 9",
        "after": "group 12",
        "replaced_by": None,
        "notes": [],
        "dangers": [],
        "writes": [{"method": "POST", "of": "forwarding", "is_sure": True}],
        "steps": ["update NumberForwarding a"],
        "replaced_by_e164": None,
    }


def test_markdown_is_a_table(plusofon: Callable[..., Result], settings: list[str], tmp_path: Path) -> None:
    file = tmp_path / "changes.md"
    plusofon("changes", "--markdown", str(file), *settings, piped=json.dumps(preview(*STEPS)))
    assert file.read_text().splitlines() == [
        "### What changes for callers",
        "",
        "What changes for callers: 2 of 3 numbers of the stack prod. 1 number with a danger, marked !.",
        "",
        "|  | number | resource | change | calls go now | calls go then | notes |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| ! | +447700900102 | b | disconnected | group 9 | - | calls to it fail from then on |",
        "|  | +447700900101 | a | calls go elsewhere | group 9 | group 12 | - |",
        "",
        SENDS,
        "",
        "Resources of the stack: \\~ 1 to update, - 2 to delete, 3 unchanged.",
        "",
        ADVICE.format("c", 447700900103),
        "",
        NOT_SEEN,
    ]


def test_a_preview_that_failed_is_status_1_and_says_that_it_may_not_be_all(
    plusofon: Callable[..., Result], settings: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "changes.md"
    failed = preview(STEPS[0], diagnostics=[{"severity": "error", "message": "error: preview\nfailed\n"}])
    result = plusofon("changes", "--markdown", str(file), *settings, piped=json.dumps(failed))
    assert result.exit_code == 1
    said = "The preview failed, so this may not be all: preview failed"
    assert result.stdout.splitlines()[0] == said
    assert f"**{said}**" in file.read_text().splitlines()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "there is no preview to read: `pulumi preview --json` printed nothing"),
        ("Previewing update (dev)", "this is no output of `pulumi preview --json`"),
        ("{}", "this is no output of `pulumi preview --json`"),
        ("[" * 200_000 + "]" * 200_000, "this is no output of `pulumi preview --json`"),
        ('{"steps": ' + "[" * 200_000 + "]" * 200_000 + "}", "this is no output of `pulumi preview --json`"),
    ],
)
def test_other_input_than_a_preview_is_one_line_and_never_an_old_file(
    plusofon: Callable[..., Result], tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "changes.md"
    file.write_text("what an earlier run found")
    result = plusofon("changes", "--markdown", str(file), piped=content)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {said}\n")
    assert said.replace("`", "\\`") in file.read_text()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[", "rules.json: is no JSON"),
        ("[]", "rules.json: must be an object with the settings of each rule by its name"),
        ('{"no-such-rule": {}}', "rules.json: no-such-rule: there is no such rule"),
        ('{"protect-in-production": "loud"}', "rules.json: protect-in-production: enforcementLevel: must be"),
        ('{"protect-in-production": 3}', "rules.json: protect-in-production: must be an object of settings"),
        (
            '{"protect-in-production": {"productionStack": ["x"]}}',
            "rules.json: protect-in-production: productionStack: the rule has no such setting",
        ),
    ],
)
def test_settings_that_no_rule_has_are_one_line(
    plusofon: Callable[..., Result], tmp_path: Path, settings: str, said: str
) -> None:
    file = tmp_path / "rules.json"
    file.write_text(settings)
    result = plusofon("changes", "--policy-pack-config", str(file), piped=json.dumps(preview()))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {said}")


def test_resources_that_the_preview_leaves_out_are_read_from_the_state_in_this_folder(
    plusofon: Callable[..., Result], stacks: FakePulumi, settings: list[str]
) -> None:
    hidden = number("same", "a", 101)
    stacks.has("prod", {**hidden["oldState"], "urn": hidden["urn"]})
    shown = preview(STEPS[1])
    shown["changeSummary"]["same"] = 2
    said = json.loads(plusofon("changes", "--json", *settings, piped=json.dumps(shown)).stdout)
    assert said["shows_unchanged"]
    assert [(number["number"], number["kind"]) for number in said["numbers"]] == [("447700900101", "moved")]


def test_names_are_asked_only_where_they_are_wanted(
    plusofon: Callable[..., Result], wire: Wire, settings: list[str]
) -> None:
    steps = json.dumps(preview(*STEPS[:2]))
    assert "to group 12" in plusofon("changes", *settings, piped=steps).stdout
    assert wire.methods() == []
    assert plusofon("changes", "--names", *settings, piped=steps).exit_code == 0
    assert set(wire.methods()) == {"GET"}


def test_each_warning_of_the_preview_is_said_once(
    plusofon: Callable[..., Result], settings: list[str]
) -> None:
    warning = {"severity": "warning", "message": "warning: plusofon:token is\nin plain text\n"}
    warned = preview(STEPS[0], diagnostics=[warning, warning, {"severity": "info", "message": "hello"}])
    said = plusofon("changes", *settings, piped=json.dumps(warned)).stdout.splitlines()
    assert said[1:2] == ["Warning of the preview: plusofon:token is in plain text"]
    assert not any("hello" in line for line in said)


def test_changes_of_other_resources_are_named_up_to_fifty() -> None:
    others = tuple(f"create random:index:Id x{place}" for place in range(52))
    [named] = [
        line for line, _ in lines(CallerChanges("prod", (), others, (), is_whole=True)) if "Besides" in line
    ]
    assert named.startswith(f"Besides: 52 changes of other resources: {others[0]}; {others[1]}; ")
    assert named.endswith(f"; {others[49]}; and 2 more.")


def test_a_report_that_is_not_whole_says_so_everywhere_and_is_status_1(
    plusofon: Callable[..., Result], settings: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "changes.md"
    imported = number("create", "a", 101)
    imported["op"] = "import"
    piped = json.dumps(preview(imported))
    text = plusofon("changes", "--markdown", str(file), *settings, piped=piped)
    said = "This report is not whole: it does not show what these do: a: a step import is not rehearsed"
    assert text.exit_code == 1
    assert text.stdout.splitlines()[0].startswith(said)
    assert said in file.read_text()
    found = plusofon("changes", "--json", *settings, piped=piped)
    assert found.exit_code == 1
    shown = json.loads(found.stdout)
    assert (shown["complete"], len(shown["missing"])) == (False, 1)


# CommonMark has no such letter.
TEXTS = st.text(max_size=60).filter(lambda text: "\x00" not in text)


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


@given(name=TEXTS, leads=TEXTS, danger=TEXTS)
def test_no_text_breaks_the_lines_or_the_table(name: str, leads: str, danger: str) -> None:
    change = Change(
        "moved", "447700900101", plain(name), None, plain(leads), "group 9", dangers=(plain(danger),)
    )
    changes = CallerChanges("prod", (change,), (), (), is_whole=True)
    assert len(list(lines(changes))) == 5
    *_, head, rule, row = as_markdown(changes).splitlines()[:7]
    found = [shown(cell) for cell in cells(f"{head}\n{rule}\n{row}\n")]
    assert len(found) == 7
    assert (found[2], found[4], found[6]) == (one_line(name), one_line(leads), one_line(danger or "-"))
