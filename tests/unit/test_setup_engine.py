"""Where `make setup` takes the engine from, and when the one that is linked is no longer good enough."""

from __future__ import annotations

import io
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from bootstrap import build, engine, golang, links
from bootstrap.console import SetupError, Step
from support.setup_fakes import FAILING, make_clone, program, pulumi_in


@pytest.fixture
def step() -> Step:
    return Step("1/1", "a step", "a moment", io.StringIO())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_clone(tmp_path / "clone")


def test_an_installed_pulumi_is_used(tmp_path: Path) -> None:
    folder = pulumi_in(tmp_path / "bin", "v3.259.0")
    found = engine.find_installed(f"{folder}", (3, 259, 0), tmp_path / "venv")
    assert found == {name: folder / name for name in engine.PROGRAMS}


def test_hosts_are_found_where_a_linked_pulumi_really_lies(tmp_path: Path) -> None:
    folder = pulumi_in(tmp_path / "cellar", "v3.259.0")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(folder / "pulumi")
    found = engine.find_installed(str(tmp_path / "bin"), (3, 259, 0), tmp_path / "venv")
    assert found == {name: folder / name for name in engine.PROGRAMS}


def test_an_installed_pulumi_that_is_too_old_or_broken_is_not_used(tmp_path: Path) -> None:
    old = pulumi_in(tmp_path / "old", "v3.258.9")
    assert engine.find_installed(str(old), (3, 259, 0), tmp_path) is None
    program(old / "pulumi", FAILING)
    assert engine.find_installed(str(old), (3, 259, 0), tmp_path) is None


@pytest.mark.parametrize("missing", engine.PROGRAMS)
def test_an_incomplete_pulumi_is_not_used(tmp_path: Path, missing: str) -> None:
    folder = pulumi_in(tmp_path / "bin", "v3.259.0", without=missing)
    assert engine.find_installed(str(folder), (3, 259, 0), tmp_path) is None


def test_the_links_of_this_clone_are_no_installed_pulumi(tmp_path: Path) -> None:
    folder = pulumi_in(tmp_path / "venv" / "bin", "v3.259.0")
    assert engine.find_installed(f"{folder}:{folder}/", (3, 259, 0), folder) is None


@pytest.fixture
def linked(clone: Path, tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose engine comes from a full cache, on a machine without any other."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    pulumi_in(engine.cache_entry(clone, tmp_path / "cache") / "bin", "v3.259.0")
    assert not links.is_ready(clone)
    links.install(clone, tmp_path / "cache", step)
    return clone


def test_a_second_clone_is_linked_to_the_cached_build(linked: Path, tmp_path: Path) -> None:
    assert links.is_ready(linked)
    for name in engine.PROGRAMS:
        assert (linked / ".venv" / "bin" / name).resolve().is_relative_to(tmp_path / "cache" / "engine")


def test_links_into_a_removed_cache_are_stale(linked: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")
    assert not links.is_ready(linked)


def test_links_to_a_program_that_was_replaced_are_stale(linked: Path) -> None:
    program((linked / ".venv" / "bin" / "pulumi").resolve(), "#!/bin/sh\necho v3.1.0\n")
    assert not links.is_ready(linked)


def test_links_to_another_version_are_stale_and_made_anew(linked: Path, tmp_path: Path, step: Step) -> None:
    module = linked / "tools" / "engine" / "go.mod"
    module.write_text(module.read_text().replace(f"v{engine.version(linked)}", "v3.9999.0"))
    assert not links.is_ready(linked)
    wanted = pulumi_in(engine.cache_entry(linked, tmp_path / "cache") / "bin", "v3.9999.0")
    links.install(linked, tmp_path / "cache", step)
    assert links.is_ready(linked)
    assert (linked / ".venv" / "bin" / "pulumi").resolve() == wanted / "pulumi"


@pytest.mark.parametrize(
    ("changed", "rebuilds"), [("main.go", True), ("host_test.go", False), ("../../go.sum", True)]
)
def test_sources_of_the_engine_name_its_cache_entry(
    clone: Path,
    changed: str,
    rebuilds: bool,  # noqa: FBT001
) -> None:
    before = engine.cache_entry(clone, Path("cache"))
    with (clone / "tools" / "engine" / "cmd" / "pulumi-language-python" / changed).open("a") as file:
        file.write("\n")
    assert (engine.cache_entry(clone, Path("cache")) != before) is rebuilds
    assert before.name.startswith(f"{engine.version(clone)}-")


def test_without_go_and_registry_it_says_what_would_help(
    clone: Path, tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(clone / ".venv" / "bin" / "python", FAILING)
    monkeypatch.setenv("PATH", str(program(tmp_path / "bin" / "go", "#!/bin/sh\necho go1.22.1\n").parent))
    with pytest.raises(SetupError) as failure:
        golang.provide(clone, tmp_path / "cache", step)
    assert "No Go 1.26.6 or later on PATH" in failure.value.problem
    assert "no route to the registry" in failure.value.problem
    assert "install Go 1.26.6 or later" in failure.value.advice
    assert "install Pulumi" in failure.value.advice


def test_a_go_on_path_that_is_new_enough_is_used(
    clone: Path, tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = program(tmp_path / "bin" / "go", "#!/bin/sh\necho go1.26.6\n")
    monkeypatch.setenv("PATH", str(go.parent))
    assert golang.provide(clone, tmp_path / "cache", step) == go


def test_nothing_but_the_locked_build_enters_the_cache_of_all_clones(
    clone: Path, tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(*_: object) -> NoReturn:
        raise AssertionError("the set-up itself fetched something")

    def built(_clone: Path, _cache: Path, folder: Path, _step: Step) -> None:
        pulumi_in(folder, "v3.9999.0")

    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(socket.socket, "connect", connected)
    monkeypatch.setattr(build, "build", built)
    links.install(clone, tmp_path / "cache", step)
    assert engine.is_whole(engine.cache_entry(clone, tmp_path / "cache"))
    assert "-mod=readonly" in engine.build_flags(clone), "go.sum names every module's digest"


def test_a_checkout_with_other_line_ends_is_the_same_engine(clone: Path) -> None:
    before = engine.cache_entry(clone, Path("cache"))
    for file in engine.module(clone).rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert engine.cache_entry(clone, Path("cache")) == before
