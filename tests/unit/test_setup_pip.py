"""The set-up takes packages from where pip would, whatever pip's settings say of where else to put them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import cache, packages, pinned
from bootstrap.console import SetupError, Step
from support.setup_fakes import TOOLS


@pytest.fixture
def step() -> Step:
    return Step("1/1", "a step", "a moment", io.StringIO())


@pytest.fixture
def pip_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """pip's settings, and no others than this file's."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_")) or name == "SSL_CERT_FILE"]:
        monkeypatch.delenv(name)
    file = tmp_path / "pip.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    return file


def registries(**environment: str) -> dict[str, str]:
    """What uv is reported; a certificate of this machine's own settings is not what is asked."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        expected = packages._registries(Path(sys.executable), os.environ)
    return {name: value for name, value in expected.items() if name != "SSL_CERT_FILE"}


TWO = "https://a.example/simple https://b.example/simple"


@pytest.mark.parametrize(
    "written",
    [
        "https://a.example/simple\n  https://b.example/simple",
        "\n  https://a.example/simple\n  https://b.example/simple",
        TWO,
    ],
)
@pytest.mark.parametrize("user", ["", "user = true\n"])
def test_several_registries_are_all_asked_as_pip_does(pip_file: Path, written: str, user: str) -> None:
    pip_file.write_text(f"[global]\n{user}extra-index-url = {written}\n")
    assert registries() == {"UV_INDEX": TWO, "UV_INDEX_STRATEGY": "unsafe-best-match"}
    assert registries(PIP_USER="1") == registries()


def test_the_stronger_of_pips_settings_counts(pip_file: Path) -> None:
    pip_file.write_text(
        "[global]\nindex-url = https://global.example\ntrusted-host = global.example\n"
        "[install]\nindex-url = https://install.example\n[download]\nindex-url = https://download.example\n"
    )
    assert registries() == {
        "UV_DEFAULT_INDEX": "https://install.example",
        "UV_INSECURE_HOST": "global.example",
    }
    assert registries(PIP_INDEX_URL="https://shell.example")["UV_DEFAULT_INDEX"] == "https://shell.example"


def test_uvs_own_settings_win(pip_file: Path) -> None:
    pip_file.write_text("[global]\nindex-url = https://pip.example\n")
    assert registries(UV_INDEX="https://uv.example") == {}


def test_pip_puts_a_tool_into_the_cache_whatever_its_own_target_is(
    tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch, pip_file: Path
) -> None:
    pip_file.write_text("[install]\nuser = true\n")
    monkeypatch.setenv("PIP_USER", "1")
    for setting in ("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET"):
        monkeypatch.setenv(setting, str(tmp_path / "elsewhere"))
    package = tmp_path / "package"
    package.mkdir()
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "a-tool"\nversion = "1.0"\n[tool.hatch.build]\ninclude = ["tool.py"]\n'
    )
    (package / "tool.py").write_text("")
    wheels = tmp_path / "wheels"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels],
        cwd=package,
        capture_output=True,
        check=True,
    )
    (wheel,) = wheels.iterdir()
    hashed = subprocess.run(
        [sys.executable, "-m", "pip", "hash", wheel], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    lock = tmp_path / "lock.txt"
    lock.write_text(f"a-tool==1.0 {hashed}\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))

    def installed(tool: str) -> Path:
        return pinned.provide(tmp_path / "cache", lock, tool, Path(sys.executable), step)

    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).exists())
    assert installed("tool.py").is_file()
    assert not (tmp_path / "elsewhere").exists()


def test_without_any_home_one_line_names_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(SetupError, match="There is no HOME") as failure:
        cache.root({})
    assert "PLUSOFON_CACHE" in failure.value.advice


def test_a_cache_that_cannot_be_written_is_named_with_what_to_set(tmp_path: Path, step: Step) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(SetupError, match="cannot be written") as failure,
        cache.locked(tmp_path / "file" / "engine" / "entry.lock", step),
    ):
        pass
    assert "PLUSOFON_CACHE" in failure.value.advice


@pytest.mark.parametrize("encoding", ["ascii", "koi8-r"])
def test_the_set_up_speaks_in_any_encoding(encoding: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from bootstrap.console import any_text; any_text(); print('\U0001f600')"],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(TOOLS)},
        capture_output=True,
        check=False,
    )
    assert (said.returncode, said.stdout, said.stderr) == (0, b"\\U0001f600\n", b"")


def test_a_full_disk_under_the_output_of_the_set_up_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, TOOLS / "setup.py"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line == b"The set-up stopped: [Errno 28] No space left on device"
