"""The commands of `pulumi` that we run: their environment, their time, and what is read of their output."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import automation
from pydantic import SecretStr

import stacks
from pulumi_plusofon.pulumi_cli import runner
from pulumi_plusofon.pulumi_cli.runner import (
    VARIABLES,
    Ran,
    StackError,
    json_of,
    read_json,
    run,
    run_shown,
    words,
)
from pulumi_plusofon.testing.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SKIPS = "PULUMI_SKIP_CHECKPOINTS=true"


def _run(folder: Path, command: str) -> str:
    return run(folder, command).output


def _run_shown(folder: Path, command: str) -> str:
    return run_shown(folder, command).output


def _kit(folder: Path, command: str) -> str:
    return Engine(folder / "stack", {}).run(folder, command, timeout=10).text


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pulumi` that prints its environment."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (folder / name).write_text("#!/bin/sh\nexec /usr/bin/env\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python" / "python3"))


@pytest.mark.parametrize("ours", [_run, _run_shown, _kit])
def test_a_preview_of_ours_works_out_no_state_that_it_throws_away(
    ours: Callable[[Path, str], str], tmp_path: Path
) -> None:
    assert SKIPS in ours(tmp_path, "preview").splitlines()


@pytest.mark.parametrize("ours", [_run, _run_shown, _kit])
@pytest.mark.parametrize("command", ["up", "refresh", "destroy", "stack"])
def test_a_command_that_saves_a_state_saves_it_at_each_step(
    command: str, ours: Callable[[Path, str], str], tmp_path: Path
) -> None:
    assert SKIPS not in ours(tmp_path, command).splitlines()


def test_a_fleets_preview_has_the_variables_and_its_up_has_not() -> None:
    stack: Any = SimpleNamespace(workspace=SimpleNamespace(env_vars={"PULUMI_PYTHON_CMD": "python3"}))
    with stacks.with_variables(stack, VARIABLES["preview"]):
        assert stack.workspace.env_vars == {
            "PULUMI_PYTHON_CMD": "python3",
            "PULUMI_SKIP_CHECKPOINTS": "true",
        }
    assert stack.workspace.env_vars == {"PULUMI_PYTHON_CMD": "python3"}


FLAGS = {
    "PULUMI_OPTION_EXPECT_NO_CHANGES": "true",
    "PULUMI_OPTION_TARGET": "urn:pulumi:dev::x::y::z",
    "PULUMI_OPTION_PARALLEL": "4",
    "PULUMI_OPTION_POLICY_PACK": "/nowhere",
    "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
}


@pytest.mark.parametrize("ours", [_run, _run_shown, _kit])
@pytest.mark.parametrize("command", ["preview", "up", "stack"])
def test_flags_in_the_callers_environment_are_not_for_our_commands(
    command: str, ours: Callable[[Path, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**FLAGS, "PULUMI_CONFIG_PASSPHRASE_FILE": "/p", "HTTPS_PROXY": "http://p"}.items():
        monkeypatch.setenv(name, value)
    names = {line.partition("=")[0] for line in ours(tmp_path, command).splitlines()}
    assert not names & set(FLAGS)
    assert "HTTPS_PROXY" in names
    assert ("PULUMI_CONFIG_PASSPHRASE_FILE" in names) is (ours is not _kit)


def _pulumi(tmp_path: Path, script: str) -> None:
    (tmp_path / "bin" / "pulumi").write_text(f"#!/bin/sh\n{script}\n")


@pytest.mark.parametrize("ours", [run, run_shown])
@pytest.mark.parametrize("command", ["preview", "up", "stack"])
def test_a_command_that_takes_too_long_is_ended_and_says_for_what_it_waited(
    command: str, ours: Callable[..., Ran], tmp_path: Path
) -> None:
    _pulumi(tmp_path, "exec /bin/sleep 60")
    with pytest.raises(StackError) as error:
        ours(tmp_path, command, "--stack", "prod", seconds=0.2)
    assert str(error.value) == (
        f"`pulumi {command} --stack prod` took longer than 0.2 seconds and was ended: most often the backend"
        " of the state does not answer; `pulumi whoami -v` names it"
    )


def _set_token(folder: Path) -> None:
    customer: Any = SimpleNamespace(token=SecretStr("tok-1"))
    stack: Any = SimpleNamespace(name="acme", workspace=SimpleNamespace(work_dir=str(folder)))
    stacks._set_token(stack, customer)


def test_a_fleets_token_is_given_as_input_and_a_failure_is_the_engines(tmp_path: Path) -> None:
    _pulumi(tmp_path, 'echo "$@" >words; exec /bin/cat >given')
    _set_token(tmp_path)
    assert (tmp_path / "given").read_text() == "tok-1"
    assert "tok-1" not in (tmp_path / "words").read_text()
    _pulumi(tmp_path, "echo 'error: no passphrase' >&2; exit 255")
    with pytest.raises(automation.CommandError, match="error: no passphrase"):
        _set_token(tmp_path)


def test_a_fleets_token_is_set_in_a_limited_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_READING_SECONDS", 0.2)
    _pulumi(tmp_path, "exec /bin/sleep 60")
    with pytest.raises(StackError, match=r"took longer than 0\.2 seconds"):
        _set_token(tmp_path)


def test_a_command_that_takes_no_input_is_no_error(tmp_path: Path) -> None:
    _pulumi(tmp_path, "exit 0")
    assert run(tmp_path, "config", given="x" * 1_000_000).status == 0


def test_json_is_found_behind_the_lines_of_a_program_that_starts_the_engine(tmp_path: Path) -> None:
    _pulumi(tmp_path, "echo '[mise] pulumi 3.274.1'; echo '{is the engine}'; echo '{\n  \"a\": 1\n}'")
    assert read_json(tmp_path, "stack", "export") == {"a": 1}


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("", "nothing"),
        ("\n", "nothing"),
        ("using pulumi 3\n", "something else: another program may be called pulumi"),
        ('{"sequence": 1}\n{"sequence": 2}\n{', "something else"),
        ('{"plusofon:token": "hidden"', "something else"),
        ("[" * 200_000, "something else"),
    ],
)
def test_a_command_that_ends_well_without_json_is_an_error(output: str, said: str) -> None:
    with pytest.raises(StackError) as error:
        json_of(Ran(0, output, ""), "preview", "--json")
    assert str(error.value).startswith(f"`pulumi preview --json` printed no JSON, but {said}")
    assert "hidden" not in str(error.value)


CRASH = """panic: interface conversion: interface {} is int, not string

goroutine 1 [running]:
main.main()
"""


@pytest.mark.parametrize(
    ("ran", "line"),
    [
        (
            Ran(2, "", CRASH),
            "the engine ended by an error of its own: panic: interface conversion: interface {}",
        ),
        (Ran(2, CRASH, "Previewing update"), "the engine ended by an error of its own: panic: interface"),
        (Ran(255, "", "error: no stack named 'x' found\n"), "no stack named 'x' found"),
        (Ran(6, "", ""), "exit status 6"),
    ],
)
def test_a_command_that_fails_is_one_line(ran: Ran, line: str) -> None:
    assert words(ran).startswith(line)
    assert "\n" not in words(ran)
