"""A module that is missing: the extra that brings it is named, and none for a module of others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_plusofon.runtime.extras import advice

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("click", "cli"),
        ("rich.console", "cli"),
        ("rich", "sandbox"),
        ("uvicorn.protocols.http", "sandbox"),
        ("pulumi_policy", "policy"),
        ("zxcvbn", "policy"),
        ("uvicorn", "testing"),
        ("pytest", "testing"),
    ],
)
def test_a_missing_module_of_an_extra_is_named_with_it(module: str, extra: str) -> None:
    named = module.partition(".")[0]
    said = advice(ModuleNotFoundError(name=module), extra)
    assert said == f"{named} is not installed: pip install 'pulumi-plusofon[{extra}]'"


@pytest.mark.parametrize("module", ["our_rules", "pulumi_aws", "clicks", "requests", None])
@pytest.mark.parametrize("extra", ["cli", "sandbox", "policy", "testing"])
def test_no_extra_is_blamed_for_a_module_that_it_does_not_bring(module: str | None, extra: str) -> None:
    assert advice(ModuleNotFoundError(name=module), extra) is None


def _run(words: Sequence[str | Path], without: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python as where the module `without` is not installed."""
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules[{without!r}] = None\n")
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("words", "without", "says"),
    [
        (["-m", "pulumi_plusofon", "numbers"], "click", "plusofon: click"),
        (["-m", "pulumi_plusofon.sandbox", "--db", "x"], "click", "plusofon sandbox: click"),
        (["-m", "pulumi_plusofon", "sandbox", "--db", "x"], "uvicorn", "Error: uvicorn"),
        (["policy"], "pulumi_policy", "policy pack: pulumi_policy"),
        (["policy"], "zxcvbn", "policy pack: zxcvbn"),
    ],
)
def test_a_missing_extra_is_one_line(words: list[str], without: str, says: str, tmp_path: Path) -> None:
    done = _run(words, without, tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{says} is not installed: pip install 'pulumi-plusofon[")


def test_a_module_that_no_extra_brings_keeps_its_own_error(tmp_path: Path) -> None:
    done = _run(["-m", "pulumi_plusofon", "sandbox", "--db", "x"], "sqlite3", tmp_path)
    assert done.returncode == 1
    assert "pip install" not in done.stderr
    assert "sqlite3" in done.stderr
