"""The set-up: nothing is done twice, nothing half-made is trusted, what is missing is named."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bootstrap import cache, engine, packages
from bootstrap.console import CommandError, SetupError, Step
from bootstrap.versions import parse_version
from support.setup_fakes import FAILING, TOOLS, make_clone, program, pulumi_in


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def step(screen: io.StringIO) -> Step:
    return Step("1/1", "a step", "a moment", screen)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_clone(tmp_path / "clone")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.259.0\n", (3, 259, 0)),
        ("3.300.1-alpha.x1", (3, 300, 1)),
        ("go1.26.6", (1, 26, 6)),
        ("go1.26", (1, 26)),
        ("devel go1.27-abc", (1, 27)),
    ],
)
def test_versions_are_read_as_programs_print_them(text: str, version: tuple[int, ...]) -> None:
    assert parse_version(text) == version


def test_versions_compare_by_number() -> None:
    assert parse_version("v3.1000.0") > parse_version("v3.259.0") > parse_version("v3.99.9")


def test_text_without_a_version_is_refused() -> None:
    with pytest.raises(ValueError, match="no version in 'unknown'"):
        parse_version("unknown")


def test_the_cache_is_where_the_user_says(tmp_path: Path) -> None:
    assert cache.root({"PLUSOFON_CACHE": str(tmp_path)}) == tmp_path
    assert cache.root({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "pulumi-plusofon"
    assert cache.root({}) == Path.home() / ".cache" / "pulumi-plusofon"


def test_an_interrupted_build_never_counts_as_whole(tmp_path: Path, step: Step) -> None:
    entry = tmp_path / "entry"

    def interrupted(folder: Path) -> None:
        pulumi_in(folder / "bin", "half", without="pulumi")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.provide(entry, engine.is_whole, interrupted, step)
    assert not entry.exists()

    killed = tmp_path / "entry.partial-killed"
    pulumi_in(killed / "bin", "half")
    cache.provide(entry, engine.is_whole, lambda folder: pulumi_in(folder / "bin", "v3.259.0"), step)
    assert engine.is_whole(entry)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["entry", "entry.lock"]


def test_an_entry_that_lost_a_program_is_filled_again(tmp_path: Path, step: Step) -> None:
    entry = tmp_path / "entry"
    pulumi_in(entry / "bin", "v3.259.0", without="pulumi-language-python")
    cache.provide(entry, engine.is_whole, lambda folder: pulumi_in(folder / "bin", "v3.259.0"), step)
    assert engine.is_whole(entry)


def test_two_set_ups_at_once_build_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LOCK_POLL", 0.01)
    filled = []

    def fill(folder: Path) -> None:
        filled.append(folder)
        time.sleep(0.1)
        pulumi_in(folder / "bin", "v3.259.0")

    def provide() -> None:
        cache.provide(
            tmp_path / "entry", engine.is_whole, fill, Step("1/1", "a step", "a moment", io.StringIO())
        )

    threads = [threading.Thread(target=provide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(filled) == 1


def test_packages_are_installed_anew_when_lock_project_or_place_change(clone: Path, tmp_path: Path) -> None:
    assert not packages.is_ready(clone)
    program(clone / ".venv" / "bin" / "python", "#!/bin/sh\n")
    uv = program(tmp_path / "bin" / "uv", "#!/bin/sh\n")

    def install() -> None:
        step = Step("1/1", "a step", "a moment", io.StringIO())
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", str(uv.parent))
            packages.install(clone, tmp_path / "cache", step)

    install()
    assert packages.is_ready(clone)
    for name in ("requirements.lock", "pyproject.toml"):
        with (clone / name).open("a") as file:
            file.write("# changed\n")
        assert not packages.is_ready(clone)
        install()
        assert packages.is_ready(clone)
    moved = clone.rename(tmp_path / "moved")
    assert not packages.is_ready(moved)


def test_a_failed_installation_is_not_taken_for_a_done_one(
    clone: Path, tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(clone / ".venv" / "bin" / "python", FAILING)
    monkeypatch.setenv("PATH", str(program(tmp_path / "bin" / "uv", FAILING).parent))
    with pytest.raises(SetupError, match="no route to the registry"):
        packages.install(clone, tmp_path / "cache", step)
    assert not packages.is_ready(clone)


def test_packages_that_could_not_be_compiled_are_not_taken_for_ready(
    clone: Path, tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(clone / ".venv" / "bin" / "python", "#!/bin/sh\necho no space left\nexit 1\n")
    monkeypatch.setenv("PATH", str(program(tmp_path / "bin" / "uv", "#!/bin/sh\n").parent))
    with pytest.raises(SetupError, match=r"could not be compiled(?s:.*)no space left") as failure:
        packages.install(clone, tmp_path / "cache", step)
    assert "Free space" in failure.value.advice
    assert not packages.is_ready(clone)


def test_a_failure_is_a_few_lines_and_no_traceback(clone: Path, tmp_path: Path) -> None:
    program(clone / ".venv" / "bin" / "python", FAILING)
    environment = {"PATH": str(tmp_path / "nothing"), "PLUSOFON_CACHE": str(tmp_path / "cache")}
    run = subprocess.run(
        [sys.executable, clone / "tools" / "setup.py"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    assert run.returncode == 1
    assert "uv==" in run.stderr
    assert "What to do: The Python package registry must be reachable" in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) < 10
    assert list((tmp_path / "cache" / "tools").glob("uv==*.partial-*")) == []


def test_any_python_3_can_read_the_entry_and_says_what_is_missing() -> None:
    ast.parse((TOOLS / "setup.py").read_text(), feature_version=(3, 6))


def test_in_a_pipe_progress_is_plain_lines(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.console.PLAIN_INTERVAL", 0.0)
    with Step("2/2", "Pulumi engine", "3 minutes", screen) as step:
        step.say("compiling, 3 of at most 9 packages")
    assert screen.getvalue().splitlines() == [
        "[2/2] Pulumi engine (usually 3 minutes)",
        "[2/2] Pulumi engine: compiling, 3 of at most 9 packages, 0s (usually 3 minutes)",
        "[2/2] Pulumi engine: done after 0s",
    ]


def test_output_of_a_program_is_shown_only_when_it_fails(screen: io.StringIO, step: Step) -> None:
    step.run(["sh", "-c", "echo all is well"])
    assert "well" not in screen.getvalue()
    with pytest.raises(CommandError, match="exit code 3:\nlast words"):
        step.run(["sh", "-c", "echo last words >&2; exit 3"])
