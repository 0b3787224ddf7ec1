"""Projects that `pulumi new` makes of the templates: they ask for what they need, and are up at once."""

from __future__ import annotations

import secrets
import subprocess
import sysconfig
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harness.engine_stack import BIN, pulumi_environment
from support.repository import ROOT
from support.terminal import answered

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

# By template: the secret that it asks for besides the token, and what is up then.
TEMPLATES: dict[str, tuple[str, dict[str, str]]] = {
    "plusofon-python": ("sipPassword", {"447700900131": "group"}),
    "plusofon-data": ("officePassword", {"447700900131": "group", "447700900132": "number"}),
}


def _wheels(folder: Path) -> Path:
    """Wheels for what `pulumi new` installs; this package's leads to where it is installed already."""
    folder.mkdir()
    here = "\n".join([sysconfig.get_path("purelib"), str(ROOT / "provider")])
    for name, files in {"setuptools": {}, "wheel": {}, "pulumi_plusofon": {"here.pth": here}}.items():
        facts = f"{name}-99.dist-info"
        extras = "Provides-Extra: cli\nProvides-Extra: policy\n"
        content: dict[str, str] = {
            **files,
            f"{facts}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 99\n{extras}",
            f"{facts}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{path},,\n" for path in (*content, f"{facts}/RECORD"))
        with zipfile.ZipFile(folder / f"{name}-99-py3-none-any.whl", "w") as wheel:
            for path, text in {**content, f"{facts}/RECORD": record}.items():
                wheel.writestr(path, text)
    return folder


@pytest.mark.rest
@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_new_project_asks_for_what_it_needs_and_is_up(
    tmp_path: Path, sandbox: SandboxServer, template: str
) -> None:
    secret, held = TEMPLATES[template]
    project, backend = tmp_path / "project", tmp_path / "backend"
    backend.mkdir()
    sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
    password = secrets.token_urlsafe(12)
    environment = {
        **pulumi_environment(tmp_path, backend, "test"),
        "PLUSOFON_BASE_URL": sandbox.url,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(_wheels(tmp_path / "wheels")),
    }
    made: list[str | Path] = [
        BIN / "pulumi",
        "--color",
        "never",
        "new",
        ROOT / "templates" / template,
        "--dir",
        project,
    ]
    answers = {"plusofon:token": sandbox.token, "plusofon:customerId": "42291", secret: password}
    shown = answered(
        [*made, "--name", "our-numbers", "--description", "Ours.", "--stack", "dev"],
        answers,
        cwd=tmp_path,
        environment=environment,
    )

    def pulumi(*arguments: str) -> str:
        done = subprocess.run(
            [BIN / "pulumi", "--non-interactive", *arguments],
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    said = pulumi("up", "--yes", "--skip-preview")
    assert {entry["number"]: entry["forwarding"]["type"] for entry in sandbox.account()} == held
    config: dict[str, Any] = yaml.safe_load((project / "Pulumi.dev.yaml").read_text())["config"]
    assert config["plusofon:customerId"] == "42291"
    assert set(config["plusofon:token"]) == set(config[f"our-numbers:{secret}"]) == {"secure"}
    files = [file for file in project.iterdir() if file.is_file()]
    texts = [shown, said, *(file.read_text("utf-8") for file in files)]
    assert not any(hidden in text for text in texts for hidden in (sandbox.token, password))
    assert not any("${PROJECT}" in text or "displayName" in text for text in texts)
    pulumi("destroy", "--yes", "--skip-preview")
