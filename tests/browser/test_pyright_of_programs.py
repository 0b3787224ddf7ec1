"""Programs as pyright sees them, strictly: marked mistakes are mistakes, and nothing else is one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.browser import PYRIGHT
from support.repository import ROOT

PROGRAMS = {
    "api.py": ROOT / "tests" / "typing" / "api.py",
    "quickstart.py": ROOT / "examples" / "quickstart" / "__main__.py",
    "template.py": ROOT / "templates" / "plusofon-python" / "__main__.py",
    "data.py": ROOT / "templates" / "plusofon-data" / "__main__.py",
}
SETTINGS = {
    "typeCheckingMode": "strict",
    # A mistake that is marked in api.py has to be one to pyright, too.
    "reportUnnecessaryTypeIgnoreComment": "error",
}

pytestmark = pytest.mark.rest


def checked(folder: Path) -> list[str]:
    """What pyright reports of the programs in `folder`, as "file: rule"."""
    environment = Path(sys.prefix)
    settings = {**SETTINGS, "venvPath": str(environment.parent), "venv": environment.name}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [PYRIGHT, "--outputjson", "-p", folder], capture_output=True, text=True, check=False
    )
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py")))
    return [
        f"{Path(diagnostic['file']).name}: {diagnostic['rule']}" for diagnostic in found["generalDiagnostics"]
    ]


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    for name, file in PROGRAMS.items():
        shutil.copy2(file, tmp_path / name)
    return tmp_path


def test_pyright_finds_the_marked_mistakes_and_no_others(programs: Path) -> None:
    assert checked(programs) == []
    program = programs / "quickstart.py"
    program.write_text(f'{program.read_text()}\nExternalNumber("x", type="fax", number="+1", host="a")\n')
    assert set(checked(programs)) == {"quickstart.py: reportArgumentType"}
