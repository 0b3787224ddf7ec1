"""`make support`: the package under each Python there is, with the oldest and the newest of what it needs.

Each pair gets a virtual environment with the wheel in it and nothing of this clone, and goes through
`supported_trial.py`. Prints a table. Changes nothing outside of a temporary folder.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bootstrap import cache
from bootstrap.console import Step
from bootstrap.packages import uv_for
from pulumi_plusofon.command.output.tables import as_table

ROOT: Final = Path(__file__).resolve().parent.parent
_TRIAL: Final = Path(__file__).with_name("supported_trial.py")
_EXTRAS: Final = "cli,policy,sandbox"
# Where pyenv keeps its Pythons.
_MANAGED: Final = Path.home() / ".pyenv" / "versions"
_MINORS: Final = range(10, 15)
_REQUIREMENT: Final = re.compile(r'^ +"([A-Za-z0-9_.-]+)(?:\[\w+\])?>=([0-9.]+)",', re.MULTILINE)
_PROBE: Final = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])"
_SHOWN: Final = ("pulumi", "pulumi-policy", "requests", "phonenumbers")
_COLUMNS: Final = ("python", "needs", *_SHOWN, "result")


@dataclass(frozen=True)
class Interpreter:
    """A Python on this machine."""

    path: str
    version: str


def interpreters() -> list[Interpreter]:
    """The Pythons that the package supports, on PATH or of pyenv, the oldest first."""
    found = []
    for minor in _MINORS:
        name = f"python3.{minor}"
        managed = sorted(_MANAGED.glob(f"3.{minor}.*/bin/{name}"))
        answers = (_answer(str(path)) for path in filter(None, (shutil.which(name), *managed)))
        found += list(filter(None, answers))[:1]
    return found


def _answer(path: str) -> Interpreter | None:
    """What the Python at `path` is; a version manager's shim may be there for a version that is not."""
    asked = subprocess.run([path, "-c", _PROBE], capture_output=True, text=True, check=False)
    said = asked.stdout.splitlines()
    return Interpreter(*said) if said else None


def oldest() -> dict[str, str]:
    """The oldest versions that pyproject.toml allows of what the package and its extras need."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    project = text.partition("\n[project]\n")[2].partition("\n[dependency-groups]\n")[0]
    return dict(_REQUIREMENT.findall(project))


def tried(wheel: Path, python: Interpreter, needs: dict[str, str], folder: Path) -> dict[str, str]:
    """A row of the table: the versions that were installed, and how the trial ended."""
    environment = folder / "venv"
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in needs.items()))
    row = dict.fromkeys(_COLUMNS, "-")
    row |= {"python": python.version, "needs": "oldest" if needs else "newest"}
    uv, registries = uv_for(
        ROOT, cache.root(os.environ), Path(sys.executable), Step("", "uv", "5s", sys.stderr)
    )
    install: list[str | Path] = [
        *(uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python"),
        *("--only-binary", ":all:", "--constraint", constraints, f"{wheel}[{_EXTRAS}]"),
    ]
    commands: list[list[str | Path]] = [
        [python.path, "-m", "venv", "--without-pip", environment],
        install,
        [environment / "bin" / "python", _TRIAL, folder / "trial", ROOT / "examples" / "quickstart"],
    ]
    for command in commands:
        surroundings = registries if command is install else _surroundings(environment)
        done = subprocess.run(
            command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            return {**row, "result": said[-1] if said else f"exit status {done.returncode}"}
        if command[1] == _TRIAL:
            row |= dict(line.split() for line in done.stdout.splitlines())
    return {**row, "result": "good"}


def _surroundings(environment: Path) -> dict[str, str]:
    """The environment of a person who has this virtual environment active, and the engine on PATH."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PULUMI", "PLUSOFON"))
    }
    path = os.pathsep.join([str(environment / "bin"), str(Path(sys.executable).parent), kept["PATH"]])
    return {**kept, "PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true"}


def main() -> int:
    """Try all pairs; 0 if each is good."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corners", action="store_true", help="the oldest pair and the newest alone")
    corners = parser.parse_args().corners
    pairs = list(itertools.product(interpreters(), (oldest(), {})))
    if corners:
        pairs = [pairs[0], pairs[-1]]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", name],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        (wheel,) = Path(name).glob("*.whl")
        for at, (python, needs) in enumerate(pairs):
            folder = Path(name) / str(at)
            folder.mkdir()
            rows.append(tried(wheel, python, needs, folder))
    as_table("The package under each Python", rows, _COLUMNS, sys.stdout)
    return 0 if all(row["result"] == "good" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
