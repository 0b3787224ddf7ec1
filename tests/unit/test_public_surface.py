"""The names that programs hold on to."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import pulumi_plusofon
from harness.forwarding_types import FIELDS
from pulumi_plusofon import (
    ExternalNumber,
    NumberForwarding,
    api,
    lifecycle,
    policies,
    resources,
    session,
    stack,
    testing,
)

NUMBER_PARAMETERS = [
    "type",
    "number",
    "host",
    "port",
    "login",
    "secret",
    "keep_secret",
    "adopt",
    "wait_for_registration",
    "opts",
]
FORWARDING_PARAMETERS = [
    "number",
    "number_type",
    "number_id",
    "type",
    *FIELDS,
    "host",
    "type_default",
    "cli_type",
    "cli_type_default",
    "set_again",
    "opts",
]


def test_a_program_imports_these_names_and_no_other() -> None:
    assert pulumi_plusofon.__all__ == [
        "Account",
        "ExternalNumber",
        "InputError",
        "ListedNumber",
        "LookupFailedError",
        "NumberForwarding",
        "RegistrationStatus",
        "Target",
        "get_call_queue",
        "get_call_queues",
        "get_external_number",
        "get_external_numbers",
        "get_group",
        "get_groups",
        "get_registration_status",
        "get_scenario",
        "get_scenarios",
        "get_sip_account",
        "get_sip_accounts",
    ]


def test_stack_programs_packs_and_tests_import_these_names_and_no_other() -> None:
    assert stack.__all__ == [
        "DeclaredNumber",
        "declare_configured",
        "declare_numbers",
        "declare_stack",
        "leave_out_stack_traces",
        "require_own_environment",
    ]
    assert policies.__all__ == ["serve"]
    assert testing.__all__ == [
        "Changes",
        "Control",
        "Diagnostic",
        "EngineMissingError",
        "EngineTimeoutError",
        "ForbiddenConnectionError",
        "OperationFailedError",
        "PolicyViolation",
        "ProjectError",
        "Ready",
        "Result",
        "SandboxAccount",
        "SandboxError",
        "SandboxServer",
        "Stack",
        "StackMaker",
        "UnknownNumberError",
        "wait_until_ready",
    ]


@pytest.mark.parametrize("module", [pulumi_plusofon, api, session, lifecycle, resources, stack, testing])
def test_every_promised_name_is_there(module: object) -> None:
    names = module.__all__  # type: ignore[attr-defined]  # that they have it is the point
    assert names == sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    assert all(getattr(module, name) is not None for name in names)


def test_a_name_that_was_never_promised_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'pulumi_plusofon' has no attribute 'Number'"):
        _ = pulumi_plusofon.Number


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [(ExternalNumber, NUMBER_PARAMETERS), (NumberForwarding, FORWARDING_PARAMETERS)],
)
def test_a_resource_takes_a_name_and_these_keywords(resource: type, parameters: list[str]) -> None:
    _, name, *keywords = inspect.signature(resource.__init__).parameters.values()  # type: ignore[misc]
    assert (name.name, name.kind) == ("resource_name", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    assert [keyword.name for keyword in keywords] == parameters
    assert {keyword.kind for keyword in keywords} == {inspect.Parameter.KEYWORD_ONLY}


SLOW = {"requests", "tenacity", "phonenumbers", "rich"}


@pytest.mark.parametrize(
    ("imported", "spared"),
    [
        ("import pulumi_plusofon.command.main", {"pulumi", *SLOW}),
        ("import pulumi_plusofon.lifecycle", {"pulumi", *SLOW}),
        ("from pulumi_plusofon import *", SLOW),
        ("import pulumi_plusofon.testing.plugin", {"pulumi", "yaml", *SLOW}),
    ],
)
def test_a_slow_module_is_imported_when_it_is_needed(imported: str, spared: set[str]) -> None:
    program = f"{imported}\nimport sys\nraise SystemExit(' '.join({spared} & sys.modules.keys()) or 0)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
