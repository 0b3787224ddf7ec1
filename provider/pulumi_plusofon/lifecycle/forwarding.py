"""The life of a number's forwarding: check, diff, create, read, update, delete, on plain dicts.

The API sets a forwarding and never reads one back, so the state holds what was last set, and `read`
can tell only whether the number is still there. Knows neither Pulumi nor HTTP. Nothing is sent by
`check` and `diff`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from .fields import (
    ACCOUNT,
    CRMS,
    FORWARDING_FIELDS,
    FORWARDING_TYPES,
    TARGETS,
    Checked,
    check_fields,
    types_of,
)
from .results import Created, Diff, Read
from .values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.account import Account

_LOG: Final = logging.getLogger(__name__)

INPUTS: Final = tuple(FORWARDING_FIELDS)
DECLARED: Final = tuple(name for name in INPUTS if name != ACCOUNT)
_IDENTITY: Final = ("number_type", "number_id", ACCOUNT)


def check(inputs: Mapping[str, Any]) -> Checked:
    """Every problem with `inputs`, and their one form (`number_id` as an integer).

    A CRM's fallback (`type_default`) brings the field of its own target with it.
    """
    names = ("type", "type_default") if inputs.get("type") in CRMS else ("type",)
    types = types_of(inputs, *names, among=FORWARDING_TYPES)
    fallback = inputs.get("type_default")
    if types is None and names[1:] and fallback is not UNKNOWN:
        # A fallback that is none tells nothing of the targets; everything else can be judged without it.
        given = {name: value for name, value in inputs.items() if name not in TARGETS.values()}
        return check_fields(FORWARDING_FIELDS, given, (inputs["type"],))
    return check_fields(FORWARDING_FIELDS, inputs, types)


def diff(outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff:
    """What an `up` would change: another number or account replaces, else it is set anew in place."""
    changed = [name for name in INPUTS if inputs.get(name) != outputs.get(name)]
    return Diff(changed, replaces=[name for name in changed if name in _IDENTITY])


def keep(account: Account, outputs: Mapping[str, Any]) -> None:
    """The program declares the forwarding as it is: what else ends in this run must not clear it."""
    account.keep(_key(_resource_id(outputs)))


def create(account: Account, inputs: Mapping[str, Any]) -> Created:
    """Set the forwarding. One POST."""
    _set(account, inputs)
    return Created(_resource_id(inputs), dict(inputs))


def read(account: Account, resource_id: str, outputs: Mapping[str, Any]) -> Read | None:
    """What the state has, unless a whole list is without the number: then None."""
    if not account.has_number(outputs["number_type"], int(outputs["number_id"])):
        return None
    return Read(resource_id, dict(outputs), None)


def update(
    account: Account,
    resource_id: str,  # noqa: ARG001 - every life has the same six steps
    outputs: Mapping[str, Any],  # noqa: ARG001
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Set the forwarding anew: the API's POST replaces what was set. One POST."""
    _set(account, inputs)
    return dict(inputs)


def delete(account: Account, resource_id: str, outputs: Mapping[str, Any]) -> None:
    """Leave the number without forwarding: POST of type `empty`. A number that is gone needs none."""
    key = _key(resource_id)
    with account.alone_with(key):
        if account.keeps(key):
            _LOG.info("%s: left as it is, because another resource of this run holds it", key)
            return
        account.clear_forwarding(outputs["number_type"], int(outputs["number_id"]))
    account.release(key)


def _set(account: Account, inputs: Mapping[str, Any]) -> None:
    key = _key(_resource_id(inputs))
    with account.claim(key), account.alone_with(key):
        account.forward({name: inputs[name] for name in DECLARED if inputs.get(name) is not None})
        account.keep(key)


def _resource_id(inputs: Mapping[str, Any]) -> str:
    return f"{inputs['number_type']}/{inputs['number_id']}"


def _key(resource_id: str) -> str:
    return f"the forwarding of {resource_id}"
