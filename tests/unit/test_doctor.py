"""`plusofon doctor`: each check on a set-up that is well, and on one that is not."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from pulumi_plusofon.diagnosis.findings import Check
from pulumi_plusofon.diagnosis.machine import OLDEST_ENGINE
from pulumi_plusofon.diagnosis.subject import Subject
from support.repository import ROOT
from unit.fake_pulumi import OFFICE, SALES, FakePulumi, listed
from unit.wire import CLOSED, TOKEN, Answer, Wire, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from click.testing import Result

    Doctor: TypeAlias = Callable[..., dict[str, dict[str, Any]]]

USER = {"user": {"id": 7, "email": "ann@example.com", "role": {"name": "admin"}}}
CUSTOMER = {"id": 42291, "tariff": {"name": "Basic"}}
BALANCE = {"balance": 12.5}
DIRECTIONS = {"directions": {"44": {"code": "44"}, "7": {"code": "7"}}}
FACTS = (USER, CUSTOMER, BALANCE, DIRECTIONS)
MACHINE = [
    *("engine", "language host", "dynamic provider", "python", "virtualenv"),
    *("package pulumi-plusofon", "package pulumi", "package requests", "package phonenumbers"),
    "package pulumi-policy",
]
SETTINGS = [
    *("token", "clientId", "baseUrl", "timeout", "maxRetries", "requestsPerSecond"),
    *("customerId", "readOnly", "adopt"),
]
ACCOUNT = [
    *("address", "token", "user", "account", "customer id", "account guard"),
    *("numbers", "ids", "latency", "clock", "balance", "directions"),
]
# The requests in their order.
PATHS = [
    "/api/v1/number/external",
    "/api/v1/authuser",
    "/api/v1/customer-info",
    "/api/v1/payment/balance",
    "/api/v1/direction",
]


@pytest.fixture
def doctor(
    plusofon: Callable[..., Result], stacks: FakePulumi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Doctor:
    """The command in an empty folder; its findings by topic, once its exit status is as they say."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    stacks.is_engine("v3.274.1")
    stacks.lists("dev", "prod")

    def examine(*words: str) -> dict[str, dict[str, Any]]:
        result = plusofon("doctor", "--json", *words)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        findings: list[dict[str, Any]] = json.loads(result.stdout)
        assert all(set(one) == {"topic", "state", "text", "advice"} for one in findings)
        assert all(one["text"].isprintable() for one in findings)
        assert all(one["advice"] for one in findings if one["state"] == "problem")
        assert TOKEN not in result.output
        assert result.exit_code == (1 if "problem" in [one["state"] for one in findings] else 0)
        return {one["topic"]: one for one in findings}

    return examine


def answers(wire: Wire, first: Answer, *facts: Any) -> None:
    """Script the list, then the facts: an answer each, or what its body is."""
    given = [one if isinstance(one, Answer) else Answer(body=one) for one in (facts or FACTS)]
    wire.script(first, *given)


def seen(finding: dict[str, Any]) -> tuple[str, str]:
    return finding["state"], finding["text"]


def test_the_topics_are_the_promised_ones(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE))
    settings = [f"plusofon:{key}" for key in SETTINGS]
    assert list(doctor()) == [*MACHINE, "stack", *settings, "spelling", *ACCOUNT, "stacks", "shared settings"]


def test_a_sound_account_is_good_in_every_check(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE, SALES))
    found = doctor()
    assert seen(found["address"]) == ("good", f"{wire.url} answers")
    assert found["token"]["state"] == "good"
    assert seen(found["user"]) == ("good", "user 7, role admin")
    assert seen(found["account"]) == ("good", "account 42291, tariff Basic")
    assert seen(found["customer id"]) == ("good", "42291, in the list and in customer-info")
    assert seen(found["numbers"]) == ("good", "2 numbers in the account")
    assert seen(found["ids"]) == ("good", "the list has the id of 2 numbers")
    assert found["latency"]["text"].endswith(" ms for one answer, with the connection")
    assert found["clock"]["state"] == "good"
    assert seen(found["balance"]) == ("good", "12.50")
    assert seen(found["directions"]) == ("good", "2 countries: 7, 44")
    assert "ann@example.com" not in str(found)
    assert [(one.method, one.path) for one in wire.asked] == [("GET", path) for path in PATHS]


