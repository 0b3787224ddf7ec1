"""`make dist`: wheel and sdist in dist/, with the same bytes each time, checked and tried.

Builds twice and compares, asks `twine` and `check-wheel-contents`, and installs the wheel with all of its
extras in an empty virtual environment. Uploads nothing.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
DIST: Final = ROOT / "dist"
_EXTRAS: Final = "cli,policy,sandbox,testing"
_TRIED: Final = (
    "plusofon --version",
    "plusofon routes --help",
    "python -c 'import pulumi_plusofon, pulumi_plusofon.stack, pulumi_plusofon.testing'",
    "python -c 'from pulumi_plusofon.policies import pack'",
    "python -m pip check",
)


def main() -> int:
    """Build, check, try; 0 good, 1 if something is not as it should be."""
    try:
        return _main()
    except subprocess.CalledProcessError as error:
        print(f"make dist: {' '.join(map(str, error.cmd))} failed\n{error.stdout or ''}", file=sys.stderr)
        return 1


def _main() -> int:
    for file in DIST.glob("pulumi_plusofon-*"):
        file.unlink()
    built = _build(DIST)
    with tempfile.TemporaryDirectory() as folder:
        again = _build(Path(folder) / "again")
        if {file.name: _digest(file) for file in built} != {file.name: _digest(file) for file in again}:
            print("make dist: a second build has other bytes", file=sys.stderr)
            return 1
        _run(_tool("twine"), "check", "--strict", *built)
        wheel = next(file for file in built if file.suffix == ".whl")
        _run(_tool("check-wheel-contents"), wheel)
        _try(wheel, Path(folder) / "venv")
    for file in built:
        print(f"{_digest(file)}  {file.relative_to(ROOT)}")
    return 0


def _build(folder: Path) -> list[Path]:
    _run(sys.executable, "-m", "hatchling", "build", "-d", folder)
    return sorted(folder.glob("pulumi_plusofon-*"))


def _try(wheel: Path, folder: Path) -> None:
    """Install the wheel where nothing else is, and start what it has."""
    venv.create(folder, with_pip=True)
    _run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"{wheel}[{_EXTRAS}]")
    for command in _TRIED:
        _run("sh", "-c", f'PATH="{folder}/bin:$PATH"; cd "{folder}"; {command}')


def _tool(name: str) -> Path:
    return Path(sys.executable).parent / name


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(*command: str | Path) -> None:
    subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)


if __name__ == "__main__":
    sys.exit(main())
