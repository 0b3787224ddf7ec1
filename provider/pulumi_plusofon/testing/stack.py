"""A stack on the real engine for one test: brought up, previewed, refreshed, and gone when the test is.

It has a home, a backend and a project of its own, and asks the account of the test and no other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .engine import Engine
from .projects import (
    ProjectError,
    copy_project,
    make_project,
    qualified,
    read_yaml,
    settings_file,
    write_settings,
)
from .results import OperationFailedError, Result, read_result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import SandboxAccount
    from .projects import Source

_SECONDS: Final = 300.0


class Stack:
    """One stack of a project. An operation that fails raises `OperationFailedError`, unless it is to fail."""

    def __init__(
        self,
        source: Source,
        folder: Path,
        account: SandboxAccount,
        *,
        name: str = "test",
        config: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        passphrase: str | None = None,
        policy_pack: str | Path | None = None,
        policy_config: Mapping[str, Any] | str | Path | None = None,
        timeout: float = _SECONDS,
    ) -> None:
        self.name = name
        self.account = account
        self.folder = folder / "project"
        self._events = folder / "events.json"
        self._timeout = timeout
        self._has_resources = False
        self._engine = Engine(folder, {**(environment or {}), **account.environment}, passphrase)
        make_project(source, self.folder)
        write_settings(
            self.folder,
            name,
            config or {},
            url=account.url,
            has_passphrase=passphrase is not None,
            known=secrets or {},
        )
        self._pack = _pack_options(Path(policy_pack), policy_config, folder) if policy_pack else ()
        self._command("stack", "init", name)
        if secrets:
            project = read_yaml(self.folder / "Pulumi.yaml")
            given = [f"{qualified(project, key)}={value}" for key, value in secrets.items()]
            options = [word for one in given for word in ("--secret", one)]
            self._command("config", "set-all", "--stack", name, *options)

    def up(self, *options: str, expect_failure: bool = False) -> Result:
        """`pulumi up`: the account is as the program declares. With a policy pack after a preview of it."""
        __tracebackhide__ = True
        self._has_resources = True
        skipped = () if self._pack else ("--skip-preview",)
        return self._operate("up", "--yes", *skipped, *self._pack, *options, expect_failure=expect_failure)

    def preview(self, *options: str, expect_failure: bool = False) -> Result:
        """`pulumi preview`: what an `up` would change."""
        __tracebackhide__ = True
        return self._operate("preview", *self._pack, *options, expect_failure=expect_failure)

    def refresh(self, *options: str, expect_failure: bool = False) -> Result:
        """`pulumi refresh`: the state is as the account; its changes are what had drifted."""
        __tracebackhide__ = True
        skipped = ("--yes", "--skip-preview")
        return self._operate("refresh", *skipped, *options, expect_failure=expect_failure)

    def destroy(self, *options: str, expect_failure: bool = False) -> Result:
        """`pulumi destroy`: what the stack has is gone from the account."""
        __tracebackhide__ = True
        skipped = ("--yes", "--skip-preview")
        return self._operate("destroy", *skipped, *options, expect_failure=expect_failure)

    def end(self) -> None:
        """Destroy what the stack may have, also what is protected; raises as `destroy`."""
        if self._has_resources:
            self.account.clear_faults()
            self._command("state", "unprotect", "--all", "--yes", "--stack", self.name)
            self.destroy()

    def _operate(self, operation: str, *options: str, expect_failure: bool) -> Result:
        __tracebackhide__ = True
        self._events.unlink(missing_ok=True)
        given = ("--stack", self.name, "--event-log", str(self._events), *options)
        ran = self._engine.run(self.folder, operation, *given, timeout=self._timeout)
        result = read_result(operation, ran.status, ran.text, self._events)
        if expect_failure and result.succeeded:
            raise AssertionError(f"pulumi {operation} was to fail, and succeeded:\n{result.changes}")
        if not expect_failure and not result.succeeded:
            raise OperationFailedError(result)
        return result

    def _command(self, *arguments: str) -> None:
        ran = self._engine.run(self.folder, *arguments, timeout=self._timeout)
        if ran.status:
            raise ProjectError(
                f"pulumi {' '.join(arguments[:2])}: {ran.text.strip().removeprefix('error: ')}"
            )


def _pack_options(
    pack: Path, settings: Mapping[str, Any] | str | Path | None, folder: Path
) -> tuple[str, ...]:
    """The options for a policy pack that every operation asks, and for the settings of its rules."""
    copied = folder / "pack"
    copy_project(pack, copied)
    file = settings_file(settings, folder)
    return ("--policy-pack", str(copied), *(("--policy-pack-config", file) if file else ()))
