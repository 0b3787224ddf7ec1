"""The built package: the files that the engine's official language host needs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_says_that_there_is_no_plugin_to_fetch(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert json.loads(archive.read("pulumi_plusofon/pulumi-plugin.json")) == {"resource": False}
        assert "pulumi_plusofon/py.typed" in archive.namelist()
        page = {
            f"pulumi_plusofon/sandbox/web/static/{name}" for name in ("index.html", "main.js", "page.css")
        }
        schemas = {f"pulumi_plusofon/schemas/{name}.json" for name in ("numbers", "stack", "fleet")}
        tables = {"pulumi_plusofon/schema/number_lengths.json"}
        assert page | schemas | tables <= set(archive.namelist())


def test_the_pack_and_the_readme_have_the_packages_version() -> None:
    version = metadata.version("pulumi-plusofon")
    assert yaml.safe_load((ROOT / "policy" / "PulumiPolicy.yaml").read_text())["version"] == version
    assert set(re.findall(r"plusofon@v([0-9.]+)", (ROOT / "README.md").read_text())) == {version}
    assert f'\nversion = "{version}"\n' in (ROOT / "pyproject.toml").read_text()


def test_every_project_names_the_oldest_engine_that_it_runs_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    projects = [name for name in listed.stdout.split("\0") if Path(name).name == "Pulumi.yaml"]
    assert len(projects) >= 5
    for name in projects:
        expected = yaml.safe_load((ROOT / name).read_text())
        assert expected.get("requiredPulumiVersion") == ">=3.254.0", name


def test_every_text_is_checked_out_with_the_line_ends_of_unix() -> None:
    listed = subprocess.run(
        ["git", "check-attr", "text", "eol", "--", "tools/engine/go.sum", ".ci/run", "Makefile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.findall(r": (text|eol): (\w+)", listed.stdout) == [("text", "auto"), ("eol", "lf")] * 3
