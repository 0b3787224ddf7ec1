"""Project and stack files are found as the engine finds them, by all that reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
import yaml

from pulumi_plusofon import InputError
from pulumi_plusofon.pulumi_cli.files import find_project
from pulumi_plusofon.runtime.yaml import FileError
from pulumi_plusofon.stack.environments import require_own_environment
from unit.fake_pulumi import listed
from unit.mock_engine import run
from unit.stack_config import configured

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from unit.fake_pulumi import FakePulumi
    from unit.wire import Wire

URL = "https://dev.example"
# The extension, what the project's file says besides, the folders of the stacks' files and of the program.
LAYOUTS: list[tuple[str, dict[str, Any], str, str]] = [
    (".yaml", {}, ".", "."),
    (".yml", {}, ".", "."),
    (".json", {}, ".", "."),
    (".yaml", {"stackConfigDir": "stacks"}, "stacks", "."),
    (".json", {"stackConfigDir": "conf/stacks"}, "conf/stacks", "."),
    (".yml", {"config": "stacks"}, "stacks", "."),
    (".yaml", {"main": "src/"}, ".", "src"),
    (".yaml", {"main": "src/app/__main__.py", "stackConfigDir": "stacks"}, "stacks", "src/app"),
]
layouts = pytest.mark.parametrize(("extension", "more", "stacks_in", "program"), LAYOUTS, ids=json.dumps)


def write(file: Path, content: Any) -> None:
    """A file of a project; a JSON one as other tools indent it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    is_json = file.suffix == ".json"
    file.write_text(json.dumps(content, indent="\t") if is_json else yaml.safe_dump(content))


def make(folder: Path, extension: str, more: dict[str, Any], stacks_in: str, program: str) -> Path:
    """A project whose stack prod claims an address; the folder of its program."""
    write(folder / f"Pulumi{extension}", {"name": "phones", "runtime": "python", **more})
    claims = {"plusofon:baseUrl": URL, "plusofon:customerId": 42291, "plusofon:readOnly": True}
    write(folder / stacks_in / f"Pulumi.prod{extension}", {"config": claims})
    (folder / program).mkdir(parents=True, exist_ok=True)
    if str(more.get("main")).endswith(".py"):
        (folder / str(more["main"])).touch()
    return folder / program


def refused(folder: Path) -> str:
    with configured(plusofon__baseUrl=URL, plusofon__timeout="20"), pytest.raises(InputError) as error:
        run(lambda: require_own_environment(folder))
    return str(error.value)


@layouts
def test_the_guard_between_environments_sees_every_layout(
    tmp_path: Path, extension: str, more: dict[str, Any], stacks_in: str, program: str
) -> None:
    folder = make(tmp_path, extension, more, stacks_in, program)
    line = refused(folder)
    assert line == (
        f"plusofon:baseUrl: {URL} is that of the stack prod (Pulumi.prod{extension}); set a different value"
        " for stack"
    )


@layouts
def test_doctor_sees_every_layout_from_every_folder(
    plusofon: Callable[..., Result],
    stacks: FakePulumi,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    extension: str,
    more: dict[str, Any],
    stacks_in: str,
    program: str,
) -> None:
    make(tmp_path / "project", extension, more, stacks_in, program)
    write(tmp_path / "project" / stacks_in / f"Pulumi.dev{extension}", {"config": {"plusofon:baseUrl": URL}})
    stacks.lists("dev", "prod")
    wire.script(listed())
    for folder in (tmp_path / "project", tmp_path / "project" / "docs" / "deep"):
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(folder)
        found = {row["topic"]: row for row in json.loads(plusofon("doctor", "--json").stdout)}
        assert found["shared settings"]["text"] == f"baseUrl {URL} is that of dev and prod"
        assert found["stacks"]["text"] == "dev, prod"


@layouts
def test_routes_reads_profiles_in_every_layout_from_every_folder(
    plusofon: Callable[..., Result],
    stacks: FakePulumi,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    extension: str,
    more: dict[str, Any],
    stacks_in: str,
    program: str,
) -> None:
    monkeypatch.delenv("PLUSOFON_TOKEN")
    folder = make(tmp_path / "project", extension, more, stacks_in, program)
    office = {"name": "office", "type": "sipuri", "number": "+447700900101", "host": "sip.a.example"}
    night = {"type": "group", "group_id": 9, "cli_type": "Y"}
    write(folder / "numbers.yaml", [{**office, "forwards": {"night": night}}])
    stacks.has("prod")
    (stacks.folder / "prod.config.json").write_text(json.dumps({"phones:file": {"value": "numbers.yaml"}}))
    deep = tmp_path / "project" / "docs"
    deep.mkdir()
    monkeypatch.chdir(deep)
    result = plusofon("routes", "--stack", "prod", "--json")
    assert result.exit_code == 0, result.stderr
    names = [profile["name"] for profile in json.loads(result.stdout)["profiles"]]
    assert names == [None, "night"]


def test_the_nearest_project_counts_and_of_one_folder_the_file_that_the_engine_takes(tmp_path: Path) -> None:
    write(tmp_path / "Pulumi.yaml", {"name": "outer"})
    inner = tmp_path / "a" / "b"
    write(inner / "Pulumi.yml", {"name": "inner"})
    assert [project and project.name for project in map(find_project, (inner, inner / "c", tmp_path))] == [
        "inner",
        "inner",
        "outer",
    ]
    write(inner / "Pulumi.json", {"name": "json"})
    project = find_project(inner)
    assert project
    assert project.name == "json"
    assert project.stack_file("org/shop/dev") == inner / "Pulumi.dev.json"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("Pulumi.json", "{", "Pulumi.json: is no JSON"),
        ("Pulumi.json", '{"name": "a", "name": "b"}', "Pulumi.json: is no JSON"),
        ("Pulumi.json", "[" * 200_000, "Pulumi.json: is no JSON"),
        ("Pulumi.yaml", "- a", "Pulumi.yaml: is no project's file"),
        ("Pulumi.yml", "a: b: c", "Pulumi.yml, line 1: is no YAML"),
    ],
)
def test_a_project_file_that_cannot_be_read_is_one_line(
    tmp_path: Path, name: str, content: str, line: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(FileError) as error:
        find_project(tmp_path)
    assert str(error.value) == line
    assert refused(tmp_path).startswith(line)


def test_a_guard_without_a_project_says_so_and_refuses_where_an_account_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"there is no project file in {tmp_path} or above it, so no other stack's settings are known"
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda line, *_given: warned.append(line))
    with configured(plusofon__baseUrl=URL):
        run(lambda: require_own_environment(tmp_path))
    assert warned == [text]
    with configured(plusofon__customerId="42291"), pytest.raises(InputError) as error:
        run(lambda: require_own_environment(tmp_path))
    assert str(error.value) == f"plusofon:customerId: {text}; call it with the folder of Pulumi.yaml"
