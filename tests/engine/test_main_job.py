"""The first commands of a person: `make up`, again, `make down`, and the README's commands as they stand."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
import requests

from support.repository import ROOT, Clone
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

README = (ROOT / "README.md").read_text()
FAILED = "error: preview failed"
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Clone]:
    """A fresh clone, in a folder with a blank in its name."""
    yield from _with_its_end(Clone(tmp_path / "my numbers"))


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    """A clone that is set up, in such a folder."""
    yield from _with_its_end(Clone(tmp_path / "my numbers", is_set_up=True))


def _with_its_end(clone: Clone) -> Iterator[Clone]:
    yield clone
    clone.stop_sandbox()


# After the set-up, which asks the registries: a proxy that answers nothing, no home, no `ps`.
ODD = """
make setup
for name in HTTP_PROXY HTTPS_PROXY http_proxy https_proxy grpc_proxy all_proxy; do
    export $name=http://127.0.0.1:9
done
unset HOME USER no_proxy NO_PROXY
export PYTHONSAFEPATH=1 PIP_USER=1
mkdir -p "$PWD/../bin" && printf '#!/bin/sh\nexit 1\n' > "$PWD/../bin/ps" && chmod +x "$PWD/../bin/ps"
export PATH="$PWD/../bin:$PATH"
"""


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def _commands(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def _script() -> str:
    """All the README's commands; where it shows that the last of a block fails, that one must."""
    lines: list[str] = []
    for language, block in re.findall(r"^```(console|text)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        if language == "console":
            lines += _commands(block)
        elif FAILED in block:
            lines[-1] = f"if {lines[-1]}; then exit 1; fi"
    return "\n".join(lines)


def _shape(line: str) -> str:
    """A line without its spacing, with any id for an id, and the pack by its name below the clone.

    Which number is first is a race, and the shell of the page names the pack by its whole path.
    """
    line = re.sub(r"\(local: \S.*policy\)", "(local: policy)", line)
    return re.sub(r": 10\d =>", ": 101 =>", " ".join(line.split()))


def test_up_twice_and_down(fresh: Clone) -> None:
    first = fresh.run("make up")
    assert "registered    group Support (9)" in first
    assert "no changes" not in first
    asked = f"✅ plusofon@v{metadata.version('pulumi-plusofon')} (local: policy)"
    assert first.count(asked) == 2, "asked before, and again while it is done"
    # Until `metadata=skip` a state had a file of attributes beside it.
    fresh.run(
        "source .sandbox/env\nexport PULUMI_BACKEND_URL=${PULUMI_BACKEND_URL%\\?*}\n"
        "pulumi refresh --yes --skip-preview --stack dev"
    )
    assert list((fresh.folder / ".sandbox" / "state").rglob("*.attrs"))
    second = fresh.run("make up")
    assert "no changes" in second
    assert "7 unchanged" in second
    assert (fresh.folder / ".sandbox" / "token").stat().st_mode & 0o077 == 0
    assert fresh.changed() == "", "the main job leaves the repository as it was"
    address = (fresh.folder / ".sandbox" / "address").read_text()
    assert requests.get(address, timeout=10).status_code == 200
    assert requests.get(f"{address}/api/v1/number/external", timeout=10).status_code == 401
    down = fresh.run("make down")
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=10)
    assert "7 deleted" in down
    assert "sandbox: stopped" in down
    token = (fresh.folder / ".sandbox" / "token").read_text()
    link = f"page: {address}/#token={token}"
    for said in (first, second):
        assert [line for line in said.splitlines() if token in line] == [link]
    assert token not in down


@pytest.mark.rest
def test_the_readme_does_what_it_says(clone: Clone) -> None:
    said = clone.run(_script())
    lines = {_shape(line) for line in said.splitlines()}
    promised = [line for block in _blocks("text") for line in block.splitlines()]
    assert promised
    assert [line for line in promised if _shape(line) not in lines] == []


def test_the_readmes_program_is_the_quickstarts() -> None:
    program = _blocks("python")[0]
    quickstart = (ROOT / "examples" / "quickstart" / "__main__.py").read_text()
    assert program.strip() in quickstart


def test_the_main_job_runs_behind_a_proxy_without_a_home_and_without_ps(clone: Clone) -> None:
    first = clone.run(f"{ODD}\nmake up")
    assert "registered    group Support (9)" in first
    assert shows_no_traceback(first)
    by_hand = clone.run(
        f"{ODD}\nsource .sandbox/env\nsource .sandbox/env\npulumi preview --expect-no-changes"
    )
    assert "7 unchanged" in by_hand
    assert "nothing was removed" in clone.run("make clean && exit 1 || true")
    # The server is found by what it serves: nothing that was written down is needed.
    down = clone.run(f"{ODD}\nrm .sandbox/address\nmake down")
    assert "7 deleted" in down
    assert "sandbox: stopped" in down
    assert clone.changed() == ""
    clone.run("make clean")
    assert not (clone.folder / ".venv").exists()
    assert not (clone.folder / ".sandbox").exists()


@pytest.mark.rest
def test_a_wrong_entry_of_the_stack_is_reported_by_its_path(clone: Clone) -> None:
    clone.run("make up")
    said = clone.run(
        "source .sandbox/env\n"
        "pulumi config set --path 'numbers[2].forward.type' fax\n"
        "pulumi preview && exit 1 || true\n"
        "git checkout -q Pulumi.dev.yaml"
    )
    assert "numbers[2].forward.type: must be sip, number, group" in said
    assert shows_no_traceback(said)
