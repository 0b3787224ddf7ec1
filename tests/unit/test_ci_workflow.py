"""The jobs of this project's own pipeline: together they run what `.ci/run` runs."""

from __future__ import annotations

import re

import yaml

from support.repository import ROOT

JOBS = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
RUNS = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in JOBS.items()}


def test_the_jobs_run_all_that_has_to_pass() -> None:
    needed = set(
        re.findall(r"^(make [a-z-]+|tools/\S+\.sh) ", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    )
    found = {run.partition(" ARGS=")[0] for runs in RUNS.values() for run in runs}
    assert found == needed


def test_the_parts_of_the_rest_are_a_folder_and_all_but_it() -> None:
    folder, others = JOBS["test-rest"]["strategy"]["matrix"]["tests"]
    assert others == f"--ignore={folder}"
    assert (ROOT / folder).is_dir()


def test_tests_that_need_a_browser_get_it_first() -> None:
    for name in ("test", "test-rest"):
        assert RUNS[name][0] == "tools/install_browser.sh"


def test_every_job_keeps_the_engine_and_the_packages_for_the_next_run() -> None:
    for name, job in JOBS.items():
        kept = [step["with"]["path"] for step in job["steps"] if step.get("uses") == "actions/cache@v4"]
        assert {"~/.cache/pulumi-plusofon", "~/.cache/uv"} <= set(kept), name
