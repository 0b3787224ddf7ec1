"""The example with tests, as a team runs it: the built package in its own environment, pytest 8 and 9."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import BIN
from support.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OTHER_PYTEST = ROOT / "tools" / "locks" / "pytest.txt"
# By version of pytest and whether there are workers: which tests, and how many. All of them need a minute.
CHOSEN = {
    ("8", False): ("rings or connects", 2),
    ("8", True): ("password", 1),
    ("9", False): ("password", 1),
    ("9", True): ("test", 4),
}
ASKS = "import pulumi_plusofon, pytest; print(pulumi_plusofon.__file__, pytest.__version__)"


def run(*words: str | Path, folder: Path = ROOT, **environment: str) -> str:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PLUSOFON_", "PYTEST_"))
    }
    done = subprocess.run(
        list(words),
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module", params=["8", "9"])
def python(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel; what it depends on is installed already."""
    folder = tmp_path_factory.mktemp(f"pytest{request.param}") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile", "--target", site)
    run(*pip, "--no-index", wheel)
    if request.param == "8":
        run(*pip, "--require-hashes", "-r", OTHER_PYTEST)
    with open(f"{site}/dependencies.pth", "w", encoding="utf-8") as file:  # noqa: PTH123  a text
        file.write(sysconfig.get_path("purelib"))
    where, version = run(python, "-c", ASKS).split()
    assert where.startswith(site)
    assert version.startswith(f"{request.param}.")
    return python


@pytest.mark.rest
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_the_example_passes_with_every_warning_an_error(
    python: Path, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    version = "9" if "pytest9" in str(python) else "8"
    chosen, passed = CHOSEN[version, bool(workers)]
    project = tmp_path / "tested"
    shutil.copytree(ROOT / "examples" / "tested", project, ignore=shutil.ignore_patterns("__pycache__"))
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    text = run(python, "-m", "pytest", "-W", "error", *workers, "-k", chosen, folder=project, PATH=path)
    assert f"{passed} passed" in text
