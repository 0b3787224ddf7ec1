"""Try the installed package as a person would: `supported` runs this in each virtual environment.

Takes a new folder and a program's folder: copies the program, brings it up on a sandbox with a policy pack,
looks at it with each kind of command, and takes it down. Prints the versions that it ran with. Knows nothing
of the clone.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

from pulumi_plusofon.testing import SandboxServer

_SHOWN: Final = ("pulumi", "pulumi-policy", "requests", "phonenumbers")
_PACK: Final = "from pulumi_plusofon.policies import serve\n\nserve()\n"
_SETTINGS: Final = {"forwarding-destination-allowed": {"allowedCountries": ["US"]}}


def main(folder: Path, program: Path) -> None:
    """Go through all of it; anything that fails ends it."""
    (folder / "state").mkdir(parents=True)
    shutil.copytree(program, folder / "project")
    pack = folder / "pack"
    pack.mkdir()
    (pack / "__main__.py").write_text(_PACK)
    options = json.dumps({"virtualenv": sys.prefix})
    (pack / "PulumiPolicy.yaml").write_text(f"name: own\nruntime: {{name: python, options: {options}}}\n")
    (folder / "rules.json").write_text(json.dumps(_SETTINGS))
    (folder / "sandbox").mkdir()
    with SandboxServer(folder / "sandbox", "--registers-after", "0") as sandbox:
        sandbox.seed_targets(group=[{"id": 9, "name": "Support"}])
        environment = {
            **os.environ,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "trial",
            "PULUMI_PYTHON_CMD": sys.executable,
            "PULUMI_OPTION_POLICY_PACK": str(pack),
            "PULUMI_OPTION_POLICY_PACK_CONFIG": str(folder / "rules.json"),
            "PLUSOFON_TOKEN": sandbox.token,
            "PLUSOFON_BASE_URL": sandbox.url,
            "SIP_PASSWORD": secrets.token_urlsafe(12),
        }
        _run(_SCRIPT, folder / "project", environment)
        if sandbox.account():
            sys.exit("the account is not empty after destroy")
    for name in _SHOWN:
        sys.stdout.write(f"{name} {metadata.version(name)}\n")


_SCRIPT: Final = """
pulumi --non-interactive stack init trial
printf %s "$SIP_PASSWORD" | pulumi --non-interactive config set --secret sipPassword
pulumi --non-interactive up --yes
pulumi --non-interactive preview --json --show-sames --expect-no-changes > preview.json
plusofon changes preview.json --names
pulumi --non-interactive refresh --yes --skip-preview
plusofon numbers --stack trial
plusofon routes --stack trial --check
plusofon drift --stack trial
plusofon doctor --stack trial
pulumi --non-interactive destroy --yes --skip-preview
"""


def _run(script: str, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
