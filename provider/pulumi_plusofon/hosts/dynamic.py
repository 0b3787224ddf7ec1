"""The lifecycle as `pulumi.dynamic` providers, run by the engine in a process of their own.

Translates, and decides nothing: the engine's property bags to plain dicts, the lifecycle's answers to
the engine's, errors to lines for a person. The providers hold nothing, so that a stack's state holds
nothing of them but their names.

The module path `pulumi_plusofon.hosts.dynamic` and the names of the two provider classes are in the
state of every stack: they never change.
"""

from __future__ import annotations

import base64
import functools
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, ParamSpec, Protocol, TypeVar

import pulumi
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_plusofon.account import Account, account_for
from pulumi_plusofon.advice import told
from pulumi_plusofon.api import ApiError
from pulumi_plusofon.lifecycle import Created, Diff, Read, external_number, forwarding
from pulumi_plusofon.runtime import ConfigurationError, PlusofonError, Settings
from pulumi_plusofon.runtime.plain import unmarked
from pulumi_plusofon.runtime.settings import misspelt_variables
from pulumi_plusofon.schema.values import UNKNOWN

from . import dynamic_sdk, placement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_plusofon.schema.fields import Checked

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_PACKAGE: Final = "pulumi_plusofon"
_PROVIDER_KEY: Final = "__provider"
# An alias brought it here: the one of a subclass, whose type was the SDK's for every class without one.
_OF_ANOTHER: Final = (
    "the stack has a resource of another kind under this name and a former type, dynamic:Resource, which this"
    " one would replace, and nothing was done: give this one another name"
)


