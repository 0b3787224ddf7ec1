"""Builds the engine from Go modules.

It needs nothing but the ordinary Go and Python registries, as this machine is set up to reach them. It is the
only way into the cache that all clones share, because all that it takes is locked: go.sum holds a digest of
each module. The official archive would come faster, but no digest of it is locked here, and a server cannot
vouch for its own archive.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import engine, golang
from bootstrap.console import CommandError, SetupError

if TYPE_CHECKING:
    from bootstrap.console import Step

TARGETS = ("./cmd/pulumi-language-python", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
# The SDK's module brings these two ready to use; the first is run by the host, the second by the engine.
SDK_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")


def build(clone: Path, cache_root: Path, folder: Path, step: Step) -> None:
    """Put the engine's programs into `folder`."""
    go = golang.provide(clone, cache_root, step)
    try:
        packages = _fetch(clone, go, step)
        _compile(clone, go, folder, packages, step)
    except CommandError as error:
        raise SetupError(
            f"The Pulumi engine could not be built. {error}",
            "The Go module registry must be reachable (GOPROXY, HTTPS_PROXY, SSL_CERT_FILE are honoured), and"
            f" the disk needs about 4 GB. Or install Pulumi {engine.version(clone)} or later yourself,"
            f" {engine.MANUAL_INSTALL}. Then run this again.",
        ) from error
    _copy_scripts(clone, go, folder)


def _fetch(clone: Path, go: Path, step: Step) -> int:
    """Download the modules; answer how many packages the build is made of."""
    step.say("fetching Go modules")
    counts = {"modules": 0, "packages": 0}

    def count(line: str) -> None:
        if line.startswith("go: downloading "):
            counts["modules"] += 1
            step.detail = f"fetching Go modules, {counts['modules']} so far"
        else:
            counts["packages"] += 1

    step.run(
        [go, "list", "-deps", *engine.build_flags(clone), *TARGETS],
        environment=golang.environment(),
        folder=engine.module(clone),
        on_line=count,
    )
    return counts["packages"]


def _compile(clone: Path, go: Path, folder: Path, packages: int, step: Step) -> None:
    built = 0

    def count(line: str) -> None:
        nonlocal built
        built += 1
        step.detail = "linking" if line in TARGETS else f"compiling, {built} of at most {packages} packages"

    step.say("compiling what is not in Go's own cache yet")
    step.run(
        [go, "build", "-v", *engine.build_flags(clone), f"-o={folder}/", *TARGETS],
        environment=golang.environment(),
        folder=engine.module(clone),
        on_line=count,
    )


def _copy_scripts(clone: Path, go: Path, folder: Path) -> None:
    listing = subprocess.run(
        [go, "list", "-m", "-mod=readonly", "-f={{.Dir}}", engine.SDK],
        capture_output=True,
        text=True,
        check=True,
        env=golang.environment(),
        cwd=engine.module(clone),
    )
    for script in SDK_SCRIPTS:
        source = Path(listing.stdout.strip(), script)
        shutil.copyfile(source, folder / source.name)
        (folder / source.name).chmod(0o755)
