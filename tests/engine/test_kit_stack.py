"""The kit's stacks on the real engine, as a team's tests use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_plusofon.testing import EngineTimeoutError, OperationFailedError, ProjectError
from support.kit_runs import kit_run
from support.processes import started_in
from support.repository import ROOT
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxAccount, StackMaker

DESK = "+44 20 7946 0131"
GROUP = {"type": "group", "group_id": 9, "cli_type": "Y"}
PASSWORD = "fjord-Quartz-47-lantern"
PROGRAM = f"""
import pulumi
from pulumi_plusofon import ExternalNumber, NumberForwarding

secret = pulumi.Config().require_secret("sipPassword")
desk = ExternalNumber(
    "desk", type="ate", number="{DESK}", host="sip.operator.example", login="desk", secret=secret
)
NumberForwarding("desk", number=desk, type="group", group_id=9, cli_type="Y")
pulumi.export("source", desk.source)
pulumi.export("password", desk.secret)
"""


def test_a_stack_lives_as_on_the_vendors_account(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    stack = plusofon_stack(PROGRAM, secrets={"sipPassword": PASSWORD})
    preview = stack.preview()
    assert preview.changes.by_resource == {"ExternalNumber desk": "create", "NumberForwarding desk": "create"}
    assert not preview.unchanged
    assert plusofon_sandbox.account() == []

    up = stack.up()
    assert up.changes.by_op == {"create": ["ExternalNumber desk", "NumberForwarding desk"]}
    assert up.outputs == {"source": "desk@sip.operator.example", "password": "[secret]"}
    assert plusofon_sandbox.route(DESK) == GROUP
    assert plusofon_sandbox.secret_matches("442079460131", PASSWORD)
    assert stack.preview().unchanged
    assert stack.refresh().unchanged

    plusofon_sandbox.edit(101, host="other.operator.example")
    assert stack.refresh().changes.by_resource == {"ExternalNumber desk": "update"}
    assert stack.up().changes.by_resource == {"ExternalNumber desk": "update"}
    assert stack.destroy().changes.by_op == {"delete": ["ExternalNumber desk", "NumberForwarding desk"]}
    assert plusofon_sandbox.account() == []
    files = [file for file in stack.folder.parent.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if PASSWORD.encode() in file.read_bytes()]


@pytest.mark.rest
def test_a_failure_is_what_the_engine_says_for_a_person(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    stack = plusofon_stack(PROGRAM, secrets={"sipPassword": PASSWORD})
    plusofon_sandbox.fault("refuse", "connect", message="the number is being checked")
    with pytest.raises(OperationFailedError) as failed:
        stack.up()
    title, line = str(failed.value).splitlines()
    assert title == "pulumi up failed (exit status 1)"
    assert line.startswith("  ExternalNumber desk: ")
    assert "the number is being checked" in line
    assert shows_no_traceback(str(failed.value))
    assert failed.value.result.changes.by_resource == {}
    with pytest.raises(AssertionError, match="pulumi up was to fail, and succeeded:\ncreate: ExternalNumber"):
        stack.up(expect_failure=True)


def test_a_failure_that_is_expected_is_a_result(plusofon_stack: StackMaker) -> None:
    failed = plusofon_stack("import pulumi\nraise ValueError('of the program')\n").preview(
        expect_failure=True
    )
    assert (failed.succeeded, failed.unchanged) == (False, False)
    assert failed.errors == ["ValueError: of the program (__main__.py, line 2)"]


@pytest.mark.rest
def test_a_policy_pack_refuses_before_anything_is_written(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    options: dict[str, Any] = {"secrets": {"sipPassword": "0000"}, "policy_pack": ROOT / "policy"}
    refused = plusofon_stack(PROGRAM, **options).up(expect_failure=True)
    [violation] = refused.policy_violations
    assert (violation.rule, violation.level) == ("sip-secret-strong", "mandatory")
    assert violation.resource == "ExternalNumber desk"
    assert violation.text.startswith("secret (not shown) has 4 characters")
    assert violation.text in str(refused)
    assert plusofon_sandbox.account() == []
    advised = plusofon_stack(PROGRAM, **options, policy_config={"all": "advisory"}).up()
    assert [finding.level for finding in advised.policy_violations] == ["advisory"]
    assert len(plusofon_sandbox.account()) == 1


@pytest.mark.rest
def test_a_project_runs_with_the_settings_and_secrets_of_its_stack(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    plusofon_sandbox.seed({"targets": {"group": [{"id": 9, "name": "Support"}]}})
    stack = plusofon_stack(ROOT, name="dev", passphrase="sandbox")
    assert len(stack.up().changes.by_op["create"]) == 6
    plusofon_sandbox.assert_no_dead_ends()
    assert plusofon_sandbox.route("+44 7700 900123") == GROUP


@pytest.mark.rest
def test_a_protected_number_goes_with_its_test(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    stack = plusofon_stack(
        "import pulumi\nfrom pulumi_plusofon import ExternalNumber\n"
        'ExternalNumber("a", type="sipuri", number="+442079460131", host="sip.operator.example",\n'
        "    opts=pulumi.ResourceOptions(protect=True))\n"
    )
    stack.up()
    plusofon_sandbox.fault("status", status=403, times=None)
    stack.end()
    assert plusofon_sandbox.account() == []


def test_another_address_is_refused_before_anything_is_sent(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    with pytest.raises(ProjectError, match=r"baseUrl: https://restapi\.plusofon\.ru is not the sandbox"):
        plusofon_stack(PROGRAM, config={"plusofon:baseUrl": "https://restapi.plusofon.ru"})
    assert plusofon_sandbox.requests() == []


def test_an_operation_that_hangs_is_ended_with_its_processes(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount, tmp_path: Path
) -> None:
    stack = plusofon_stack(PROGRAM, secrets={"sipPassword": PASSWORD}, timeout=15)
    plusofon_sandbox.fault("slow", seconds=600, times=None)
    with pytest.raises(EngineTimeoutError, match="pulumi up took longer than 15 seconds and was ended"):
        stack.up()
    assert started_in(tmp_path) == []


@pytest.mark.rest
def test_a_stack_whose_engine_was_killed_is_destroyed(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    stack = plusofon_stack(
        "from pathlib import Path\nimport pulumi\nimport signal\nimport time\n"
        "from pulumi_plusofon import ExternalNumber\n"
        'ExternalNumber("a", type="sipuri", number="+442079460131", host="sip.operator.example")\n'
        'if Path("hangs").exists():\n'
        "    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    time.sleep(600)\n",
    )
    stack.up()
    (stack.folder / "hangs").touch()
    stack._timeout = 5
    with pytest.raises(EngineTimeoutError):
        stack.up()
    stack._timeout = 60
    stack.end()
    assert plusofon_sandbox.account() == []


ENDING = """
import json
from pathlib import Path
import pytest

