"""Processes that a test has left behind: found by the home of Pulumi that they have in their environment."""

from __future__ import annotations

from pathlib import Path

import psutil


def started_in(folder: Path) -> list[psutil.Process]:
    """The engines, providers and others whose home of Pulumi is in `folder`."""
    return [process for process in psutil.process_iter() if folder in _home(process).parents]


def end_all(folder: Path) -> None:
    """End them: an engine that is killed leaves the provider that it has started."""
    processes = started_in(folder)
    for process in processes:
        process.kill()
    psutil.wait_procs(processes)


def _home(process: psutil.Process) -> Path:
    try:
        return Path(process.environ().get("PULUMI_HOME", ""))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return Path()
