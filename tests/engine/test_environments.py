"""Three environments of the root stack against three accounts: each holds its own alone."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import yaml

from harness.engine_stack import pulumi_environment
from harness.starts import select_again
from pulumi_plusofon.testing import SandboxAccount
from support.repository import ROOT
from support.tracebacks import shows_no_traceback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

CUSTOMERS = {"dev": 42291, "staging": 42292, "prod": 42293}
PAGE = (ROOT / "docs" / "environments.md").read_text()
WRITES = {"connect", "update", "disconnect", "forward"}


class Environments:
    """The root project with its three stacks, and an account for each."""

    def __init__(self, folder: Path, accounts: dict[str, SandboxAccount]) -> None:
        self.accounts = accounts
        self.project = folder / "project"
        self.project.mkdir()
        for file in [*ROOT.glob("Pulumi*.yaml"), ROOT / "__main__.py"]:
            shutil.copy2(file, self.project)
        shutil.copytree(
            ROOT / "policy", self.project / "policy", ignore=shutil.ignore_patterns("__pycache__")
        )
        (self.project / ".venv").symlink_to(sys.prefix)
        self._folder = folder
        (folder / "state").mkdir()
        self._environment = pulumi_environment(folder, folder / "state", "sandbox")
        for stack in accounts:
            self.run(stack, f"pulumi stack init {stack}")

    def copied(self, folder: Path, accounts: dict[str, SandboxAccount]) -> Environments:
        """The same project with its new stacks in `folder`, for other accounts."""
        other = copy.copy(self)
        other.accounts, other._folder, other.project = accounts, folder, folder / self.project.name
        shutil.copytree(self._folder, folder, symlinks=True, dirs_exist_ok=True)
        other._environment = pulumi_environment(folder, folder / "state", "sandbox")
        select_again(folder, other.project, folder / "state")
        for stack, account in accounts.items():
            # The stacks name their group: its id is another one in each account.
            account.seed_targets(group=[{"id": CUSTOMERS[stack] % 100, "name": "Support"}])
        return other

    def run(
        self,
        stack: str,
        script: str,
        *,
        account_of: str | None = None,
        fails: bool = False,
    ) -> str:
        """What a shell script prints, in the environment of one stack, or with the account of another."""
        account = self.accounts[account_of or stack]
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.project,
            env={
                **self._environment,
                "STACK": stack,
                "PLUSOFON_TOKEN": account.token,
                "PLUSOFON_BASE_URL": account.url,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )
        assert bool(done.returncode) is fails, done.stdout
        assert shows_no_traceback(done.stdout)
        return done.stdout

    def declared(self, stack: str) -> set[str]:
        """The numbers that a stack's file declares."""
        content = yaml.safe_load((self.project / f"Pulumi.{stack}.yaml").read_text())
        numbers = content["config"]["plusofon-numbers:numbers"]
        return {re.sub(r"\D", "", entry["number"]) for entry in numbers}

    def held(self, stack: str) -> set[str]:
        """The numbers that its account holds."""
        return {number["number"] for number in self.accounts[stack].account()}

    def written(self, stack: str) -> list[str]:
        """The writes that its account has been sent since the last look."""
        requests = self.accounts[stack].requests()
        self.accounts[stack].clear_requests()
        return [request["operation"] for request in requests if request["operation"] in WRITES]


@contextmanager
def _accounts(server: SandboxServer) -> Iterator[dict[str, SandboxAccount]]:
    """A new account for each stack."""
    opened = {
        stack: SandboxAccount.opened(server, customer_id=customer, registers_after=0)
        for stack, customer in CUSTOMERS.items()
    }
    yield opened
    for account in opened.values():
        account.end()


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, sandbox_process: SandboxServer) -> Environments:
    """The project that each test copies."""
    with _accounts(sandbox_process) as accounts:
        return Environments(tmp_path_factory.mktemp("environments"), accounts)


@pytest.fixture
def environments(
    first: Environments, tmp_path: Path, sandbox_process: SandboxServer
) -> Iterator[Environments]:
    with _accounts(sandbox_process) as accounts:
        yield first.copied(tmp_path, accounts)


def _promotion() -> list[str]:
    """The page's commands, in order."""
    return re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE)


@pytest.mark.rest
def test_each_environment_holds_its_own_and_is_refused_the_others(environments: Environments) -> None:
    assert set(CUSTOMERS) == {file.name.split(".")[1] for file in ROOT.glob("Pulumi.*.yaml")}
    for stack in CUSTOMERS:
        environments.run(stack, "; ".join(_promotion()))
    for stack in CUSTOMERS:
        assert environments.held(stack) == environments.declared(stack)
        assert environments.written(stack)
    # Token and address of another, as somebody who mixes two terminals up has them in his shell.
    environments.run(
        "dev", "pulumi config set --stack dev --path 'plusofon-numbers:numbers[0].host' other.example"
    )
    for command in ("up --yes --skip-preview", "refresh --yes --run-program", "destroy --yes --run-program"):
        said = environments.run("dev", f"pulumi {command} --stack dev", account_of="staging", fails=True)
        assert "the token is account 42292's, and it must be account 42291's" in said
    assert [environments.written(stack) for stack in CUSTOMERS] == [[], [], []]
    assert "protect" in environments.run("prod", "pulumi destroy --yes --stack prod", fails=True)
    for stack in CUSTOMERS:
        assert environments.held(stack) == environments.declared(stack)


@pytest.mark.rest
def test_a_plan_is_done_as_it_was_approved_or_not_at_all(environments: Environments) -> None:
    preview, up = _promotion()
    environments.run("staging", preview)
    file = environments.project / "Pulumi.staging.yaml"
    approved = file.read_text()
    file.write_text(approved.replace("900224", "900225"))
    said = environments.run("staging", up, fails=True)
    assert "violates plan" in said
    assert environments.held("staging") <= {"447700900223"}
    file.write_text(approved)
    environments.run("staging", f"{preview}; {up}")
    assert environments.held("staging") == {"447700900223", "447700900224"}


def test_a_setting_of_another_stacks_file_is_refused_before_any_request(
    environments: Environments,
) -> None:
    url, token = environments.accounts["staging"].url, "not-a-secret-here"
    expected = {
        "customerId": ("42292", "42292 is that of the stack staging (Pulumi.staging.yaml)"),
        "baseUrl": (url, f"{url} is that of the stack staging (Pulumi.staging.yaml); set a different value"),
        "token": (token, "is that of the stack staging (Pulumi.staging.yaml)"),
    }
    put = " ".join(f"--plaintext plusofon:{key}={value}" for key, (value, _) in expected.items())
    puts = "".join(f"pulumi config set-all {put} --stack {stack}\n" for stack in ("staging", "dev"))
    said = environments.run("dev", f"{puts}pulumi preview --stack dev", fails=True)
    for key, (_, line) in expected.items():
        assert f"plusofon:{key}: {line}" in said
    assert token not in said
    assert [account.requests() for account in environments.accounts.values()] == [[], [], []]


@pytest.mark.rest
def test_a_setting_of_all_stacks_stands_in_one_place(environments: Environments) -> None:
    file = environments.project / "Pulumi.yaml"
    file.write_text(file.read_text().replace('"20"', '"soon"'))
    for stack in CUSTOMERS:
        said = environments.run(stack, f"pulumi preview --stack {stack}", fails=True)
        assert "plusofon:timeout: must be a number, not 'soon'" in said