class Life(Protocol):
    """One of the lifecycle's modules."""

    def check(self, inputs: Mapping[str, Any], state: Mapping[str, Any] | None) -> Checked: ...  # noqa: D102
    def diff(self, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff: ...  # noqa: D102
    def keep(self, account: Account, outputs: Mapping[str, Any]) -> None: ...  # noqa: D102
    def expect_replacement(  # noqa: D102
        self, account: Account, outputs: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> None: ...
    def create(self, account: Account, inputs: Mapping[str, Any]) -> Created: ...  # noqa: D102
    def read(self, account: Account, resource_id: str, outputs: Mapping[str, Any]) -> Read | None: ...  # noqa: D102
    def update(  # noqa: D102
        self,
        account: Account,
        resource_id: str,
        outputs: Mapping[str, Any],
        inputs: Mapping[str, Any],
    ) -> dict[str, Any]: ...
    def delete(self, account: Account, resource_id: str, outputs: Mapping[str, Any]) -> None: ...  # noqa: D102


class Failure(Exception):  # noqa: N818 - the engine prints the name
    """An error for a person, in one line of the engine's output."""

    @property
    def in_one_line(self) -> str:
        """What `dynamic_sdk` sends to the engine in place of the traceback."""
        return f"plusofon: {self}"


# Where the engine prints the exception all the same, it is named for what people know.
Failure.__module__ = "builtins"
Failure.__qualname__ = "plusofon"


class _Process:
    """The stack's configuration in this process: read anew for each call, checked where it is used."""

    configured: Callable[[str], str | None] = staticmethod(lambda _key: None)
    keys: ClassVar[tuple[str, ...]] = ()
    beside: bool = False
    told: ClassVar[set[str]] = set()


def _reported(error: PlusofonError) -> str:
    """The text of `error`, with what to do next; of a read that many resources share, in full once."""
    text = told(error, "account" if _Process.beside else "host")
    if isinstance(error, ApiError) and not error.writes:
        if text in _Process.told:
            return f"{error.doing}: failed (reported once, see above or below)"
        _Process.told.add(text)
    return text


def _once(error: ConfigurationError) -> str:
    """The text of `error`, in full only the first time: it is the same for every resource."""
    text = str(error)
    if text in _Process.told:
        return "not done, because of the problem with the configuration that is told above or below"
    _Process.told.add(text)
    return text


def _told(step: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Make whatever `step` raises a line for a person: the engine would print a traceback."""

    @functools.wraps(step)
    def reported(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        try:
            with dynamic_sdk.ours():
                return step(*args, **kwargs)
        except ConfigurationError as error:
            raise Failure(unmarked(_once(error))) from None
        except PlusofonError as error:
            raise Failure(unmarked(_reported(error))) from None
        except Exception as error:  # noqa: BLE001 - told, and the call fails
            # Its text may hold anything, a password too: only its place is told.
            raise Failure(
                f"an error in {_PACKAGE} itself, please report it: {type(error).__name__} at {_place(error)}"
            ) from None

    return reported


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


class _LifeProvider(ResourceProvider):
    """The engine's calls, handed to one of the lives."""

    serialize_as_secret_always = False
    life: ClassVar[Life]

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's configuration, and set this process to speak in lines."""
        _Process.configured = req.config.get
        _Process.keys = tuple(getattr(req.config, "_props", ()))
        _Process.beside = placement.is_beside(req.config)
        _show_notices()
        dynamic_sdk.make_room()

    @_told
    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse bad inputs, all problems at once, and a bad configuration before them."""
        _settings()
        if self._is_of_another(olds):
            return CheckResult(news, [CheckFailure("", _OF_ANOTHER)])
        checked = self.life.check(_plain(news), _plain(olds))
        inputs = {name: news[name] if value is UNKNOWN else value for name, value in checked.inputs.items()}
        # The engine would print the property's value behind its name, be it a secret or not.
        return CheckResult(inputs, [CheckFailure("", unmarked(str(problem))) for problem in checked.problems])

    def _is_of_another(self, olds: Mapping[str, Any]) -> bool:
        """Whether the state has another kind of resource in this one's place, which it would then replace."""
        before = olds.get(_PROVIDER_KEY)
        name = next(one.__name__ for one in type(self).__mro__ if one.__module__ == __name__)
        return isinstance(before, str) and name.encode() not in base64.b64decode(before)

    @_told
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare, and look for what moved to another account: that alone may ask the API, once a run."""
        olds, news = _plain(_olds), _plain(_news)
        account = _account()
        diff = self.life.diff(olds, news)
        if not diff.replaces and placement.has_moved(account, olds, beside=_Process.beside):
            diff = Diff([*diff.changed, placement.CUSTOMER], [placement.CUSTOMER])
        if diff.replaces:
            self.life.expect_replacement(account, olds, news)
        elif not diff.changed:
            self.life.keep(account, olds)
        return DiffResult(
            changes=bool(diff.changed), replaces=diff.replaces, delete_before_replace=bool(diff.replaces)
        )

    @_told
    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create."""
        created = self.life.create(_account(), _plain(props))
        return CreateResult(created.id, created.outputs | placement.mark(beside=_Process.beside))

    @_told
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read; an empty answer says that the object is gone."""
        read = self.life.read(_account(), id_, _plain(props))
        return ReadResult(read.id, read.outputs, read.inputs) if read else ReadResult("", {})

    @_told
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Update in place."""
        updated = self.life.update(_account(), _id, _plain(_olds), _plain(_news))
        return UpdateResult(updated | placement.mark(beside=_Process.beside))

    @_told
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete; what is gone is success."""
        self.life.delete(_account(), _id, _plain(_props))


class ExternalNumberProvider(_LifeProvider):
    """Stands in the state of every external number: see the module's docstring."""

    life: ClassVar[Life] = external_number


class NumberForwardingProvider(_LifeProvider):
    """Stands in the state of every forwarding: see the module's docstring."""

    life: ClassVar[Life] = forwarding


def _settings() -> Settings:
    return Settings.load(_Process.configured, keys=_Process.keys)


def _account() -> Account:
    return account_for(_settings(), dynamic_sdk.is_engine_gone)


def _plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's property bag as the lifecycle's plain values: its numbers are floats, all of them."""
    return {name: _value(value) for name, value in props.items() if name != _PROVIDER_KEY}


def _value(value: Any) -> Any:
    if pulumi.contains_unknowns(value):
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


class _Notice(logging.Formatter):
    """A notice, without what the engine would take for its own markup."""

    def format(self, record: logging.LogRecord) -> str:
        return unmarked(super().format(record))


def _show_notices() -> None:
    """Let the package's notices reach the person: the engine shows what this process writes to stderr."""
    log = logging.getLogger(_PACKAGE)
    # Other providers of the process may show all that reaches the root.
    log.propagate = False
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_Notice("plusofon: %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        for line in misspelt_variables():
            log.warning(line)
