"""Results that the test kit reads from the engine's log of events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_plusofon.testing.results import Result, for_a_person, read_result

if TYPE_CHECKING:
    from pathlib import Path

URN = "urn:pulumi:test::tested::pulumi-python:dynamic/plusofon:ExternalNumber::office"
STACK = "urn:pulumi:test::tested::pulumi:pulumi:Stack::tested-test"


def step(operation: str, urn: str = URN, **new: Any) -> dict[str, Any]:
    return {
        "resOutputsEvent": {"metadata": {"op": operation, "urn": urn, "type": urn.split("::")[2], "new": new}}
    }


def said(severity: str, message: str, urn: str = "") -> dict[str, Any]:
    return {"diagnosticEvent": {"severity": severity, "message": message, "urn": urn}}


def result(folder: Path, *events: dict[str, Any], status: int = 0, output: str = "") -> Result:
    file = folder / "events.json"
    file.write_text("\n".join(map(json.dumps, events)))
    return read_result("up", status, output, file)


def test_the_steps_of_a_replacement_are_one_change(tmp_path: Path) -> None:
    found = result(tmp_path, *map(step, ("create-replacement", "replace", "delete-replaced")))
    assert found.changes.by_resource == {"ExternalNumber office": "replace"}
    assert found.changes.by_op == {"replace": ["ExternalNumber office"]}
    assert not found.unchanged


def test_a_resource_that_stays_is_no_change(tmp_path: Path) -> None:
    providers = "urn:pulumi:test::tested::pulumi:providers:pulumi-python::default"
    assert result(tmp_path, step("same"), step("create", STACK), step("create", providers)).unchanged


def test_an_operation_that_failed_is_never_unchanged(tmp_path: Path) -> None:
    assert not result(tmp_path, status=1).unchanged


def test_the_preview_before_an_update_counts_for_no_change(tmp_path: Path) -> None:
    assert not result(tmp_path, {"preludeEvent": {}}, step("create"), {"preludeEvent": {}}).changes


def test_outputs_hide_secrets(tmp_path: Path) -> None:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "[secret]",
    }
    outputs = {"uri": "x@y", "passwords": [secret], "office": {"secret": secret}}
    found = result(tmp_path, step("create", STACK, outputs=outputs))
    assert found.outputs == {"uri": "x@y", "passwords": ["[secret]"], "office": {"secret": "[secret]"}}


def test_diagnostics_are_errors_and_warnings_each_once(tmp_path: Path) -> None:
    events = [
        said("warning", "<{%bold%}>careful<{%reset%}>\n", URN),
        said("info", "hello"),
        said("error", "update failed"),
        said("error", "Resource monitor has terminated, shutting down"),
        said("error", "no such number", URN),
        said("error", "no such number", URN),
    ]
    found = result(tmp_path, *events, status=1)
    assert [(diagnostic.severity, str(diagnostic)) for diagnostic in found.diagnostics] == [
        ("warning", "ExternalNumber office: careful"),
        ("error", "ExternalNumber office: no such number"),
    ]
    assert str(found) == "pulumi up failed (exit status 1)\n  ExternalNumber office: no such number"


def test_a_violation_is_the_findings_own_words(tmp_path: Path) -> None:
    message = "<{%reset%}>Every number has one.<{%reset%}>\nExternalNumber office: calls go nowhere\n"
    event = {"policyName": "number-has-forwarding", "enforcementLevel": "mandatory", "resourceUrn": URN}
    found = result(tmp_path, {"policyEvent": {**event, "message": message}}, status=1)
    [violation] = found.policy_violations
    assert (violation.rule, violation.level) == ("number-has-forwarding", "mandatory")
    assert (violation.resource, violation.text) == ("ExternalNumber office", "calls go nowhere")
    assert "calls go nowhere" in str(found)


def test_a_failure_without_an_error_shows_the_end_of_the_output(tmp_path: Path) -> None:
    found = result(tmp_path, status=255, output="a line\nerror: no stack\n")
    assert str(found) == "pulumi up failed (exit status 255)\n  a line\n  error: no stack"


def test_a_traceback_is_its_error_and_the_programs_line() -> None:
    message = (
        "Program failed with an unhandled exception:\nTraceback (most recent call last):\n"
        '  File "/tmp/p/__main__.py", line 3, in <module>\n    boom()\n'
        '  File "/v/lib/python3.11/site-packages/pulumi/x.py", line 9, in boom\n    raise\nValueError: boom\n'
    )
    assert for_a_person(message) == "ValueError: boom (__main__.py, line 3)"


def test_a_name_with_colons_stays_whole(tmp_path: Path) -> None:
    assert result(tmp_path, step("create", f"{URN}::a")).changes.by_resource == {
        "ExternalNumber office::a": "create"
    }
