"""The Pulumi engine's parts: its programs, its version, and the name under which one build is cached.

tools/engine/go.mod is the only place that names the version. Nothing here downloads or builds.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from bootstrap.console import SetupError
from bootstrap.versions import Version, parse_version

PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)
SDK = "github.com/pulumi/pulumi/sdk/v3"
MANUAL_INSTALL = "https://www.pulumi.com/docs/iac/download-install"


def module(clone: Path) -> Path:
    """Tell where the Go module is that builds the engine."""
    return clone / "tools" / "engine"


def version(clone: Path) -> str:
    """Read which engine this clone works with."""
    text = (module(clone) / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"{re.escape(SDK)} v(\S+)", text)
    if found is None:
        raise SetupError("tools/engine/go.mod names no Pulumi version.", "Restore the file from git.")
    return found[1]


def build_flags(clone: Path) -> list[str]:
    """Tell how to build; without the version in it the Automation API refuses the engine."""
    return [
        "-mod=readonly",
        "-buildvcs=false",
        "-tags=osusergo,grpcnotrace",
        f"-ldflags=-s -w -X {SDK}/go/common/version.Version=v{version(clone)}",
    ]


def cache_entry(clone: Path, cache_root: Path) -> Path:
    """Name the cached build by version, platform and a digest of what it is built from and how."""
    digest = hashlib.sha256("\0".join(build_flags(clone)).encode())
    folder = module(clone)
    for source in sorted([folder / "go.mod", folder / "go.sum", *folder.rglob("*.go")]):
        if not source.name.endswith("_test.go"):
            digest.update(f"\0{source.relative_to(folder).as_posix()}\0".encode())
            # A checkout with other line ends builds the same programs.
            digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    system = f"{platform.system()}-{platform.machine()}".lower()
    return cache_root / "engine" / f"{version(clone)}-{system}-{digest.hexdigest()[:12]}"


def is_whole(entry: Path) -> bool:
    """Tell whether a cache entry holds all programs."""
    return all(os.access(entry / "bin" / name, os.X_OK) for name in PROGRAMS)


def find_installed(path: str, needed: Version, not_in: Path) -> dict[str, Path] | None:
    """Find a Pulumi of the user's own that is new enough and has everything that Python programs need."""
    folders = [
        entry for entry in path.split(os.pathsep) if entry and Path(entry).resolve() != not_in.resolve()
    ]
    pulumi = shutil.which("pulumi", path=os.pathsep.join(folders))
    if pulumi is None or not _is_enough(pulumi, needed):
        return None
    nearby = [str(Path(pulumi).parent), str(Path(pulumi).resolve().parent), *folders]
    programs = {name: shutil.which(name, path=os.pathsep.join(nearby)) for name in PROGRAMS}
    found = {name: Path(program).resolve() for name, program in programs.items() if program is not None}
    return found if len(found) == len(PROGRAMS) else None


def _is_enough(pulumi: str, needed: Version) -> bool:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [pulumi, "version"], capture_output=True, text=True, check=True, timeout=60, env=environment
        ).stdout
        return parse_version(answer) >= needed
    except (OSError, subprocess.SubprocessError, ValueError):
        return False
