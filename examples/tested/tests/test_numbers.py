"""The hotline's numbers: where they lead, which rules they keep, and what happens when the API fails."""

from pathlib import Path

from pulumi_plusofon.testing import SandboxAccount, StackMaker

PROJECT = Path(__file__).parents[1]
HOTLINE, SALES = "+44 20 7946 0131", "+44 20 7946 0132"
SECRETS = {"sipPassword": "fjord-Quartz-47-lantern"}
SUPPORT = {"type": "group", "group_id": 9, "cli_type": "Y"}


def test_a_short_password_is_refused(plusofon_stack: StackMaker) -> None:
    stack = plusofon_stack(PROJECT, secrets={"sipPassword": "0000"}, policy_pack=PROJECT / "policy")
    refused = stack.preview(expect_failure=True)
    assert "sip-secret-strong" in {violation.rule for violation in refused.policy_violations}


def test_an_up_connects_both_numbers_and_a_second_one_changes_nothing(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    stack = plusofon_stack(
        PROJECT, secrets=SECRETS, policy_pack=PROJECT / "policy", policy_config=PROJECT / "policy.json"
    )
    up = stack.up()
    assert len(up.changes.by_op["create"]) == 4
    assert not up.policy_violations
    assert plusofon_sandbox.route(HOTLINE) == SUPPORT
    plusofon_sandbox.assert_no_dead_ends()
    assert stack.preview().unchanged


def test_an_up_that_failed_goes_on_where_it_stopped(
    plusofon_stack: StackMaker, plusofon_sandbox: SandboxAccount
) -> None:
    stack = plusofon_stack(PROJECT, secrets=SECRETS)
    plusofon_sandbox.fault("refuse", "connect", message="the number is being checked", times=None)
    failed = stack.up(expect_failure=True)
    assert "the number is being checked" in str(failed)
    assert plusofon_sandbox.account() == []
    plusofon_sandbox.clear_faults()
    stack.up()
    plusofon_sandbox.assert_no_dead_ends()
