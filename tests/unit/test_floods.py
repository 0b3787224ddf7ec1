"""Reports of large stacks and accounts: what is always the same stands in a line, and hides nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click import ClickException

from pulumi_plusofon.command.adopt.command import _require_recordable as require_recordable
from pulumi_plusofon.command.adopt.command import _show as show_plan
from pulumi_plusofon.command.adopt.plan import Plan, PlanRow
from pulumi_plusofon.command.output.groups import Item, grouped
from pulumi_plusofon.command.output.markdown import MOST_BYTES
from pulumi_plusofon.runtime.text import FEW, some
from unit import previews
from unit.fake_pulumi import FakePulumi, forwarding, listed, number
from unit.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.wire import Wire

SIZE, MOST_LINES = 194, 40
STRICT = {"protect-in-production": "mandatory"}
GROUPS = Answer(body={"data": [{"id": 9, "name": "Support"}], "success": True})
PREMIUM = {"type": "number", "group_id": None, "destination_number": "449098790123"}


def of(place: int) -> int:
    """The last digits of a number in the row, and its id."""
    return 100 + place


def stack(size: int = SIZE) -> list[dict[str, Any]]:
    """The steps of a preview that changes three numbers of many: moved, disconnected, connected."""
    steps: list[dict[str, Any]] = []
    for place in range(size):
        op = {0: "update", 1: "delete", 2: "create"}.get(place, "same")
        change = PREMIUM if place == 0 else None
        if op == "create":
            change = {"number_id": previews.UNKNOWN}
        pair = [
            previews.number(op if place else "same", f"n{place}", of(place)),
            previews.forwarding(op, f"n{place}", of(place), change),
        ]
        steps += reversed(pair) if op == "delete" else pair
    return steps


@pytest.fixture
def settings(tmp_path: Path) -> list[str]:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(STRICT))
    return ["--policy-pack-config", str(file)]


@pytest.fixture
def no_rules(tmp_path: Path) -> list[str]:
    file = tmp_path / "none.json"
    file.write_text(json.dumps({"all": "disabled"}))
    return ["--policy-pack-config", str(file)]


def diagnostics(size: int) -> list[dict[str, Any]]:
    """A warning and an error for each of many resources."""
    return [
        {
            "urn": previews.urn("ExternalNumber", f"n{place}"),
            "severity": severity,
            "message": f"{severity}: n{place}: port {5000 + place}: {text}",
        }
        for place in range(size)
        for severity, text in (("warning", "is no longer needed"), ("error", "must be another one"))
    ]


def test_three_changes_in_many_numbers_are_at_most_forty_lines(
    plusofon: Callable[..., Result], settings: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "changes.md"
    piped = json.dumps(previews.preview(*stack()))
    result = plusofon("changes", "--markdown", str(file), *settings, piped=piped)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(lines) <= MOST_LINES
    assert [line.split()[1] for line in lines if line.startswith("! 4")] == [
        "447700900101",
        "447700900100",
        "447700900102",
    ]
    [rule] = [line for line in lines if line.startswith("! Unchanged")]
    assert rule.startswith(
        "! Unchanged: 447700900103 (n3), 447700900104 (n4), 447700900105 (n5) and 188 more (191 in all):"
        " protect-in-production: protect is off"
    )
    assert (
        "The up sends 1 PUT to connect (447700900102), 3 POST to forward (447700900100, 447700900101,"
        " 447700900102), 1 DELETE to disconnect (447700900101)."
    ) in lines
    page = file.read_text()
    assert len(page.splitlines()) <= MOST_LINES
    for text in ("and 188 more (191 in all)", "3 POST to forward", "no-premium-rate-destination"):
        assert text in page
    whole = json.loads(plusofon("changes", "--json", *settings, piped=piped).stdout)["numbers"]
    assert len(whole) == SIZE
    assert all(row["dangers"] for row in whole)


def test_steps_that_change_nothing_for_callers_are_one_line(
    plusofon: Callable[..., Result], no_rules: list[str]
) -> None:
    steps = [previews.number("update", f"n{at}", of(at), {"wait_for_registration": 9}) for at in range(SIZE)]
    lines = plusofon("changes", *no_rules, piped=json.dumps(previews.preview(*steps))).stdout.splitlines()
    [line] = [line for line in lines if "Unchanged" in line]
    assert line == (
        "  Unchanged: 447700900100 (n0), 447700900101 (n1), 447700900102 (n2) and 191 more (194 in all):"
        " unchanged for callers, but not for the engine"
    )


def test_messages_that_differ_in_names_and_digits_alone_are_one_line_with_their_count(
    plusofon: Callable[..., Result],
) -> None:
    odd = {"severity": "warning", "message": "warning: the token expires today"}
    content = previews.preview(*stack(4), diagnostics=[*diagnostics(SIZE), odd])
    result = plusofon("changes", piped=json.dumps(content))
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "The preview failed, so this may not be all: n0: port 5000: must be another one (and 193 more like"
        " it)"
    )
    assert [line for line in lines if line.startswith("Warning")] == [
        "Warning of the preview: n0: port 5000: is no longer needed (and 193 more like it)",
        "Warning of the preview: the token expires today",
    ]
    whole = json.loads(plusofon("changes", "--json", piped=json.dumps(content)).stdout)
    assert len(whole["errors"]) == SIZE


def test_a_rule_that_many_changes_break_is_said_of_a_few_of_them(
    plusofon: Callable[..., Result], settings: list[str]
) -> None:
    steps = [
        step
        for at in range(SIZE)
        for step in (
            previews.number("same", f"n{at}", of(at)),
            previews.forwarding("update", f"n{at}", of(at), {"group_id": 12}),
        )
    ]
    lines = plusofon("changes", *settings, piped=json.dumps(previews.preview(*steps))).stdout.splitlines()
    said = [line for line in lines if line.startswith("    ! protect-in-production")]
    assert len(said) == SIZE
    assert [line.endswith("as above") for line in said] == [False] * FEW + [True] * (SIZE - FEW)


@pytest.mark.parametrize("count", [4_000])
def test_the_markdown_of_thousands_of_changes_is_shown_by_every_service(
    plusofon: Callable[..., Result], tmp_path: Path, settings: list[str], count: int
) -> None:
    file = tmp_path / "changes.md"
    name = "the-name-of-a-branch-office-in-another-city"
    steps = [previews.number("delete", f"{name}-{at}", 10_000 + at) for at in range(count)]
    result = plusofon(
        "changes", "--markdown", str(file), *settings, piped=json.dumps(previews.preview(*steps))
    )
    assert result.exit_code == 0
    page = file.read_text()
    assert len(page.encode()) < MOST_BYTES
    shown = sum(line.startswith("| ! |") for line in page.splitlines())
    if shown < count:
        assert (
            f"**{count - shown} of {count} rows left out: `plusofon changes --json` has all of them.**"
            in page
        )


@pytest.fixture
def in_a_project(stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    (tmp_path / "Pulumi.yaml").write_text("name: phones\n")
    monkeypatch.chdir(tmp_path)
    return stacks


def resources(count: int) -> list[dict[str, Any]]:
    """Numbers of a state with their forwardings."""
    found = []
    for place in range(count):
        outputs: dict[str, Any] = {
            "type": "sipuri",
            "number": f"447700900{of(place)}",
            "number_id": float(of(place)),
            "port": None,
            "login": None,
            "secret": None,
            "source": "sip.a.example",
        }
        found.append(number(f"n{place}", **outputs))
        found.append(forwarding(f"n{place}", number_type="sipuri", number_id=float(of(place))))
    return found


def entries(count: int) -> list[dict[str, Any]]:
    """What an account lists of as many numbers."""
    return [
        {
            "id": of(place),
            "type": "SIP-URI",
            "number": f"447700900{of(place)}",
            "source": "sip.a.example",
            "host": "x@ext.plusofon.ru",
            "customer_id": 42291,
        }
        for place in range(count)
    ]


IN_NO_STACK = (
    "196 numbers of the account are in no stack (447700900102, 447700900103, 447700900104 and 193 more):"
    " `plusofon numbers --unmanaged --stack prod` lists them"
)


@pytest.mark.parametrize("form", ["tree", "mermaid", "svg"])
def test_routes_of_a_stack_show_the_stack_and_one_line_about_the_account(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, no_rules: list[str], form: str
) -> None:
    in_a_project.has("prod", *resources(2))
    wire.script(listed(*entries(198)), GROUPS)
    result = plusofon("routes", "--stack", "prod", "--format", form, *no_rules)
    assert result.exit_code == 0, result.output
    assert "447700900150" not in result.output
    if form == "tree":
        assert result.stdout.splitlines() == [
            "447700900100 (n0 (prod); sipuri)",
            "└─ group Support (9)",
            "447700900101 (n1 (prod); sipuri)",
            "└─ group Support (9)",
            "",
            "2 numbers, none with problems.",
            IN_NO_STACK,
        ]


def test_an_unmanaged_number_is_drawn_where_it_is_asked_for_and_json_has_all(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", *resources(2))
    wire.script(listed(*entries(198)), GROUPS, listed(*entries(198)), GROUPS)
    drawn = plusofon("routes", "--stack", "prod", "447700900150").stdout
    assert drawn.startswith("447700900150 (sipuri)\n")
    whole = json.loads(plusofon("routes", "--stack", "prod", "--json").stdout)["numbers"]
    assert len(whole) == 198


def test_a_check_has_a_line_for_each_kind_of_problem_with_its_count(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, settings: list[str]
) -> None:
    numbers = [each for each in resources(SIZE) if "ExternalNumber" in each["type"]]
    in_a_project.has("prod", *numbers)
    wire.script(listed(*entries(198)), GROUPS)
    result = plusofon("routes", "--stack", "prod", "--check", *settings)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    few = "447700900100 (n0), 447700900101 (n1), 447700900102 (n2) and 191 more (194 in all)"
    assert lines[0] == f"{few}: no forwarding"
    assert lines[1].startswith(f"{few}: protect-in-production: protect is off")
    assert lines[2] == (
        "447700900294, 447700900295, 447700900296 and 1 more (4 in all): in the account and in no stack"
    )


@pytest.mark.parametrize("command", ["drift", "numbers"])
def test_what_no_stack_has_is_one_line(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire, command: str, tmp_path: Path
) -> None:
    in_a_project.has("prod", *resources(2))
    wire.script(listed(*entries(198)))
    result = plusofon(command, "--stack", "prod")
    lines = result.stdout.splitlines()
    assert IN_NO_STACK in lines
    assert len(lines) < 10
    wire.script(listed(*entries(198)))
    whole = json.loads(plusofon(command, "--stack", "prod", "--json").stdout)
    assert len(whole["differences"] if isinstance(whole, dict) else whole) >= 196
    if command == "drift":
        wire.script(listed(*entries(198)))
        plusofon("drift", "--stack", "prod", "--markdown", str(tmp_path / "drift.md"))
        assert "196 numbers of the account are in no stack" in (tmp_path / "drift.md").read_text()


def test_differences_of_one_kind_are_counted_beyond_the_first_twenty(
    plusofon: Callable[..., Result], in_a_project: FakePulumi, wire: Wire
) -> None:
    in_a_project.has("prod", *resources(SIZE)[::2])
    wire.script(listed(*entries(1)), listed(*entries(1)))
    lines = plusofon("drift", "--stack", "prod").stdout.splitlines()
    assert len(lines) <= MOST_LINES
    assert "gone: 173 more (193 in all): `plusofon drift --json` lists them" in lines


def test_what_is_left_out_of_an_export_for_one_reason_is_counted(
    plusofon: Callable[..., Result], wire: Wire, tmp_path: Path
) -> None:
    odd = [{**entry, "type": "FAX"} for entry in entries(SIZE)]
    wire.script(listed(*odd, {**entries(1)[0], "id": 900, "number": "447700900900"}))
    result = plusofon("export", str(tmp_path / "project"))
    assert result.exit_code == 0, result.output
    lines = result.stderr.splitlines()
    assert lines[0] == "Left out, 194 of the account's entries:"
    assert len(lines) <= MOST_LINES
    assert lines[-1].startswith("and 184 more (194 in all): ")


def test_a_plan_of_many_resources_shows_first_what_cannot_be_recorded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        PlanRow(f"447700900{of(at)}", of(at), "ExternalNumber", f"n{at}", None, None) for at in range(SIZE)
    ]
    rows[-1] = replace(rows[-1], differs="host: the account has sip.b.example")
    show_plan(Plan(tuple(rows), ()), as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= MOST_LINES
    assert "sip.b.example" in lines[1]
    assert lines[-1] == "and 164 more (194 in all): --preview --json lists them"
    show_plan(Plan(tuple(rows), ()), as_json=True)
    assert len(json.loads(capsys.readouterr().out)) == SIZE


def test_steps_of_others_that_prevent_a_recording_are_counted() -> None:
    plan = Plan((), tuple(f"update test:index:Thing t{at}" for at in range(SIZE)))
    with pytest.raises(ClickException) as refused:
        require_recordable(plan)
    lines = refused.value.message.splitlines()
    assert len(lines) == 13
    assert lines[11] == "   and 184 more"


def test_some_names_the_first_few_and_counts_the_rest() -> None:
    assert some(["a", "b", "c"]) == "a, b, c"
    assert some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_each_kind_is_a_line_and_very_many_kinds_are_counted() -> None:
    lines = grouped(Item(f"kind {at % 25}", f"text {at}") for at in range(100))
    assert lines[0] == "text 0 (and 3 more like it)"
    assert lines[-1] == "and 5 more of other kinds"
    assert len(lines) == 21
