"""The pipelines of docs/pipelines as a runner would run them: each job's own shell steps, in order, in bash.

What only the service can do (checkout, a Python, triggers, environments) is left out, and nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from support.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What the runner has and no pipeline does: these come with the job's folder.
SERVICE_STEPS = {"actions/checkout", "actions/setup-python"}
PIPELINES = ROOT / "docs" / "pipelines"
_JOB_SECONDS = 600


@dataclass(frozen=True)
class Job:
    """One job: when it runs, its environment, and its shell steps."""

    when: str
    environment: dict[str, str]
    steps: list[Step]


@dataclass(frozen=True)
class Step:
    """One shell step, and whether it also runs after one that failed."""

    script: str
    always: bool = False


def github(values: Mapping[str, str]) -> dict[str, Job]:
    """The jobs of GitHub's pipeline; `values` are the repository's variables and secrets."""
    pipeline = yaml.safe_load((PIPELINES / "github.yml").read_text())
    assert pipeline["defaults"]["run"]["shell"] == "bash"
    environment = {name: _resolved(text, values) for name, text in pipeline["env"].items()}
    jobs = {}
    for name, job in pipeline["jobs"].items():
        used = {step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step}
        assert used == SERVICE_STEPS
        assert {step["if"] for step in job["steps"] if "if" in step} <= {"${{ !cancelled() }}"}
        steps = [
            Step(_resolved(step["run"], values), always="if" in step)
            for step in job["steps"]
            if "run" in step
        ]
        jobs[name] = Job(job["if"], {**environment, **job.get("env", {})}, steps)
    return jobs


def gitlab(values: Mapping[str, str]) -> dict[str, Job]:
    """The jobs of GitLab's pipeline; `values` are the project's variables, which every job has."""
    pipeline = yaml.safe_load((PIPELINES / "gitlab-ci.yml").read_text())
    environment = {**values, **pipeline.pop("variables")}
    before = pipeline.pop("default")["before_script"]
    del pipeline["workflow"]
    # GitLab runs all lines of a job in one shell.
    return {
        name: Job(
            job["rules"][0]["if"],
            {**environment, **job.get("variables", {})},
            [Step("\n".join([*before, *job["script"]]))],
        )
        for name, job in pipeline.items()
    }


def fleet_github(values: Mapping[str, str]) -> dict[str, Job]:
    """The jobs of GitHub's pipeline of a fleet, by their shard."""
    pipeline = yaml.safe_load((PIPELINES / "fleet-github.yml").read_text())
    [job] = pipeline["jobs"].values()
    jobs = {}
    for shard in job["strategy"]["matrix"]["shard"]:
        known = {**values, "shard": shard}
        steps = [step for step in job["steps"] if "uses" not in step]
        own = [pair for step in steps for pair in step.get("env", {}).items()]
        environment = {name: _resolved(text, known) for name, text in (*pipeline["env"].items(), *own)}
        jobs[shard] = Job("push", environment, [Step(step["run"]) for step in steps])
    return jobs


def fleet_kubernetes(values: Mapping[str, str]) -> dict[str, Job]:
    """The pods of the Kubernetes Job of a fleet, by their index; `values` are those of its secret."""
    spec = yaml.safe_load((PIPELINES / "fleet-kubernetes.yaml").read_text())["spec"]
    [container] = spec["template"]["spec"]["containers"]
    assert container["command"] == ["bash", "-euo", "pipefail", "-c"]
    [script] = container["args"]
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    assert environment["SHARDS"] == str(spec["completions"])
    return {
        str(index): Job("", {**environment, **values, "JOB_COMPLETION_INDEX": str(index)}, [Step(script)])
        for index in range(spec["completions"])
    }


def _resolved(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ (?:vars|secrets|matrix)\.(\w+) \}\}", lambda found: values[found[1]], text)


@dataclass(frozen=True)
class Ran:
    """A job that has run."""

    status: int
    text: str
    summary: str


def run(job: Job, folder: Path, runner: Mapping[str, str]) -> Ran:
    """Run a job in `folder`, on a runner with this environment; its status is that of the first failure."""
    paths = folder.parent / "github-path"
    paths.write_text("")
    summary = folder.parent / "github-summary"
    summary.write_text("")
    said = ""
    status = 0
    for step in job.steps:
        assert "${{" not in step.script
        if status and not step.always:
            continue
        added = [line for line in paths.read_text().splitlines() if line]
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.script],
            cwd=folder,
            env={
                **runner,
                **job.environment,
                "PATH": os.pathsep.join([*added, runner["PATH"]]),
                "GITHUB_PATH": str(paths),
                "GITHUB_STEP_SUMMARY": str(summary),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_JOB_SECONDS,
            check=False,
        )
        said += done.stdout
        status = status or done.returncode
    return Ran(status, said, summary.read_text())
