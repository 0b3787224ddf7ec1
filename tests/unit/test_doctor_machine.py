"""`plusofon doctor` on settings, stacks, engines and Pythons that are well, and on some that are not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from pulumi_plusofon.command.doctor.findings import Check
from pulumi_plusofon.command.doctor.machine import OLDEST_ENGINE
from pulumi_plusofon.command.doctor.subject import Subject
from support.repository import ROOT
from unit.doctor_answers import answers, seen
from unit.fake_pulumi import OFFICE, FakePulumi, listed
from unit.wire import TOKEN, Wire

if TYPE_CHECKING:
    from unit.doctor_answers import Doctor


def test_without_a_token_the_account_is_unknown_and_nothing_is_sent(
    doctor: Doctor, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    found = doctor()
    assert seen(found["plusofon:token"]) == ("notice", "missing")
    assert seen(found["token"]) == seen(found["balance"]) == ("unknown", "there is no token")
    assert "PLUSOFON_TOKEN" in found["token"]["advice"]
    assert wire.asked == []


def test_settings_say_where_each_comes_from(
    doctor: Doctor, wire: Wire, stacks: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks.has("prod", token=TOKEN, timeout="20", clientId="10554")
    secrets = json.loads((stacks.folder / "prod.config.json").read_text())
    secrets["plusofon:clientId"]["secret"] = True
    (stacks.folder / "prod.config.json").write_text(json.dumps(secrets))
    monkeypatch.setenv("PLUSOFON_TIMEOUT", "5")
    monkeypatch.setenv("PLUSOFON_REQUESTS_PER_SECOND", "50")
    answers(wire, listed(OFFICE))
    found = doctor("--stack", "prod")
    assert seen(found["stack"]) == ("good", "the configuration of prod is read")
    assert seen(found["plusofon:timeout"]) == (
        "good",
        "20 (the stack's configuration; PLUSOFON_TIMEOUT is not used)",
    )
    assert seen(found["plusofon:requestsPerSecond"]) == (
        "good",
        "50 (the variable PLUSOFON_REQUESTS_PER_SECOND)",
    )
    assert seen(found["plusofon:readOnly"]) == ("good", "false (the default)")
    assert seen(found["plusofon:clientId"]) == ("good", "set (the stack's configuration)")
    assert found["plusofon:token"]["state"] == "notice"
    assert "in clear in a file of the project" in found["plusofon:token"]["text"]


def test_a_setting_that_cannot_be_used_is_a_problem_and_nothing_is_sent(
    doctor: Doctor, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUSOFON_TIMEOUT", "soon")
    monkeypatch.setenv("PLUSOFON_TIMOUT", "20")
    found = doctor()
    assert seen(found["plusofon:timeout"]) == ("problem", "PLUSOFON_TIMEOUT: must be a number, not 'soon'")
    assert found["spelling"]["state"] == "notice"
    assert "PLUSOFON_TIMOUT" in found["spelling"]["text"]
    assert found["address"]["advice"] == "correct the settings first"
    assert wire.asked == []


def test_a_key_of_the_configuration_that_is_no_setting_is_a_problem(
    doctor: Doctor, stacks: FakePulumi
) -> None:
    stacks.has("prod", timeOut="20")
    spelling = doctor("--stack", "prod")["spelling"]
    assert spelling["state"] == "problem"
    assert "plusofon:timeOut" in spelling["text"]


def test_a_stack_without_a_token_is_a_problem(
    doctor: Doctor, stacks: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    stacks.has("prod")
    token = doctor("--stack", "prod")["plusofon:token"]
    assert seen(token) == ("problem", "missing")
    assert "pulumi config set --secret plusofon:token --stack prod" in token["advice"]


def test_a_stack_that_cannot_be_read_is_one_problem(doctor: Doctor, wire: Wire) -> None:
    found = doctor("--stack", "none")
    assert [name for name, finding in found.items() if finding["state"] == "problem"] == ["stack"]
    assert "no stack named 'none' found" in found["stack"]["text"]
    assert found["plusofon:timeout"]["state"] == found["token"]["state"] == "unknown"
    assert wire.asked == []


def test_stacks_that_claim_one_account_are_named(
    doctor: Doctor, wire: Wire, stacks: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("Pulumi.yaml").write_text("name: phones\nruntime: python\n")
    Path("Pulumi.dev.yaml").write_text("config: {plusofon:customerId: 42291}\n")
    Path("Pulumi.test.yaml").write_text("config: {plusofon:customerId: '42292'}\n")
    Path("Pulumi.uat.yaml").write_text("config: {plusofon:customerId: '42292'}\n")
    Path("Pulumi.bad.yaml").write_text("[")
    monkeypatch.delenv("PLUSOFON_BASE_URL")
    stacks.has("prod", customerId="42291", baseUrl=wire.url)
    answers(wire, listed(OFFICE))
    found = doctor("--stack", "prod")
    assert seen(found["stacks"]) == ("good", "besides prod: dev")
    assert found["shared settings"]["state"] == "notice"
    assert found["shared settings"]["text"].startswith(
        "customerId 42291 is that of dev and prod; Pulumi.bad.yaml"
    )
    alike = doctor()["shared settings"]["text"]
    assert alike.startswith("customerId 42292 is that of test and uat; Pulumi.bad.yaml")


def test_a_folder_without_a_project_is_unknown_to_the_checks_of_it(doctor: Doctor) -> None:
    found = doctor()
    assert found["stacks"]["state"] == found["shared settings"]["state"] == "unknown"


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ("v3.274.1", "good"),
        ("v3.254.0", "good"),
        ("v3.253.9", "problem"),
        ("v2.9.0", "problem"),
        ("x", "problem"),
    ],
)
def test_the_engine_must_be_new_enough(doctor: Doctor, stacks: FakePulumi, version: str, state: str) -> None:
    stacks.is_engine(version)
    engine = doctor()["engine"]
    assert engine["state"] == state
    assert str(stacks.bin / "pulumi") in engine["text"]


def test_the_oldest_engine_is_the_one_that_the_project_names() -> None:
    oldest = ".".join(map(str, OLDEST_ENGINE))
    assert f'requiredPulumiVersion: ">={oldest}"' in (ROOT / "Pulumi.yaml").read_text()


def test_an_engine_that_cannot_be_run_is_a_problem(doctor: Doctor, stacks: FakePulumi) -> None:
    stacks.add("pulumi", b"\0of another system")
    state, text = seen(doctor()["engine"])
    assert state == "problem"
    assert text.startswith(f"{stacks.bin / 'pulumi'}: pulumi cannot be run: ")


def test_a_check_that_fails_is_a_finding_without_the_errors_text(tmp_path: Path) -> None:
    def look(_subject: Subject) -> NoReturn:
        raise RuntimeError(f"Bearer {TOKEN}")

    finding = Check("topic", look).finding(Subject(tmp_path, None))
    assert (finding.topic, finding.state, finding.text) == (
        "topic",
        "unknown",
        "the check failed (RuntimeError)",
    )


def test_a_machine_without_an_engine_is_one_problem(doctor: Doctor, stacks: FakePulumi, wire: Wire) -> None:
    (stacks.bin / "pulumi").unlink()
    answers(wire, listed(OFFICE))
    found = doctor()
    assert [name for name, finding in found.items() if finding["state"] == "problem"] == ["engine"]
    assert found["token"]["state"] == "good"


def test_the_language_host_is_named_by_its_path(doctor: Doctor, stacks: FakePulumi) -> None:
    file = stacks.add("pulumi-language-python", b"\0")
    assert seen(doctor()["language host"]) == ("good", str(file))


def test_a_language_host_of_elsewhere_is_a_notice_and_a_missing_one_a_problem(
    doctor: Doctor, stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    file = other / "pulumi-language-python"
    file.write_bytes(b"")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{other}:{stacks.bin}:/usr/bin:/bin")
    found = doctor()["language host"]
    assert found["state"] == "notice"
    assert str(file) in found["text"]
    monkeypatch.setenv("PULUMI_IGNORE_AMBIENT_PLUGINS", "true")
    assert doctor()["language host"]["state"] == "good"
    (stacks.bin / "pulumi-language-python").unlink()
    assert doctor()["language host"]["state"] == "problem"


def test_the_virtualenv_of_the_project_is_compared_with_this_one(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Path("Pulumi.yaml")
    text = "name: phones\nruntime: {{name: python, options: {{virtualenv: {}}}}}\n"
    project.write_text(text.format(sys.prefix))
    assert doctor()["virtualenv"]["state"] == "good"
    project.write_text(text.format("venv"))
    assert doctor()["virtualenv"]["state"] == "problem"
    Path("venv").mkdir()
    assert doctor()["virtualenv"]["state"] == "notice"
    project.write_text("[")
    assert doctor()["virtualenv"]["state"] == "unknown"
    project.unlink()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert doctor()["virtualenv"]["state"] == "notice"


def test_each_finding_is_shown_before_the_next_check_is_done(stacks: FakePulumi, tmp_path: Path) -> None:
    stacks.is_engine("v3.274.1")
    (tmp_path / "Pulumi.yaml").write_text("name: phones\n")
    # The backend does not answer when it is asked for the project's stacks.
    (stacks.bin / "pulumi").write_text(
        f'#!/bin/sh\n[ "$2" = version ] && exec cat {tmp_path}/version.version.json\nexec sleep 60\n'
    )
    command = [sys.executable, "-m", "pulumi_plusofon", "doctor"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout
            shown: list[str] = []
            while "directions" not in shown:
                shown.append(process.stdout.readline().split("  ")[0])
        finally:
            # With the engine that it waits for.
            os.killpg(process.pid, signal.SIGKILL)
    assert shown[:2] == ["topic", "engine"]
    assert "stacks" not in shown
