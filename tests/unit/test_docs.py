"""The pages that promise something name tests that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()


def test_every_promise_names_a_test_of_make_test() -> None:
    promises = RELIABILITY.partition("\n## Promises\n")[2].partition("\n## ")[0].split("\n**")[1:]
    assert len(promises) >= 10
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "not rest", "tests"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ran = set(re.findall(r"::(test_\w+)", listed))
    assert len(ran) > 1000
    assert [promise for promise in promises if not ran & set(re.findall(r"`(test_\w+)`", promise))] == []


PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "tools" / "engine" / "README.md"})
PACKAGE = ROOT / "provider" / "pulumi_plusofon"


def test_every_test_that_a_page_names_exists() -> None:
    pages = "".join(page.read_text() for page in PAGES)
    named = set(re.findall(r"`(?:[\w/.]*::)?(test_\w+)`", pages))
    code = "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    code += "".join(file.read_text() for file in (ROOT / "tools").rglob("*_test.go"))
    assert len(named) > 100
    assert [name for name in sorted(named) if f"def {name}(" not in code] == []


def test_every_file_that_a_page_for_maintainers_names_exists() -> None:
    pages = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs" / "dev").rglob("*.md")]
    files = [
        str(file.relative_to(ROOT))
        for top in ("provider", "policy", "tests", "tools", "docs")
        for file in _under(top)
    ]
    named = {
        (page.name, name)
        for page in pages
        for name in re.findall(r"`([\w/.-]+\.(?:py|json|txt|mod))(?:::\w+)?`", page.read_text())
        # The SDK's own.
        if not name.startswith("pulumi/")
    }
    assert len(named) > 100
    assert [
        name
        for name in sorted(named)
        if not any(f"/{file}".endswith(f"/{name[1]}") for file in files) and not (ROOT / name[1]).exists()
    ] == []


def _under(top: str) -> list[Path]:
    return [file for file in (ROOT / top).rglob("*") if file.is_file()]


def test_every_page_that_a_page_links_exists() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_each_page_is_in_the_list_of_pages_once() -> None:
    listed = re.findall(r"\]\((?!\.\.)([\w./-]+\.md)\)", (ROOT / "docs" / "README.md").read_text())
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "dev").glob("*.md")]
    names = {str(page.relative_to(ROOT / "docs")) for page in pages} - {"README.md"}
    assert sorted(listed) == sorted(names | {"dev/decisions/README.md", "reference/README.md"})


def test_the_arrows_of_the_architecture_are_those_of_the_linter() -> None:
    contract = re.search(
        r"^layers = \[\n(.*?)^\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL
    )
    assert contract
    # The module that starts the command stands above all packages.
    layers = [layer for layer in re.findall(r'"(.+)"', contract[1]) if layer != "__main__"]
    assert f"```text\n{chr(10).join(layers)}\n```" in (ROOT / "ARCHITECTURE.md").read_text()


def test_every_fact_about_the_engine_that_code_cites_is_there() -> None:
    code = "".join(file.read_text() for file in PACKAGE.rglob("*.py"))
    cited = set(re.findall(r"\bE[0-9]{1,3}\b", code)) - {"E164"}
    facts = (ROOT / "docs" / "dev" / "engine.md").read_text()
    assert len(cited) > 10
    assert [fact for fact in sorted(cited) if f"**{fact}." not in facts] == []
