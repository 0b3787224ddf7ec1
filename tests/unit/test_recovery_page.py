"""The page's commands that take a copy of a lost state: every form of state, any path, only what is whole."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from support.crash_recovery import documented

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKPOINT: Final = json.dumps(
    {"version": 3, "checkpoint": {"stack": "dev", "latest": {"resources": []}}}
).encode()


def _zstd(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-cq"], input=data, capture_output=True, check=True).stdout


# The page says that the third form needs the program `zstd`.
FORMS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "": bytes,
    ".gz": gzip.compress,
    **({".zst": _zstd} if shutil.which("zstd") else {}),
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where a stack's state would be, in a folder with a blank in its name; there are no backups yet."""
    state = tmp_path / "my numbers" / "stacks" / "dev.json"
    state.parent.mkdir(parents=True)
    (tmp_path / "my numbers" / "backups").mkdir()
    return state


def take_a_copy(state: Path) -> subprocess.CompletedProcess[str]:
    backups = state.parents[1] / "backups"
    return subprocess.run(
        ["bash", "-euc", documented("The disk with the state is full")[0]],
        env={**os.environ, "STATE": str(state), "BACKUPS": str(backups)},
        capture_output=True,
        text=True,
        check=False,
    )


def write(file: Path, data: bytes, age: int) -> Path:
    file.write_bytes(data)
    os.utime(file, (1_700_000_000 - age, 1_700_000_000 - age))
    return file


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cut", [0, 1, 5])
def test_the_newest_copy_that_is_whole_is_taken_in_every_form(state: Path, form: str, cut: int) -> None:
    whole = FORMS[form](CHECKPOINT)
    other = FORMS[form](CHECKPOINT.replace(b"dev", b"old"))
    state = write(state.with_name(f"dev.json{form}"), whole[: -cut or None] if cut else b"", age=0)
    backups = state.parents[1] / "backups"
    write(Path(f"{state}.bak"), whole[: len(whole) // 2], age=1)
    newest = write(backups / f"dev.1702.json{form}", whole, age=2)
    write(backups / f"dev.1701.json{form}", other, age=3)
    done = take_a_copy(state)
    assert (done.returncode, done.stdout) == (0, f"{newest}\n")
    assert state.read_bytes() == whole


@pytest.mark.parametrize("form", FORMS)
def test_a_state_that_is_whole_is_left_alone(state: Path, form: str) -> None:
    state = write(state.with_name(f"dev.json{form}"), FORMS[form](CHECKPOINT), age=0)
    write(Path(f"{state}.bak"), FORMS[form](CHECKPOINT.replace(b"dev", b"old")), age=1)
    before = state.read_bytes()
    assert take_a_copy(state).stdout == f"{state}\n"
    assert state.read_bytes() == before


@pytest.mark.parametrize("left", [b"", b"{}", b"null", CHECKPOINT[:-1]])
def test_where_no_copy_is_whole_none_is_taken(state: Path, left: bytes) -> None:
    write(state, left, age=0)
    write(state.parents[1] / "backups" / "dev.1701.json", left, age=1)
    done = take_a_copy(state)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "no copy is whole, nothing was copied\n"
    assert state.read_bytes() == left


def test_files_of_a_lost_state_are_moved_and_not_removed(state: Path, tmp_path: Path) -> None:
    write(state, b"cut", age=0)
    write(Path(f"{state}.bak"), CHECKPOINT, age=1)
    locks = tmp_path / "my numbers" / "locks"
    locks.mkdir()
    subprocess.run(
        ["bash", "-euc", documented("The state is lost")[0]],
        env={**os.environ, "STATE": str(state), "LOCKS": str(locks)},
        cwd=tmp_path,
        check=True,
    )
    assert {file.name: file.read_bytes() for file in (tmp_path / "lost-state").iterdir()} == {
        "dev.json": b"cut",
        "dev.json.bak": CHECKPOINT,
    }
    assert not locks.exists()
    assert list(state.parent.iterdir()) == []
