"""What tests start from, made by real commands once and copied from then on: a new stack, or one that is up.

A copy holds what the commands leave: backend, settings with the salt of the passphrase, the account with its
ids. It never holds the selection of another stack, logs of the engine, or requests of the account.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pulumi_plusofon.testing import SandboxServer

    from .engine_stack import EngineStack

_SEEDED: Final = ("id", "type", "number", "host", "port", "login", "registered", "forwarding")
# These differ between tests whose stacks are the same.
_OF_ONE_TEST: Final = frozenset({"PULUMI_HOME", "PULUMI_BACKEND_URL", "PYTEST_CURRENT_TEST"})
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
        settings = f"Pulumi.{stack.name}.yaml"
        if kept.exists():
            shutil.copytree(kept / "backend", stack.backend, dirs_exist_ok=True)
            shutil.copy(kept / settings, stack.program)
            select(stack)
            return
        stack.run("stack", "init", stack.name)
        selected = _selection_file(stack).read_text()
        select(stack)
        if json.loads(selected) != json.loads(_selection_file(stack).read_text()):
            raise AssertionError(f"the engine notes the selected stack in another way: {selected}")
        shutil.copytree(stack.backend, kept / "backend")
        shutil.copy(stack.program / settings, kept)

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


def select(stack: EngineStack) -> None:
    """Note `stack` as the selected one of its program, as `pulumi stack select` does."""
    file = _selection_file(stack)
    file.parent.mkdir(parents=True, exist_ok=True)
    backend = stack.environment["PULUMI_BACKEND_URL"]
    file.write_text(json.dumps({"stacks": {backend: f"organization/{stack.project}/{stack.name}"}}))


def _selection_file(stack: EngineStack) -> Path:
    path = stack.program.resolve() / "Pulumi.yaml"
    digest = hashlib.sha1(bytes(path), usedforsecurity=False).hexdigest()
    return stack.folder / "home" / "workspaces" / f"{stack.project}-{digest}-workspace.json"


def _fingerprint(stack: EngineStack, environment: Mapping[str, str], *more: Any) -> str:
    """Stands for all that a command of the stack reads: program, settings, environment, and `more`."""
    shared = {name: value for name, value in environment.items() if name not in _OF_ONE_TEST}
    files = sorted(file for file in stack.program.rglob("*") if file.is_file())
    read = {str(file.relative_to(stack.program)): file.read_bytes().hex() for file in files}
    return hashlib.sha256(json.dumps([stack.name, shared, read, more]).encode()).hexdigest()[:16]
