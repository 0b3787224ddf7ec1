"""The life of a number's forwarding: check, diff, create, read, update, delete, on plain dicts.

The API sets a forwarding and never reads one back, so the state holds what was last set, and `read`
can tell only whether the number is still there. Knows neither Pulumi nor HTTP. Nothing is sent by
`check` and `diff`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.account import NotInAccountError
from pulumi_plusofon.schema.fields import (
    CRMS,
    FORWARDING_FIELDS,
    FORWARDING_TYPES,
    TARGETS,
    Checked,
    check_fields,
    types_of,
)
from pulumi_plusofon.schema.values import UNKNOWN

from . import adoption
from .results import Created, Diff, Read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.account import Account
    from pulumi_plusofon.api import ListedNumber

_LOG: Final = logging.getLogger(__name__)

# Whose account the number is in: its resource says so, and the list where there is none.
CUSTOMER: Final = "customer_id"
INPUTS: Final = tuple(name for name in FORWARDING_FIELDS if name != CUSTOMER)
DECLARED: Final = INPUTS
_SENT: Final = tuple(name for name in INPUTS if name != "set_again")
_IDENTITY: Final = ("number_type", "number_id", CUSTOMER)


def check(inputs: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> Checked:
    """Every problem with `inputs`, and their one form (`number_id` as an integer).

    A CRM's fallback (`type_default`) brings the field of its own target with it.
    """
    names = ("type", "type_default") if inputs.get("type") in CRMS else ("type",)
    types = types_of(inputs, *names, among=FORWARDING_TYPES)
    fallback = inputs.get("type_default")
    if types is None and names[1:] and fallback is not UNKNOWN:
        # A fallback that is none tells nothing of the targets; everything else can be judged without it.
        given = {name: value for name, value in inputs.items() if name not in TARGETS.values()}
        return check_fields(FORWARDING_FIELDS, given, (inputs["type"],), state)
    return check_fields(FORWARDING_FIELDS, inputs, types, state)


def diff(outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff:
    """What an `up` would change: another number or account replaces, else it is set anew in place."""
    changed = [name for name in INPUTS if inputs.get(name) != outputs.get(name)]
    customers = {outputs.get(CUSTOMER), inputs.get(CUSTOMER)} - {None, UNKNOWN}
    if len(customers) > 1:
        changed.append(CUSTOMER)
    return Diff(changed, replaces=[name for name in changed if name in _IDENTITY])


def keep(account: Account, outputs: Mapping[str, Any]) -> None:
    """The program declares the forwarding as it is: what else ends in this run must not clear it."""
    account.keep(_key(_resource_id(outputs)))


def expect_replacement(account: Account, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> None:
    """Nothing: what takes a forwarding's place can always be set."""


def create(account: Account, inputs: Mapping[str, Any]) -> Created:
    """Set the forwarding. One POST; with `plusofon:adopt` `record` none."""
    outputs = dict(inputs)
    number_type, number_id = inputs["number_type"], inputs["number_id"]
    if account.adopt == "record":
        outputs |= _customer(_recorded(account, inputs))
    elif account.notes.is_own(number_type, number_id):
        _set(account, inputs)
    else:
        entry = account.with_id(number_type, number_id)
        replaces = not account.notes.has_cleared(_key(_resource_id(inputs)))
        _set(account, inputs)
        outputs |= _customer(entry)
        if replaces:
            _LOG.warning(
                "%s: its forwarding is set as declared; what was set there before, by hand or by another"
                " program, is replaced and cannot be read back",
                entry.number if entry else _resource_id(inputs),
            )
    return Created(_resource_id(inputs), outputs)


def read(account: Account, resource_id: str, outputs: Mapping[str, Any]) -> Read | None:
    """What the state has, unless a whole list is without the number: then None."""
    account.require(outputs.get(CUSTOMER), _key(resource_id))
    if not account.has_number(outputs["number_type"], int(outputs["number_id"])):
        return None
    return Read(resource_id, dict(outputs), None)


def update(
    account: Account,
    resource_id: str,  # noqa: ARG001 - every life has the same steps
    outputs: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> dict[str, Any]:
    """Set the forwarding anew: the API's POST replaces what was set. One POST."""
    known = {CUSTOMER: outputs[CUSTOMER]} if outputs.get(CUSTOMER) is not None else {}
    _set(account, {**known, **inputs})
    return {**known, **inputs}


def delete(account: Account, resource_id: str, outputs: Mapping[str, Any]) -> None:
    """Leave the number without forwarding: POST of type `empty`. A number that is gone needs none."""
    key = _key(resource_id)
    with account.alone_with(key):
        if account.keeps(key):
            _LOG.info("%s: left as it is, because another resource of this run holds it", key)
            return
        number_type, number_id = outputs["number_type"], int(outputs["number_id"])
        account.require(outputs.get(CUSTOMER), key)
        account.require_successor(number_type, number_id)
        account.clear_forwarding(number_type, number_id)
        account.notes.note_cleared(key)
    account.release(key)


def _set(account: Account, inputs: Mapping[str, Any]) -> None:
    key = _key(_resource_id(inputs))
    account.require(inputs.get(CUSTOMER), key)
    with account.claim(key), account.alone_with(key):
        account.forward({name: inputs[name] for name in _SENT if inputs.get(name) is not None})
        account.keep(key)


def _recorded(account: Account, inputs: Mapping[str, Any]) -> ListedNumber:
    """The account's entry of the number whose forwarding is recorded; it must be there. Nothing is sent."""
    key = _key(_resource_id(inputs))
    with account.claim(key):
        entry = account.with_id(inputs["number_type"], inputs["number_id"])
        if entry is None:
            raise NotInAccountError(
                f"{key}: the account has no such number, and plusofon:adopt is record, so nothing was"
                " recorded: correct number_type and number_id"
            )
        account.require(inputs.get(CUSTOMER), key)
        account.keep(key)
    account.notes.warn_once(adoption.ON_TRUST)
    return entry


def _customer(entry: ListedNumber | None) -> dict[str, int]:
    return {} if entry is None or entry.customer_id is None else {CUSTOMER: entry.customer_id}


def _resource_id(inputs: Mapping[str, Any]) -> str:
    return f"{inputs['number_type']}/{inputs['number_id']}"


def _key(resource_id: str) -> str:
    return f"the forwarding of {resource_id}"
