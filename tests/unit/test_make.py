"""The Makefile: what `make` gives its commands on odd machines, and what `make clean` removes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clean import clean

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "localhost,127.0.0.1,127.0.0.0/8,::1"
PROXIES = ("no_proxy", "NO_PROXY", "no_grpc_proxy")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a blank in its name that has the Makefile, and a target that prints the environment."""
    folder = tmp_path / "my numbers"
    folder.mkdir()
    (folder / "Makefile").write_text((ROOT / "Makefile").read_text() + "\nshow:\n\t@env -0\n")
    return folder


def environment_in(clone: Path, **changed: str | None) -> dict[str, str]:
    """What a command of `make` sees; None takes a variable out."""
    given = {
        name: value
        for name, value in {**os.environ, **changed}.items()
        if value is not None and (name in changed or name not in PROXIES)
    }
    said = subprocess.run(
        ["make", "--silent", "show"], cwd=clone, env=given, capture_output=True, text=True, check=True
    ).stdout
    return dict(entry.split("=", 1) for entry in said.split("\0") if "=" in entry)


def test_the_set_up_programs_come_first_also_below_a_folder_with_a_blank(clone: Path) -> None:
    assert environment_in(clone)["PATH"].split(":")[0] == f"{clone}/.venv/bin"


@pytest.mark.parametrize(
    ("given", "direct", "direct_grpc"),
    [
        ({}, LOOPBACK, LOOPBACK),
        ({"HTTP_PROXY": "http://proxy:3128", "http_proxy": "http://proxy:3128"}, LOOPBACK, LOOPBACK),
        ({"no_proxy": "a.example, b.example"}, f"a.example, b.example,{LOOPBACK}", None),
        ({"NO_PROXY": "a.example"}, f"a.example,{LOOPBACK}", None),
        ({"NO_PROXY": "a.example", "no_proxy": "b.example"}, f"b.example,{LOOPBACK}", None),
        (
            {"no_proxy": "b.example", "no_grpc_proxy": "c.example"},
            f"b.example,{LOOPBACK}",
            f"c.example,{LOOPBACK}",
        ),
        ({"no_proxy": "*"}, "*", f"*,{LOOPBACK}"),
    ],
)
def test_loopback_is_kept_out_of_proxies_with_all_that_the_user_keeps_out(
    clone: Path, given: dict[str, str], direct: str, direct_grpc: str | None
) -> None:
    seen = environment_in(clone, **given)
    assert seen["no_proxy"] == direct
    assert seen["no_grpc_proxy"] == (direct_grpc or direct)


@pytest.mark.parametrize("home", [None, "", "/", "/nowhere/at/all"])
def test_a_user_without_a_home_gets_one_in_the_clone(clone: Path, home: str | None) -> None:
    seen = environment_in(clone, HOME=home, USER=None)
    assert seen["HOME"] == f"{clone}/.setup/home"
    assert seen["USER"]


def test_a_home_is_left_as_it_is(clone: Path, tmp_path: Path) -> None:
    seen = environment_in(clone, HOME=str(tmp_path), USER="jo")
    assert (seen["HOME"], seen["USER"]) == (str(tmp_path), "jo")


def test_python_finds_the_modules_beside_a_script(clone: Path) -> None:
    assert "PYTHONSAFEPATH" not in environment_in(clone, PYTHONSAFEPATH="1")
    expected = subprocess.run(
        [sys.executable, "-P" if sys.version_info >= (3, 11) else "-s", ROOT / "tools" / "setup.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ModuleNotFoundError" not in expected.stderr


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A clone that was set up, tested and brought up and down."""
    clone = tmp_path / "used"
    for name in (
        ".venv/bin/python",
        ".setup/home/go/pkg/mod/x.go",
        ".sandbox/state/x",
        ".hypothesis/x",
        "dist/x",
        "tests/browser/node_modules/mermaid/x.js",
    ):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).touch()
    for name in ("provider/a/__pycache__/x.pyc", "provider/a/code.py", "examples/quickstart/Pulumi.try.yaml"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).touch()
    (clone / ".coverage").touch()
    (clone / ".setup/home/go/pkg/mod").chmod(0o555)
    return clone


def left(clone: Path) -> set[str]:
    return {file.relative_to(clone).as_posix() for file in clone.rglob("*") if file.is_file()}


def test_clean_removes_what_was_made_and_nothing_of_the_user(used: Path) -> None:
    assert clean(used) == 0
    assert left(used) == {"provider/a/code.py", "examples/quickstart/Pulumi.try.yaml"}
    assert clean(used) == 0, "there is nothing left to remove, which is no error"


def test_clean_keeps_the_cache_that_all_clones_share(used: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared" / "bin" / "pulumi"
    shared.parent.mkdir(parents=True)
    shared.touch()
    (used / ".venv" / "bin" / "pulumi").symlink_to(shared)
    shutil.rmtree(used / "dist")
    (used / "dist").symlink_to(shared.parent)
    assert clean(used) == 0
    assert shared.exists()
    assert not (used / "dist").is_symlink()


@pytest.mark.parametrize("there", ["address", "account.db-wal"])
def test_clean_removes_nothing_while_the_stack_is_up(
    used: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (used / ".sandbox" / there).touch()
    before = left(used)
    assert clean(used) == 1
    assert left(used) == before
    assert "make down" in capsys.readouterr().err
