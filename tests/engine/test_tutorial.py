"""docs/tutorial.md as it stands: every file and command, in an empty folder far from the clone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.engine_stack import BIN
from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_plusofon.testing import SandboxServer

PAGE = (ROOT / "docs" / "tutorial.md").read_text()
# The engine's programs alone: with the whole folder the clone's own Python would be on PATH.
ENGINE = [file for file in BIN.glob("pulumi*") if "pulumi-plusofon" not in file.name]


def files() -> dict[str, str]:
    """The page's files by name."""
    return dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def commands() -> Iterator[str]:
    """The page's console blocks, each as a script."""
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        yield "\n".join(line.removeprefix("$ ") for line in block.splitlines())


@pytest.mark.rest
@pytest.mark.timeout(900)
def test_the_tutorial_works_in_an_empty_folder_with_the_wheel_alone(
    tmp_path: Path, wheel: Path, sandbox: SandboxServer
) -> None:
    engine, project = tmp_path / "engine", tmp_path / "project"
    engine.mkdir()
    project.mkdir()
    for file in ENGINE:
        (engine / file.name).symlink_to(file.resolve())
    written = files()
    assert list(written) == [
        "Pulumi.yaml",
        "__main__.py",
        "policy/PulumiPolicy.yaml",
        "policy/__main__.py",
        "policy/config.json",
        "test_numbers.py",
    ]
    install, run, up = commands()
    for name, text in written.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PULUMI_", "PLUSOFON_", "PYTEST", "PYTHON", "VIRTUAL_ENV"))
    }
    without_clone = [folder for folder in kept["PATH"].split(os.pathsep) if Path(folder) != BIN]
    environment = {
        **kept,
        "PATH": os.pathsep.join([str(engine), *without_clone]),
        "HOME": str(tmp_path / "home"),
        "WHEEL": str(wheel),
        # What of it is imported is compiled then.
        "PIP_NO_COMPILE": "1",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    script = f"{install}\n{run}\nexport PLUSOFON_TOKEN={sandbox.token} PLUSOFON_BASE_URL={sandbox.url}\n{up}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=script,
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "447700900131 (office (dev); ate, registered)" in done.stdout
    assert "What changes for callers: nothing in 1 number of the stack dev." in done.stdout
    assert str(ROOT) not in done.stdout
    assert sandbox.account() == []
    assert {request["operation"] for request in sandbox.requests()} >= {"connect", "forward", "disconnect"}


def test_the_tutorial_is_as_short_as_it_says() -> None:
    def lines(name: str) -> int:
        return len([line for line in files()[name].splitlines() if line.strip()])

    assert (lines("__main__.py"), lines("policy/__main__.py"), lines("test_numbers.py")) == (7, 2, 5)
