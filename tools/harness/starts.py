"""Make the stacks that tests start from once, by real commands, and copy them: a new one, or a deployed one.

A copy holds what the commands leave: backend, settings with the salt of the passphrase, the account with its
ids. It never holds the selection of another stack, logs of the engine, or requests of the account.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_plusofon.testing import SandboxServer

    from .engine_stack import EngineStack

_SEEDED: Final = ("id", "type", "number", "host", "port", "login", "registered", "forwarding")
# These differ between tests whose stacks are the same.
_OF_ONE_TEST: Final = frozenset({"PULUMI_HOME", "PULUMI_BACKEND_URL", "PYTEST_CURRENT_TEST"})
_NOTED: Final = "-workspace.json"
_ASKED_LATER: Final = frozenset({"PLUSOFON_TOKEN", "PLUSOFON_BASE_URL"})


class AccountCopy:
    """What an account has, to be made anew any number of times, with the same ids."""

    def __init__(self, sandbox: SandboxServer, passwords: Iterable[str]) -> None:
        """`passwords` has those of all `ate` numbers: an account does not tell them."""
        self._sandbox = sandbox
        self._account = sandbox.account()
        known = tuple(passwords)
        self._seeds = [self._seed_of(number, known) for number in self._account]

    def _seed_of(self, number: dict[str, Any], passwords: tuple[str, ...]) -> dict[str, Any]:
        seed = {field: number[field] for field in _SEEDED if number[field] is not None}
        if number["type"] == "ate":
            right = [text for text in passwords if self._sandbox.secret_matches(number["number"], text)]
            if not right:
                raise AssertionError(f"{number['number']}: its password is not known")
            seed["secret"] = right[0]
        return seed

    def restore(self) -> None:
        """Give an empty account all of it, and check that it has."""
        if self._seeds:
            self._sandbox.seed(*self._seeds)
        if self._sandbox.account() != self._account:
            raise AssertionError("the account is not as it was")


class Starts:
    """The starts of one process's tests, each kept below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._accounts: dict[str, AccountCopy] = {}

    def new(self, stack: EngineStack) -> None:
        """Make `stack` what `pulumi stack init` of its program makes it."""
        ours = {name: value for name, value in stack.environment.items() if name not in _ASKED_LATER}
        kept = self._folder / f"new-{_fingerprint(stack, ours)}"
        if kept.exists():
            shutil.copytree(kept, stack.folder, dirs_exist_ok=True)
            select_again(stack.folder, stack.program, stack.backend)
            return
        stack.run("stack", "init", stack.name)
        settings = Path("program", f"Pulumi.{stack.name}.yaml")
        for part in (Path("backend"), Path("home", "workspaces")):
            shutil.copytree(stack.folder / part, kept / part)
        (kept / settings).parent.mkdir()
        shutil.copy(stack.folder / settings, kept / settings)

    def up(self, stack: EngineStack) -> None:
        """Make `stack`, which is new, and its empty account what `pulumi up` of its program makes them."""
        account = stack.sandbox
        if (stack.backend / ".pulumi" / "history").exists() or account.account() or account.faults():
            raise AssertionError("a start needs a new stack and an empty account without faults")
        name = _fingerprint(stack, stack.environment, stack.secret, account.targets(), account.settings())
        kept = self._folder / f"up-{name}"
        if name not in self._accounts:
            stack.up()
            self._accounts[name] = AccountCopy(stack.sandbox, [stack.secret])
            shutil.copytree(stack.backend, kept)
            return
        shutil.rmtree(stack.backend)
        shutil.copytree(kept, stack.backend)
        self._accounts[name].restore()


def select_again(folder: Path, program: Path, backend: Path) -> None:
    """Select in a copied `folder` what was selected in the original: the engine notes it by their paths."""
    [noted] = (folder / "home" / "workspaces").iterdir()
    [selected] = json.loads(noted.read_text())["stacks"].values()
    project = noted.name.removesuffix(_NOTED).rpartition("-")[0]
    noted.unlink()
    path = hashlib.sha1(bytes(program.resolve() / "Pulumi.yaml"), usedforsecurity=False).hexdigest()
    noted = noted.with_name(f"{project}-{path}{_NOTED}")
    noted.write_text(json.dumps({"stacks": {backend.as_uri(): selected}}))


def _fingerprint(stack: EngineStack, environment: Mapping[str, str], *more: Any) -> str:
    """Stands for all that a command of the stack reads: program, settings, environment, and `more`."""
    shared = {name: value for name, value in environment.items() if name not in _OF_ONE_TEST}
    files = sorted(file for file in stack.program.rglob("*") if file.is_file())
    read = {str(file.relative_to(stack.program)): file.read_bytes().hex() for file in files}
    return hashlib.sha256(json.dumps([stack.name, shared, read, more]).encode()).hexdigest()[:16]