def test_a_token_that_is_refused_is_a_problem_that_says_which_is_right(doctor: Doctor, wire: Wire) -> None:
    answers(wire, refusal(403, f"Недостаточно прав {TOKEN}"), refusal(403, "no"))
    found = doctor()
    assert found["address"]["state"] == "good"
    assert found["token"]["state"] == "problem"
    assert "HTTP 403: Недостаточно прав [secret]" in found["token"]["text"]
    assert "the access key of the cabinet" in found["token"]["advice"]
    assert "PLUSOFON_TOKEN" in found["token"]["advice"]
    assert {found[topic]["state"] for topic in ("user", "account", "customer id", "numbers", "ids")} == {
        "unknown"
    }
    assert found["clock"]["state"] == found["latency"]["state"] == "good"


def test_a_server_that_gives_no_answer_is_asked_once(doctor: Doctor, wire: Wire) -> None:
    wire.script(CLOSED)
    found = doctor()
    assert found["address"]["state"] == "problem"
    assert {found[topic]["state"] for topic in ("token", "user", "numbers", "clock", "latency")} == {
        "unknown"
    }
    assert len(wire.asked) == 1


def test_an_address_without_a_server_is_a_problem_of_the_address(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUSOFON_BASE_URL", "http://127.0.0.1:9")
    address = doctor()["address"]
    assert seen(address) == (
        "problem",
        "listing the external numbers: no connection to http://127.0.0.1:9",
    )
    assert "PLUSOFON_BASE_URL" in address["advice"]


@pytest.mark.parametrize(
    ("answer", "topic"),
    [
        (refusal(404, "Not found"), "address"),
        (Answer(body=b"<html>"), "address"),
        (refusal(500, "Нет доступа"), "numbers"),
        (Answer(503, b""), "numbers"),
    ],
)
def test_a_list_that_fails_is_the_problem_of_one_check(
    doctor: Doctor, wire: Wire, answer: Answer, topic: str
) -> None:
    answers(wire, answer)
    found = doctor()
    account = [name for name, one in found.items() if one["state"] == "problem"]
    assert account == [topic]


def test_what_the_api_does_not_have_is_unknown_and_no_problem(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE), *[refusal(404, "Not found")] * 4)
    found = doctor()
    for topic in ("user", "account", "customer id", "balance", "directions"):
        assert seen(found[topic]) == ("unknown", "the API does not say")


@pytest.mark.parametrize("odd", [[], {"success": True}, {"user": 1, "balance": "much", "directions": "all"}])
def test_a_fact_that_cannot_be_read_is_unknown_and_stops_no_other(
    doctor: Doctor, wire: Wire, odd: Any
) -> None:
    answers(wire, listed(OFFICE), odd, odd, odd, DIRECTIONS)
    found = doctor()
    assert {found[topic]["state"] for topic in ("user", "account", "balance")} == {"unknown"}
    assert found["directions"]["state"] == "good"


def test_another_customer_id_in_customer_info_is_a_notice(doctor: Doctor, wire: Wire) -> None:
    answers(wire, listed(OFFICE), USER, {"id": 42299}, BALANCE, DIRECTIONS)
    found = doctor()
    assert seen(found["customer id"]) == ("notice", "the list has 42291, customer-info has 42299")


@pytest.mark.parametrize(
    ("wanted", "customer", "state"),
    [
        ("42291", CUSTOMER, "good"),
        ("42292", CUSTOMER, "problem"),
        (None, CUSTOMER, "notice"),
        ("any", refusal(404, "no"), "notice"),
    ],
)
def test_the_account_that_the_settings_require_is_compared(
    doctor: Doctor,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    wanted: str | None,
    customer: Any,
    state: str,
) -> None:
    if wanted is not None:
        monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", wanted)
    answers(wire, listed(OFFICE), USER, customer, BALANCE, DIRECTIONS)
    guard = doctor()["account guard"]
    assert guard["state"] == state
    assert (
        state != "notice" or guard["advice"] == "set plusofon:customerId (or PLUSOFON_CUSTOMER_ID) to 42291"
    )


