"""Resource options that do not work on dynamic resources: refuse some, warn about the rest.

The engine accepts every option, but a dynamic provider never receives two of them. Others would end in an
error of the SDK's, or in a resource that nothing was done for. Reports them at the line that gives them.
Options that work need nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_root_resource

from pulumi_plusofon.schema.fields import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

# E40.
_IGNORED: Final = {
    "replace_on_changes": "does nothing here, because the engine does not learn which property of a dynamic"
    " resource changed: replace one with `pulumi up --replace URN`",
    "custom_timeouts": "does nothing here, because a dynamic provider does not receive it: use"
    " plusofon:timeout, and wait_for_registration",
}
_TAKE_OVER: Final = (
    "cannot be used: Pulumi does not import dynamic resources; set adopt=True to take over a number that the"
    " account has"
)
_SET_NOT_READ: Final = (
    "cannot be used: the API does not show a forwarding; declare it, and it is set with one request, or with"
    " plusofon:adopt record recorded as declared"
)
_NUMBER: Final = {"import_": _TAKE_OVER}
_FORWARDING: Final = {"import_": _SET_NOT_READ, "id": _SET_NOT_READ}
_REFUSED: Final = {"ExternalNumber": _NUMBER, "NumberForwarding": _FORWARDING}
# What was said in a run: a program may have thousands of resources, and a process several runs.
_SAID: Final[WeakKeyDictionary[pulumi.Resource, set[str]]] = WeakKeyDictionary()


def problems(kind: str, opts: pulumi.ResourceOptions | None) -> Iterator[Problem]:
    """The options that a resource of `kind` cannot have."""
    for name, text in _REFUSED[kind].items():
        if getattr(opts, name, None) is not None:
            yield Problem(f"opts.{name}", text)


def warn_of_ignored(opts: pulumi.ResourceOptions | None) -> None:
    """Warn of the options that do nothing, of each once in a run."""
    for name, text in _IGNORED.items():
        if getattr(opts, name, None) is not None:
            warn_once(f"opts.{name}: {text}")


def warn_once(text: str) -> None:
    """Warn of what holds for the whole program, once in its run."""
    root: Any = get_root_resource()
    said = set() if root is None else _SAID.setdefault(root, set())
    if text not in said:
        said.add(text)
        pulumi.log.warn(text)
