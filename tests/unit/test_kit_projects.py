"""The project of a stack under test: copied, made around a program, and given its settings."""

from __future__ import annotations

import os
import shutil
import socket
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_plusofon.testing.projects import ProjectError, copy_project, make_project, write_settings

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:8700"
SEALED = {"secure": "v1:abc"}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    folder = tmp_path / "original"
    (folder / "venv" / "lib").mkdir(parents=True)
    (folder / "venv" / "pyvenv.cfg").touch()
    (folder / ".git").mkdir()
    (folder / "numbers.yaml").write_text("numbers: []\n")
    (folder / "__main__.py").touch()
    write(
        folder,
        "Pulumi.yaml",
        {"name": "office", "runtime": {"name": "python", "options": {"virtualenv": "venv"}}},
    )
    return folder


def write(folder: Path, name: str, content: dict[str, Any]) -> None:
    (folder / name).write_text(yaml.safe_dump(content))


def read(folder: Path, name: str) -> Any:
    return yaml.safe_load((folder / name).read_text())


def test_a_copy_has_the_projects_files_and_no_environment(original: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    make_project(original, copy)
    assert {path.name for path in copy.iterdir()} == {"Pulumi.yaml", "__main__.py", "numbers.yaml"}
    assert read(copy, "Pulumi.yaml")["runtime"] == {"name": "python", "options": {}}
    assert read(original, "Pulumi.yaml")["runtime"]["options"] == {"virtualenv": "venv"}


def test_a_copy_names_no_backend(original: Path, tmp_path: Path) -> None:
    write(
        original,
        "Pulumi.yaml",
        {"name": "o", "runtime": "python", "backend": {"url": "s3://x"}, "main": "m/"},
    )
    copy_project(original, tmp_path / "copy", "Pulumi.yaml")
    assert read(tmp_path / "copy", "Pulumi.yaml") == {"name": "o", "runtime": "python", "main": "m/"}


def test_a_folder_that_is_no_project_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"nowhere: has no Pulumi\.yaml"):
        make_project(str(tmp_path / "nowhere"), tmp_path / "copy")


def test_a_programs_text_is_a_project(tmp_path: Path) -> None:
    make_project("import pulumi\n", tmp_path / "made")
    assert (tmp_path / "made" / "__main__.py").read_text() == "import pulumi\n"
    assert read(tmp_path / "made", "Pulumi.yaml")["runtime"] == "python"


def settings(folder: Path, config: dict[str, Any], **options: Any) -> dict[str, Any]:
    write_settings(folder, "dev", config, url=URL, **{"has_passphrase": False, **options})
    found: dict[str, Any] = read(folder, "Pulumi.dev.yaml")
    return found


def test_settings_of_a_test_are_over_those_of_the_stack(original: Path) -> None:
    write(
        original, "Pulumi.dev.yaml", {"config": {"office:a": "1", "office:b": "2"}, "encryptionsalt": "v1:x"}
    )
    assert settings(original, {"b": 3, "other:c": True}) == {
        "config": {"office:a": "1", "office:b": 3, "other:c": True}
    }


def test_a_stacks_own_account_counts_for_no_test(original: Path) -> None:
    own = {"plusofon:token": SEALED, "plusofon:customerId": "7", "plusofon:timeout": "9"}
    write(original, "Pulumi.dev.yaml", {"config": own})
    assert settings(original, {}) == {"config": {"plusofon:timeout": "9"}}


@pytest.mark.parametrize("place", ["config", "stack", "project", "project's value"])
def test_another_address_is_refused(original: Path, place: str) -> None:
    other = {"plusofon:baseUrl": "https://restapi.plusofon.ru"}
    config = {}
    if place == "config":
        config = other
    elif place == "stack":
        write(original, "Pulumi.dev.yaml", {"config": other})
    else:
        value: Any = (
            other if place == "project" else {"plusofon:baseUrl": {"value": other["plusofon:baseUrl"]}}
        )
        write(original, "Pulumi.yaml", {"name": "office", "runtime": "python", "config": value})
    with pytest.raises(ProjectError, match=f"^plusofon:baseUrl: https://restapi.plusofon.ru is not.*{URL}"):
        settings(original, config)


def test_the_sandboxs_own_address_is_accepted_over_another(original: Path) -> None:
    write(original, "Pulumi.dev.yaml", {"config": {"plusofon:baseUrl": "https://restapi.plusofon.ru"}})
    own = {"plusofon:baseUrl": f"{URL}/"}
    assert settings(original, own) == {"config": own}


def test_encrypted_values_are_named_unless_the_test_gives_them(original: Path) -> None:
    sealed = {
        "office:pw": SEALED,
        "office:numbers": [{"secret": SEALED}],
        "office:c": "1",
        "office:d": SEALED,
    }
    write(original, "Pulumi.dev.yaml", {"config": sealed})
    with pytest.raises(ProjectError, match="office:d, office:numbers: encrypted: give a value"):
        settings(original, {"pw": "x"})
    assert settings(original, {"pw": "x", "numbers": []}, known=["d"]) == {
        "config": {"office:pw": "x", "office:numbers": [], "office:c": "1"}
    }


def test_a_passphrase_keeps_what_is_encrypted(original: Path) -> None:
    content = {"config": {"office:pw": SEALED}, "encryptionsalt": "v1:salt"}
    write(original, "Pulumi.dev.yaml", content)
    assert settings(original, {}, has_passphrase=True) == content


def test_a_copy_in_its_own_original_has_no_copies(original: Path) -> None:
    for number in range(2):
        place = original / ".tmp" / f"plusofon-stack-{number}"
        place.mkdir(parents=True)
        make_project(original, place / "project")
    assert not list((original / ".tmp" / "plusofon-stack-1" / "project").rglob("plusofon-stack-*"))


def test_a_copy_leaves_sockets_and_pipes_out(original: Path, tmp_path: Path) -> None:
    os.mkfifo(original / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(original / "socket"))
        make_project(original, tmp_path / "copy")
    assert not {"pipe", "socket"} & {path.name for path in (tmp_path / "copy").iterdir()}


def test_a_link_to_a_sibling_folder_leads_there_from_the_copy(original: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "names.py").write_text("DESK = 1\n")
    (original / "shared").symlink_to("../shared")
    (original / "again.yaml").symlink_to("numbers.yaml")
    copy = tmp_path / "elsewhere" / "copy"
    copy.parent.mkdir()
    make_project(original, copy)
    assert (copy / "shared" / "names.py").read_text() == "DESK = 1\n"
    assert (copy / "again.yaml").resolve() == (copy / "numbers.yaml").resolve()


def test_a_file_that_vanishes_during_the_copy_is_left_out(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_file = shutil.copyfile

    def vanishing(source: str, target: str, **options: Any) -> Any:
        if os.fspath(source).endswith("numbers.yaml"):
            (original / "numbers.yaml").unlink(missing_ok=True)
        return copy_file(source, target, **options)

    monkeypatch.setattr(shutil, "copyfile", vanishing)
    make_project(original, tmp_path / "copy")
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {"Pulumi.yaml", "__main__.py"}
