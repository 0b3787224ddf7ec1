"""The kit's quick mode: a program without the engine, checked and asked as it would be on it."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.testing import ProjectError, UnknownNumberError
from support.kit_runs import kit_run
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import QuickResult, QuickRun, SandboxAccount

DESK, SALES = "+44 20 7946 0131", "+44 20 7946 0132"
PASSWORD = "fjord-Quartz-47-lantern"


def office() -> None:
    import pulumi  # noqa: PLC0415  the program's, in its own process

    from pulumi_plusofon import ExternalNumber, NumberForwarding  # noqa: PLC0415  as above

    secret = pulumi.Config().require_secret("sipPassword")
    desk = ExternalNumber(
        "desk", type="ate", number=DESK, host="sip.operator.example", login="desk", secret=secret
    )
    NumberForwarding("desk", number=desk, type="group", group_id=9, cli_type="Y")
    sales = ExternalNumber("sales", type="sipuri", number=SALES, host="sip.operator.example")
    NumberForwarding("sales", number=sales, type="number", destination_number=desk.number, cli_type="N")
    pulumi.export("uri", sales.inbound_uri)
    pulumi.export("password", desk.secret)


def run_office(quick: QuickRun, password: str = PASSWORD, **options: Any) -> QuickResult:
    settings = {"forwarding-destination-allowed": {"allowedCountries": ["GB"]}}
    return quick(office, **{"secrets": {"sipPassword": password}, "policy_config": settings, **options})


def test_a_program_is_resources_routes_and_outputs(plusofon_quick: QuickRun) -> None:
    result = run_office(plusofon_quick)
    result.assert_accepted()
    result.assert_no_dead_ends()
    desk, sales, *_ = result.resources
    assert str(desk) == "ExternalNumber desk"
    assert desk.inputs == {
        "type": "ate",
        "number": "442079460131",
        "host": "sip.operator.example",
        "port": 5060,
        "login": "desk",
        "secret": "[secret]",
        "adopt": False,
    }
    assert (sales.kind, sales.name) == ("ExternalNumber", "sales")
    assert result.route(DESK) == {"type": "group", "group_id": 9, "cli_type": "Y"}
    assert result.route(SALES) == {"type": "number", "destination_number": "442079460131", "cli_type": "N"}
    assert result.outputs == {"uri": "42291442079460132@ext.plusofon.ru", "password": "[secret]"}


def test_a_result_shows_no_secret(plusofon_quick: QuickRun) -> None:
    assert PASSWORD not in repr(run_office(plusofon_quick))


def test_a_quick_run_takes_less_than_two_seconds(plusofon_quick: QuickRun) -> None:
    # Of a core: how long a busy machine lets it wait is not its matter.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run_office(plusofon_quick)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_problems_are_those_that_a_preview_would_report(plusofon_quick: QuickRun) -> None:
    result = plusofon_quick(
        "from pulumi_plusofon import ExternalNumber\n"
        "import pulumi\n"
        'later = pulumi.Output.from_input("12")\n'
        'ExternalNumber("late", type="sipuri", number=later, host="sip.operator.example")\n'
        'ExternalNumber("desk", type="ate", number="+442079460131", host="h.example", login="a")\n'
    )
    assert set(result.problems) == {
        "ExternalNumber late: number: must have 5 to 15 digits, not 2",
        "ExternalNumber desk: secret: is required for type ate",
    }
    with pytest.raises(AssertionError, match="the program is refused:\n  ExternalNumber"):
        result.assert_accepted()


def test_an_error_of_the_program_is_a_line_with_its_place(plusofon_quick: QuickRun) -> None:
    result = plusofon_quick("import pulumi\nraise ValueError('of the program')\n")
    assert result.problems == ("ValueError: of the program (__main__.py, line 2)",)
    with pytest.raises(UnknownNumberError, match="problems:\n  ValueError: of the program"):
        result.route(DESK)


def test_rules_are_asked_with_the_settings_of_the_engine(plusofon_quick: QuickRun, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"sip-secret-strong": "advisory", "caller-id-explicit": "disabled"}))
    result = run_office(plusofon_quick, "0000", policy_config=file)
    found = {one.rule: one for one in result.policy_violations}
    assert set(found) == {"forwarding-destination-allowed", "sip-secret-strong"}
    assert found["sip-secret-strong"].level == "advisory"
    assert found["sip-secret-strong"].resource == "ExternalNumber desk"
    with pytest.raises(AssertionError, match=r"forwarding-destination-allowed \(mandatory\)"):
        result.assert_accepted()


def test_settings_of_rules_that_make_no_sense_are_refused(plusofon_quick: QuickRun) -> None:
    with pytest.raises(ProjectError, match=r"policy-config\.json: nothing: there is no such rule"):
        run_office(plusofon_quick, policy_config={"nothing": "mandatory"})


def test_a_program_looks_targets_up_in_the_tests_account(
    plusofon_quick: QuickRun, plusofon_sandbox: SandboxAccount
) -> None:
    plusofon_sandbox.seed({"targets": {"group": [{"id": 12, "name": "Support"}]}})
    config = {"numbers": [{"type": "sipuri", "number": DESK, "host": "sip.operator.example",
                           "forward": {"type": "group", "group": "Support", "cli_type": "Y"}}]}  # fmt: skip
    program = (
        "from pathlib import Path\nfrom pulumi_plusofon.stack import declare_configured\n"
        "declare_configured(Path(__file__).parent)\n"
    )
    result = plusofon_quick(program, config=config)
    assert result.route(DESK) == {"type": "group", "group_id": 12, "cli_type": "Y"}
    assert [one["operation"] for one in plusofon_sandbox.requests()] == ["groups"]


def test_nothing_is_written_to_the_account(
    plusofon_quick: QuickRun, plusofon_sandbox: SandboxAccount
) -> None:
    run_office(plusofon_quick)
    assert (plusofon_sandbox.account(), plusofon_sandbox.requests()) == ([], [])


def test_a_folder_runs_with_its_stacks_settings(plusofon_quick: QuickRun) -> None:
    numbers = [{"name": "a", "type": "sipuri", "number": DESK, "host": "sip.operator.example"}]
    result = plusofon_quick(ROOT, name="dev", config={"numbers": numbers})
    assert result.problems == ()
    assert [one.name for one in result.resources] == ["a"]
    with pytest.raises(ProjectError, match=r"Pulumi\.dev\.yaml: plusofon-numbers:numbers: encrypted"):
        plusofon_quick(ROOT, name="dev")


def test_what_a_program_prints_is_kept(plusofon_quick: QuickRun) -> None:
    assert "hello" in plusofon_quick("import pulumi\nprint('hello')\n").output


def test_an_asynchronous_program_runs(plusofon_quick: QuickRun) -> None:
    result = plusofon_quick("import pulumi\nasync def main():\n    return {'answer': 42}\npulumi.run(main)\n")
    assert (result.problems, result.outputs) == ((), {"answer": 42})


def test_a_program_that_never_ends_is_ended(plusofon_quick: QuickRun) -> None:
    with pytest.raises(ProjectError, match="longer than 2 seconds"):
        plusofon_quick("import time\ntime.sleep(600)\n", timeout=2)


@pytest.mark.parametrize("number", [DESK, SALES])
def test_a_nested_program_has_the_values_of_its_test(plusofon_quick: QuickRun, number: str) -> None:
    def program() -> None:
        from pulumi_plusofon import ExternalNumber  # noqa: PLC0415  the program's

        ExternalNumber("one", type="sipuri", number=number, host="sip.operator.example")

    result = plusofon_quick(program)
    assert result.problems == ()
    assert result.route(number) is None


LEAVING = """
def test_quick(plusofon_quick):
    program = "import socket\\nsocket.create_connection(('192.0.2.1', 443))\\n"
    plusofon_quick(program)
"""


def test_a_program_that_speaks_to_another_machine_fails_its_test(tmp_path: Path) -> None:
    run = kit_run(tmp_path, LEAVING)
    assert run.outcomes == {"test_quick": "FAILED"}, run.text
    assert "asked for\n  192.0.2.1:443\n" in run.text
