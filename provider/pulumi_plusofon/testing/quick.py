"""A program run without the engine, for the inner loop: its result, from a process of its own.

The process is `python -m pulumi_plusofon.quick`: here nothing of Pulumi is imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .calls import assert_none, route_in
from .projects import ProjectError, make_project, qualified, read_yaml, settings_file, write_settings
from .results import PolicyViolation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .account import SandboxAccount
    from .guard import Guard
    from .projects import Source

_OF_THE_PERSON: Final = ("PLUSOFON_", "PULUMI_")
_CUSTOMER_ID: Final = 42291
SECONDS: Final = 60.0
"""How long a program may take, unless the test says otherwise."""


@dataclass(frozen=True)
class QuickResource:
    """A resource that the program declares: "ExternalNumber" or another type's token; secrets are hidden."""

    kind: str
    name: str
    inputs: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class QuickResult:
    """What a program declares, what is wrong with it, and which rules it breaks."""

    resources: tuple[QuickResource, ...]
    problems: tuple[str, ...]
    policy_violations: tuple[PolicyViolation, ...]
    outputs: Mapping[str, Any]
    output: str
    """All that the program printed."""
    _numbers: tuple[dict[str, Any], ...]

    def route(self, number: str) -> dict[str, Any] | None:
        """Where the calls of a number go, as `plusofon_sandbox.route` says it after an `up`."""
        __tracebackhide__ = True
        why = "".join(f"\n  {line}" for line in self.problems)
        return route_in(self._numbers, number, f"; the program has problems:{why}" if why else "")

    def assert_no_dead_ends(self) -> None:
        """Fail with a line for each number whose calls go nowhere, in a circle, or to such a number."""
        __tracebackhide__ = True
        assert_none(self._numbers, _CUSTOMER_ID)

    def assert_accepted(self) -> None:
        """Fail with a line for each problem, and for each mandatory rule that is broken."""
        __tracebackhide__ = True
        refused = [str(one) for one in self.policy_violations if one.level == "mandatory"]
        if lines := [*self.problems, *refused]:
            raise AssertionError("the program is refused:\n" + "\n".join(f"  {line}" for line in lines))


class QuickRun:
    """What `plusofon_quick` is: runs programs without the engine."""

    def __init__(self, folder: Path, account: SandboxAccount, guard: Guard) -> None:
        self._folder = folder
        self._account = account
        self._guard = guard
        self._count = 0

    def __call__(
        self,
        source: Source,
        *,
        name: str = "test",
        config: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        policy_config: Mapping[str, Any] | str | Path | None = None,
        timeout: float = SECONDS,
    ) -> QuickResult:
        """Run a project's folder, a function, or a program's text once; arguments as for `plusofon_stack`.

        What the program looks up it asks the account of the test.
        """
        __tracebackhide__ = True
        folder = self._folder / f"plusofon-quick-{self._count}"
        self._count += 1
        folder.mkdir()
        project = folder / "project"
        make_project(source, project)
        write_settings(
            project, name, config or {}, url=self._account.url, has_passphrase=False, known=secrets or {}
        )
        facts = read_yaml(project / "Pulumi.yaml")
        asked = {
            "folder": str(project),
            "stack": name,
            "secrets": {qualified(facts, key): value for key, value in (secrets or {}).items()},
            "policy_config": settings_file(policy_config, folder),
        }
        of_others = {key: value for key, value in os.environ.items() if not key.startswith(_OF_THE_PERSON)}
        try:
            ran = subprocess.run(
                [sys.executable, "-m", "pulumi_plusofon.quick"],
                input=json.dumps(asked),
                env={**of_others, **(environment or {}), **self._account.environment},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ProjectError(f"the program took longer than {timeout:g} seconds and was ended") from None
        if ran.returncode or not ran.stdout:
            raise ProjectError(f"the program did not come to its end:\n{ran.stderr.strip()}")
        found = json.loads(ran.stdout)
        for contact in found.get("contacts", ()):
            self._guard.forbid(contact)
        if "error" in found:
            raise ProjectError(found["error"])
        return QuickResult(
            tuple(QuickResource(**one) for one in found["resources"]),
            tuple(found["problems"]),
            tuple(PolicyViolation(**one) for one in found["violations"]),
            found["outputs"],
            ran.stderr,
            tuple(found["numbers"]),
        )
