"""A stack on the real engine for one test: brought up, previewed, refreshed, and gone when the test is.

It has a home, a backend and a project of its own, and asks the account of the test and no other.
"""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .engine import Engine, EngineTimeoutError
from .projects import (
    ProjectError,
    copy_project,
    is_text,
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

SECONDS: Final = 300.0
"""How long an operation may take, unless the test says otherwise."""


class Stack:
    """One stack of a project. An operation that fails raises `OperationFailedError`, unless it is to fail."""

    def __init__(
        self,
        folder: Path,
        name: str,
        account: SandboxAccount,
        engine: Engine,
        *,
        pack: tuple[str, ...] = (),
        timeout: float = SECONDS,
    ) -> None:
        """The stack `name` of the project in `folder`; `pack` are the options for its policy pack."""
        self.folder = folder
        self.name = name
        self.account = account
        self.engine = engine
        self._pack = pack
        self._timeout = timeout
        self._events = folder.with_name("events.json")
        self._has_resources = False
        self._was_ended = False

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
        result = self._operate("destroy", *skipped, *options, expect_failure=expect_failure)
        # With options it may have been a part of them.
        self._has_resources = not result.succeeded or bool(options)
        return result

    def use(self, program: Source) -> None:
        """Make the next operations run another program: its text, or the folder of the same project."""
        if is_text(program):
            (self.folder / "__main__.py").write_text(str(program), "utf-8")
            return
        following = self.folder.with_name("following")
        make_project(program, following)
        names = [read_yaml(folder / "Pulumi.yaml").get("name") for folder in (self.folder, following)]
        if names[0] != names[1]:
            shutil.rmtree(following)
            raise ProjectError(f"{program}: is project {names[1]}, and the stack is of project {names[0]}")
        settings = f"Pulumi.{self.name}.yaml"
        shutil.copyfile(self.folder / settings, following / settings)
        shutil.rmtree(self.folder)
        following.rename(self.folder)

    def export_state(self) -> dict[str, Any]:
        """The state, as `pulumi stack export` writes it."""
        file = self.folder.with_name("state.json")
        self.command("stack", "export", "--file", str(file))
        state: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return state

    def import_state(self, state: Mapping[str, Any]) -> None:
        """Make `state` the stack's own, as `pulumi stack import` does."""
        file = self.folder.with_name("state.json")
        file.write_text(json.dumps(dict(state)), "utf-8")
        self._has_resources = True
        self.command("stack", "import", "--file", str(file))

    def end(self) -> None:
        """Destroy what the stack may have, also what is protected; raises as `destroy`."""
        if self._has_resources:
            self.account.clear_faults()
            if self._was_ended:
                # E85: an engine that was killed leaves its lock.
                self.command("cancel", "--yes")
            self.command("state", "unprotect", "--all", "--yes")
            self.destroy()

    def _operate(self, operation: str, *options: str, expect_failure: bool) -> Result:
        __tracebackhide__ = True
        self._events.unlink(missing_ok=True)
        given = ("--stack", self.name, "--event-log", str(self._events), *options)
        try:
            ran = self.engine.run(self.folder, operation, *given, timeout=self._timeout)
        except EngineTimeoutError:
            self._was_ended = True
            raise
        result = read_result(operation, ran.status, ran.text, self._events)
        if expect_failure and result.succeeded:
            raise AssertionError(f"pulumi {operation} was to fail, and succeeded:\n{result.changes}")
        if not expect_failure and not result.succeeded:
            raise OperationFailedError(result)
        return result

    def command(self, *arguments: str, given: str = "") -> None:
        """Run `pulumi` with these arguments and the input `given`; raises `ProjectError` where it fails."""
        options = ("--stack", self.name)
        ran = self.engine.run(self.folder, *arguments, *options, timeout=self._timeout, given=given)
        if ran.status:
            said = ran.text.strip().removeprefix("error: ")
            raise ProjectError(f"pulumi {' '.join(arguments[:2])}: {said}")


class StackMaker:
    """What `plusofon_stack` is: makes stacks on the engine, and ends them all."""

    def __init__(self, folder: Path, account: SandboxAccount) -> None:
        self._folder = folder
        self._account = account
        self._made: list[Stack] = []

    def __call__(
        self,
        source: Source,
        *,
        name: str = "test",
        config: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        passphrase: str | None = None,
        policy_pack: str | Path | None = None,
        policy_config: Mapping[str, Any] | str | Path | None = None,
        timeout: float = SECONDS,
        beside: Stack | None = None,
    ) -> Stack:
        """A new stack of a project's folder, or of a program's text.

        `config` and `secrets` are its configuration, over the project's own `Pulumi.<name>.yaml`; the
        encrypted values of this file need its `passphrase`. `environment` adds to that of the engine.
        `timeout` is seconds for each operation. The stack is on the backend of `beside`, if it is given,
        so that a `StackReference` finds it.
        """
        __tracebackhide__ = True
        folder = self._folder / f"plusofon-stack-{len(self._made)}"
        engine = Engine(
            folder,
            {**(environment or {}), **self._account.environment},
            passphrase,
            beside.engine if beside else None,
        )
        project = folder / "project"
        make_project(source, project)
        write_settings(
            project,
            name,
            config or {},
            url=self._account.url,
            has_passphrase=passphrase is not None,
            known=secrets or {},
        )
        pack = _pack_options(Path(policy_pack), policy_config, folder) if policy_pack else ()
        stack = Stack(project, name, self._account, engine, pack=pack, timeout=timeout)
        self._made.append(stack)
        stack.command("stack", "init")
        facts = read_yaml(project / "Pulumi.yaml")
        for key, value in (secrets or {}).items():
            # By standard input: a command line is shown to all users of the machine.
            stack.command("config", "set", "--secret", qualified(facts, key), given=value)
        return stack

    def end(self) -> None:
        """End all stacks, the newest first; raises for the first that cannot be destroyed."""
        with ExitStack() as at_the_end:
            for stack in self._made:
                at_the_end.callback(stack.end)


def _pack_options(
    pack: Path, settings: Mapping[str, Any] | str | Path | None, folder: Path
) -> tuple[str, ...]:
    """The options for a policy pack that every operation asks, and for the settings of its rules."""
    copied = folder / "pack"
    copy_project(pack, copied)
    file = settings_file(settings, folder)
    return ("--policy-pack", str(copied), *(("--policy-pack-config", file) if file else ()))
