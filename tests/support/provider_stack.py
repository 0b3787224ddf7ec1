"""A stack of our providers without the engine: its state in memory, its steps called as the engine does.

Each run is a provider process of its own, as far as our modules can tell. Its steps run one at a time, in
the program's order. One that fails leaves the state as it was, and the run goes on with what does not depend
on it, as with `--continue-on-error`. Time passes only in pauses, so that none of them is waited for.
"""

from __future__ import annotations

import copy
import io
import logging
import os
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from pulumi.dynamic import Config, ConfigureRequest

from pulumi_plusofon.api import Client
from pulumi_plusofon.hosts import process, reporting
from pulumi_plusofon.hosts.dynamic import ExternalNumberProvider, NumberForwardingProvider
from pulumi_plusofon.hosts.reporting import Failure
from pulumi_plusofon.runtime.clock import use
from pulumi_plusofon.session import session as session_module
from unit.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_plusofon.runtime import Settings
    from pulumi_plusofon.session import AccountSession
    from pulumi_plusofon.testing import SandboxServer

Provider = ExternalNumberProvider | NumberForwardingProvider
Spec = dict[str, dict[str, Any]]

_NUMBER: Final = ExternalNumberProvider()
_FORWARDING: Final = NumberForwardingProvider()
_KINDS: Final[dict[Provider, str]] = {_NUMBER: "ExternalNumber", _FORWARDING: "NumberForwarding"}


@contextmanager
def new_process() -> Iterator[None]:
    """A block in which our modules are as in a provider process that has just begun; afterwards as before."""
    log = logging.getLogger("pulumi_plusofon")
    before = log.handlers, log.level, log.propagate
    sessions: dict[Settings, AccountSession] = {}
    with (
        mock.patch.multiple(
            process._Process, get_config=staticmethod(lambda _key: None), keys=(), beside=False
        ),
        mock.patch.object(reporting._Reported, "reported", set()),
        mock.patch.object(session_module, "_SESSIONS", sessions),
    ):
        log.handlers = []
        try:
            yield
        finally:
            log.handlers, log.level, log.propagate = before
            for session in sessions.values():
                assert isinstance(session._client, Client)
                session._client.close()


@dataclass
class Outcome:
    """What a person reads of a run: errors by the resource's name, and all that was printed beside them."""

    errors: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass
class _Kept:
    """A resource in the state."""

    name: str
    provider: Provider
    inputs: dict[str, Any]
    id: str
    outputs: dict[str, Any]


class ProviderStack:
    """One stack on `sandbox`. `environment` is that of its runs, `configuration` has keys and values.

    Its clock is a fake one, which a test may change or replace.
    """

    def __init__(self, sandbox: SandboxServer, secret: str) -> None:
        self.sandbox = sandbox
        self.secret = secret
        self.environment = {"PLUSOFON_TOKEN": sandbox.token, "PLUSOFON_BASE_URL": sandbox.url}
        # A key of another namespace: the configuration is a stack's, not that of an `Account`.
        self.configuration = {"project:x": "1"}
        self.clock = Clock()
        self._spec: Spec = {}
        self._state: dict[str, _Kept] = {}

    def declare(self, spec: Spec) -> None:
        """Make `spec` the program, as `EngineStack.declare` takes it."""
        self._spec = copy.deepcopy(spec)

    def up(self, spec: Spec | None = None, *, fails: bool = False) -> Outcome:
        """Create, update and delete what the program says; it must fail exactly if it `fails`."""
        if spec is not None:
            self.declare(spec)
        with self._run(fails=fails) as ran:
            wanted = set()
            for name, entry in self._spec.items():
                forwards = entry.get("forwards", {})
                wanted |= {f"ExternalNumber {name}", *(f"NumberForwarding {profile}" for profile in forwards)}
                inputs = {key: value for key, value in entry.items() if key != "forwards"}
                self._converge(ran, _NUMBER, name, inputs)
                if name in ran.errors:
                    continue
                number = self._state[f"ExternalNumber {name}"]
                of_number = {"number_type": number.outputs["type"], "number_id": int(number.id)}
                for forward, given in forwards.items():
                    self._converge(ran, _FORWARDING, forward, {**of_number, **given})
            self._delete(ran, [key for key in self._state if key not in wanted])
        return ran

    def refresh(self, *, fails: bool = False) -> Outcome:
        """Read all that the state has."""
        with self._run(fails=fails) as ran:
            for key, kept in list(self._state.items()):
                with _reported(ran, kept.name):
                    read = kept.provider.read(kept.id, kept.outputs)
                    if read.id:
                        kept.id, kept.outputs = read.id, read.outs or {}
                    else:
                        del self._state[key]
        return ran

    def destroy(self, *, fails: bool = False) -> Outcome:
        """Delete all that the state has."""
        with self._run(fails=fails) as ran:
            self._delete(ran, list(self._state))
        return ran

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by "Kind name"."""
        return {key: {"id": kept.id, "outputs": kept.outputs} for key, kept in self._state.items()}

    def _converge(self, ran: Outcome, provider: Provider, name: str, given: Mapping[str, Any]) -> None:
        key = f"{_KINDS[provider]} {name}"
        kept = self._state.get(key)
        with _reported(ran, name):
            checked = provider.check(kept.inputs if kept else {}, dict(given))
            if checked.failures:
                raise Failure("; ".join(failure.reason for failure in checked.failures))
            inputs = checked.inputs
            if kept is None:
                created = provider.create(inputs)
                self._state[key] = _Kept(name, provider, inputs, created.id, created.outs or {})
                return
            diff = provider.diff(kept.id, kept.outputs, inputs)
            assert not diff.replaces, "a replacement is shown on the engine"
            if diff.changes:
                kept.outputs = provider.update(kept.id, kept.outputs, inputs).outs or {}
                kept.inputs = inputs

    def _delete(self, ran: Outcome, keys: list[str]) -> None:
        for key in sorted(keys, key=lambda key: not key.startswith("NumberForwarding")):
            kept = self._state[key]
            with _reported(ran, kept.name):
                if not self._is_needed(kept):
                    kept.provider.delete(kept.id, kept.outputs)
                    del self._state[key]

    def _is_needed(self, kept: _Kept) -> bool:
        """Whether a forwarding of this number is still in the state."""
        forwarded = {
            kept.outputs["number_id"] for kept in self._state.values() if kept.provider is _FORWARDING
        }
        return kept.provider is _NUMBER and int(kept.id) in forwarded

    @contextmanager
    def _run(self, *, fails: bool) -> Iterator[Outcome]:
        """A process of its own, with the stack's environment and configuration."""
        ran, printed = Outcome(), io.StringIO()
        others = {key: value for key, value in os.environ.items() if not key.startswith("PLUSOFON_")}
        with (
            new_process(),
            mock.patch.dict(os.environ, {**others, **self.environment}, clear=True),
            use(self.clock),
            redirect_stderr(printed),
        ):
            _NUMBER.configure(ConfigureRequest(Config(self.configuration, "project")))
            yield ran
        ran.text = "\n".join([printed.getvalue(), *ran.errors.values()])
        assert bool(ran.errors) == fails, ran.text


@contextmanager
def _reported(ran: Outcome, name: str) -> Iterator[None]:
    """A step whose failure is reported for the resource."""
    try:
        yield
    except Failure as failure:
        ran.errors[name] = str(failure)
