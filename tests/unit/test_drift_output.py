"""The output of `plusofon drift`: tables, Markdown, advice, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from unit.fake_pulumi import OFFICE, SALES, FakePulumi, forwarding, listed, number
from unit.markdown_reader import cells, shown
from unit.wire import Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

NOT_SEEN = "Not seen: forwardings and SIP passwords, because the API does not return them."


def test_an_account_as_the_stack_has_it_is_one_line_and_status_0(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), forwarding("office"))
    wire.script(listed(OFFICE), Answer(body={"data": [{"id": 9, "name": "Support"}]}))
    result = plusofon("drift", "--stack", "prod")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Nothing differs: 1 number of the stack prod, as the account has them.",
        NOT_SEEN,
    ]
    assert wire.methods() == ["GET", "GET"]


@pytest.mark.parametrize("answer", [refusal(401, "no"), Answer(500), Answer(body={"success": True})])
def test_a_list_that_does_not_come_is_status_1(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire, tmp_path: Path, answer: Answer
) -> None:
    stacks.has("prod", number("office"))
    wire.script(answer)
    file = tmp_path / "drift.md"
    file.write_text("what an earlier run found")
    result = plusofon("drift", "--stack", "prod", "--markdown", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("Error: prod: listing the external numbers")
    assert file.read_text().startswith("### Drift\n\nThe stacks could not be compared: prod: listing")


def test_each_kind_of_difference_has_one_line_of_advice(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), number("gone", number="447700900109", number_id=109.0))
    wire.script(listed({**OFFICE, "source": "7@sip.b.example", "status": False}, SALES))
    result = plusofon("drift", "--stack", "prod")
    assert result.exit_code == 7
    table, _, notes = result.stdout.partition("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == [
        "kind",
        "gone",
        "changed",
        "unregistered",
        "unmanaged",
    ]
    assert [line.partition(":")[0] for line in notes.splitlines()] == [
        "gone",
        "changed",
        "unregistered",
        "unmanaged",
        "Not seen",
    ]


def test_markdown_is_a_table_on_which_no_text_of_others_acts(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire, tmp_path: Path
) -> None:
    stacks.has("prod", number("of|fice"))
    hostile = "a|b`c`<img src=x>\n[x](http://x.example)*@sip.a.example"
    wire.script(listed({**OFFICE, "source": hostile}))
    file = tmp_path / "drift.md"
    result = plusofon("drift", "--stack", "prod", "--markdown", str(file))
    assert result.exit_code == 7
    heading, table, advice, not_seen = file.read_text().strip().split("\n\n")
    assert heading == "### Drift"
    columns, rule, row = table.splitlines()
    assert columns == "| kind | stack | resource | number | id | detail |"
    assert rule == "| --- | --- | --- | --- | --- | --- |"
    assert row.replace("\\|", "").count("|") == 7
    assert row.startswith(r"| changed | prod | of\|fice | +447700900101 | 101 | login: a\|b\`c\`&lt;img")
    assert [shown(cell) for cell in cells(f"{columns}\n{rule}\n{row}\n")][5] == (
        "login: a|b`c`<img src=x>\N{REPLACEMENT CHARACTER}[x](http://x.example)* (the state has 900101)"
    )
    assert advice.startswith("- changed: ")
    assert not_seen == NOT_SEEN


def test_markdown_of_a_comparison_without_differences_is_one_sentence(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire, tmp_path: Path
) -> None:
    stacks.has("prod", number("office"))
    wire.script(listed(OFFICE))
    assert plusofon("drift", "--stack", "prod", "--markdown", str(tmp_path / "drift.md")).exit_code == 0
    assert (tmp_path / "drift.md").read_text() == (
        f"### Drift\n\nNothing differs: 1 number of the stack prod, as the account has them.\n\n{NOT_SEEN}\n"
    )


def test_a_markdown_file_that_cannot_be_written_is_one_line(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire, tmp_path: Path
) -> None:
    stacks.has("prod", number("office"))
    wire.script(listed(OFFICE))
    file = tmp_path / "missing" / "drift.md"
    result = plusofon("drift", "--stack", "prod", "--markdown", str(file))
    assert (result.exit_code, result.stderr) == (1, f"Error: {file}: No such file or directory\n")


def test_drift_without_a_stack_is_wrong_usage(plusofon: Callable[..., Result], wire: Wire) -> None:
    assert plusofon("drift").exit_code == 2
    assert wire.asked == []


def test_a_setting_that_cannot_be_used_is_reported_with_the_stacks_name(
    plusofon: Callable[..., Result], stacks: FakePulumi, wire: Wire
) -> None:
    stacks.has("prod", number("office"), timeOut="20")
    result = plusofon("drift", "--stack", "prod")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: prod: plusofon:timeOut: ")
    assert wire.asked == []