def test_an_account_that_is_nowhere_named_is_a_problem_where_one_is_required(
    doctor: Doctor, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUSOFON_CUSTOMER_ID", "42291")
    answers(wire, listed(), USER, refusal(404, "no"), BALANCE, DIRECTIONS)
    found = doctor()
    assert found["account guard"]["state"] == "problem"
    assert "the account of the token is unknown" in found["account guard"]["text"]
    assert found["ids"]["state"] == "unknown"


def test_a_list_without_ids_says_what_cannot_be_done(doctor: Doctor, wire: Wire) -> None:
    without = {key: value for key, value in SALES.items() if key != "id"}
    answers(wire, listed(OFFICE, without))
    ids = doctor()["ids"]
    assert seen(ids) == ("notice", "the list has no id of 1 of 2 numbers")
    assert "neither changed, forwarded nor disconnected" in ids["advice"]


def test_entries_that_cannot_be_read_are_counted_and_named(doctor: Doctor, wire: Wire) -> None:
    odd = [{"id": place, "number": f"44770090011{place}", "type": "FAX\x1b[2J"} for place in range(1, 6)]
    answers(wire, listed(OFFICE, *odd))
    state, text = seen(doctor()["numbers"])
    assert state == "notice"
    assert text.startswith(
        "6 numbers in the account, of which 5 cannot be read: 447700900111 (its type is not"
    )
    assert text.endswith(" and 2 more")


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [(0, "good", ""), (90, "notice", "90 s ahead of"), (-3600, "notice", "3600 s behind")],
)
def test_the_clock_is_compared_with_the_date_of_the_answer(
    doctor: Doctor, wire: Wire, seconds: int, state: str, words: str
) -> None:
    # A header has whole seconds, so the end of one may be near.
    theirs = datetime.now(timezone.utc) - timedelta(seconds=seconds)
    body = listed(OFFICE).body
    answers(wire, Answer(body=body, headers={"Date": format_datetime(theirs, usegmt=True)}))
    clock = doctor()["clock"]
    assert clock["state"] == state
    known = {words, words.replace("90 ", "91 "), words.replace("3600 ", "3599 ")}
    assert any(one in clock["text"] for one in known)


def test_an_answer_without_a_date_leaves_the_clock_unknown(doctor: Doctor, wire: Wire) -> None:
    answers(wire, Answer(body=listed(OFFICE).body, headers={"Date": "noon"}))
    assert doctor()["clock"]["state"] == "unknown"


@pytest.mark.parametrize(
    ("balance", "directions", "expected"),
    [
        ({"balance": "0"}, {"directions": []}, [("notice", "0.00"), ("notice", "no country may be called")]),
        ({"balance": -3}, {"directions": [{"code": 7}]}, [("notice", "-3.00"), ("good", "1 country: 7")]),
    ],
)
def test_nothing_left_to_call_with_or_to_is_a_notice(
    doctor: Doctor, wire: Wire, balance: Any, directions: Any, expected: list[tuple[str, str]]
) -> None:
    answers(wire, listed(OFFICE), USER, CUSTOMER, balance, directions)
    found = doctor()
    assert [seen(found["balance"]), seen(found["directions"])] == expected


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
    assert [name for name, one in found.items() if one["state"] == "problem"] == ["stack"]
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
    assert [name for name, one in found.items() if one["state"] == "problem"] == ["engine"]
    assert found["token"]["state"] == "good"


@pytest.mark.parametrize(
    ("content", "maker"),
    [
        (b"\x7fELF path\tgithub.com/pulumi/pulumi/sdk/python/x\nmod\tx", "the official one"),
        (b"path\tplusofon.invalid/engine/cmd/x\nmod\tx", "built by `make setup` of pulumi-plusofon"),
        (b"path\tgithub.com/other/pulumi\nmod\tx", "the file does not say whose"),
        (b"#!/bin/sh\n", "the file does not say whose"),
        (b"", "the file does not say whose"),
    ],
)
def test_the_language_host_is_named_by_what_it_was_built_from(
    doctor: Doctor, stacks: FakePulumi, content: bytes, maker: str
) -> None:
    file = stacks.add("pulumi-language-python", content)
    before = datetime.now(timezone.utc).timestamp() - 10.5 * 86_400
    os.utime(file, (before, before))
    assert seen(doctor()["language host"]) == ("good", f"{file}, {maker}, 10 days old")


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


def test_people_get_a_table_and_then_what_to_do(
    doctor: Doctor, plusofon: Callable[..., Result], wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(wire, listed(OFFICE))
    assert doctor()["token"]["state"] == "good"
    monkeypatch.delenv("PLUSOFON_TOKEN")
    monkeypatch.setenv("PLUSOFON_TIMEOUT", "soon")
    result = plusofon("doctor")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["topic", "state", "text"]
    assert [line.split()[:2] for line in lines[1:3]] == [["engine", "good"], ["language", "host"]]
    first = next(line for line in lines if ": " in line and line.startswith("plusofon:timeout: "))
    assert first == "plusofon:timeout: correct PLUSOFON_TIMEOUT"
    advice = lines[lines.index(first) :]
    assert any(line.startswith("plusofon:token, address, token and ") for line in advice)
    assert (result.exit_code, result.stderr) == (1, "")


@pytest.mark.parametrize("words", [["--stack"], ["prod"], ["--stacks", "prod"]])
def test_wrong_usage_is_status_2(plusofon: Callable[..., Result], wire: Wire, words: list[str]) -> None:
    assert plusofon("doctor", *words).exit_code == 2
    assert wire.asked == []