PROGRAM = '''
from pulumi_plusofon import ExternalNumber
ExternalNumber("a", type="sipuri", number="+442079460131", host="sip.operator.example")
'''
ABROAD = '''
import pulumi
from pulumi_plusofon import Account, ExternalNumber
other = Account("other", token="x", base_url="https://restapi.plusofon.ru", max_retries=0)
ExternalNumber("a", type="sipuri", number="+442079460131", host="sip.operator.example",
    opts=pulumi.ResourceOptions(provider=other))
'''

@pytest.fixture
def looked_at(plusofon_sandbox):
    yield
    Path("requests.json").write_text(json.dumps(plusofon_sandbox.requests()))
    assert plusofon_sandbox.account() == []

def test_fails_when_up(looked_at, plusofon_sandbox, plusofon_stack):
    plusofon_stack(PROGRAM).up()
    assert len(plusofon_sandbox.account()) == 1
    raise ValueError("of the test")

def test_reaches_another_account(plusofon_stack):
    plusofon_stack(ABROAD).up(expect_failure=True)
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("ending")
    return folder, kit_run(folder, ENDING, f"--basetemp={folder / 'base'}")


def test_the_stack_of_a_failed_test_is_destroyed_and_leaves_no_process(ended: Any) -> None:
    folder, run = ended
    assert run.outcomes["test_fails_when_up"] == "FAILED", run.text
    assert '"DELETE"' in (folder / "requests.json").read_text()
    assert "PUT /api/v1/number/external/sipuri 200" in run.report_of("test_fails_when_up")
    assert started_in(folder) == []


def test_an_account_elsewhere_is_refused_and_fails_the_test(ended: Any) -> None:
    _, run = ended
    assert run.outcomes["test_reaches_another_account"] == "FAILED", run.text
    assert "CONNECT restapi.plusofon.ru:443" in run.report_of("test_reaches_another_account")


WITHOUT_FORWARDING = PROGRAM.replace("NumberForwarding(", "(lambda *_, **__: None)(")
READS = """
import pulumi

desk = pulumi.StackReference("organization/tested/test").get_output("source")
pulumi.export("theirs", desk)
"""


@pytest.mark.rest
def test_steps_of_a_test_change_the_program_and_bring_a_state_back(plusofon_stack: StackMaker) -> None:
    stack = plusofon_stack(PROGRAM, secrets={"sipPassword": PASSWORD})
    stack.preview().assert_nothing_lost()
    stack.up().assert_nothing_lost()
    state = stack.export_state()

    stack.use(WITHOUT_FORWARDING)
    with pytest.raises(AssertionError, match="delete: NumberForwarding desk"):
        stack.preview().assert_nothing_lost()
    stack.up()
    stack.import_state(state)
    resources = [after["deployment"]["resources"] for after in (state, stack.export_state())]
    before, now = ([resource["urn"] for resource in found] for found in resources)
    assert now == before
    stack.use(PROGRAM)
    assert stack.preview().unchanged

    beside = plusofon_stack(READS, name="reader", beside=stack)
    assert beside.up().outputs == {"theirs": "desk@sip.operator.example"}
