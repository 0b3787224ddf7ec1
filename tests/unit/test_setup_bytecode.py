"""The set-up compiles what runs again and again, and leaves to Python what a few tools import."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

from bootstrap import bytecode
from support.setup_fakes import TOOLS

_IMPORTED = """
import importlib, json, pkgutil, sys
import pulumi.dynamic, pulumi_plusofon
for module in pkgutil.walk_packages(pulumi_plusofon.__path__, "pulumi_plusofon."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
print(json.dumps([file for file in files if file and file.endswith(".py")]))
"""


def python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=TOOLS, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def test_all_that_this_package_imports_is_compiled() -> None:
    imported = {Path(file) for file in json.loads(python("-c", _IMPORTED))}
    packages = Path(sysconfig.get_path("purelib"))
    others = {file for file in imported if file.is_relative_to(packages)}
    assert len(others) > 300
    # OpenTelemetry and urllib3 import these where another package brought them, and require them nowhere.
    chance = {"backports", "psutil"}
    assert {file.relative_to(packages).parts[0] for file in others - set(bytecode.files())} <= chance


def test_packages_of_a_few_tools_are_left_to_python() -> None:
    assert {"pulumi", "phonenumbers", "pydantic", "pytest", "hypothesis"} <= bytecode.needed()
    assert {"moto", "numpy", "matplotlib", "mypy"} & bytecode.needed() == set()


def test_a_file_that_cannot_be_compiled_does_not_stop_the_others(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("done = True\n")
    bad.write_text("print 'an old one'\n")
    script = "import sys; from bootstrap.bytecode import compile_all; compile_all(sys.argv[1:])"
    assert python("-c", script, str(bad), str(good)) == ""
    assert [file.name.partition(".")[0] for file in tmp_path.glob("__pycache__/*")] == ["good"]
