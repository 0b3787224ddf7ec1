"""The life of an external number: check, diff, create, read, update, delete, on plain dicts.

Inputs are what a program says, outputs what the state keeps: the inputs in their one form, and
`number_id`, `source`, `inbound_uri` and `customer_id` as the account's list has them. Knows neither
Pulumi nor HTTP. Nothing is sent by `check` and `diff`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.account import AccountError, AlreadyConnectedError, NoIdError
from pulumi_plusofon.api import Connection

from . import registration
from .fields import ACCOUNT, NUMBER_FIELDS, NUMBER_TYPES, Checked, check_fields, types_of
from .results import Created, Diff, Read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.account import Account
    from pulumi_plusofon.api import ListedNumber

_LOG: Final = logging.getLogger(__name__)

INPUTS: Final = tuple(NUMBER_FIELDS)
DECLARED: Final = tuple(name for name in INPUTS if name != ACCOUNT)
LISTED: Final = ("number_id", "source", "inbound_uri", "customer_id")
# In the outputs only while a wait for registration has ended in vain: the next update waits again.
AWAITED: Final = "awaits_registration"
_IDENTITY: Final = ("type", "number", ACCOUNT)
_PATCHED: Final = ("host", "port", "login", "secret")


class NotRegisteredError(AccountError):
    """The number is set as declared, but its login did not register in time."""


def check(inputs: Mapping[str, Any]) -> Checked:
    """Every problem with `inputs`, and their one form (`number` as digits, `port` 5060 if not given)."""
    return check_fields(NUMBER_FIELDS, inputs, types_of(inputs, "type", among=NUMBER_TYPES))


def diff(outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff:
    """What an `up` would change: another type, number or account replaces, else it updates in place."""
    changed = [name for name in INPUTS if inputs.get(name) != outputs.get(name)]
    if outputs.get(AWAITED) and inputs.get("wait_for_registration") and not changed:
        changed.append("wait_for_registration")
    return Diff(changed, replaces=[name for name in changed if name in _IDENTITY])


def keep(account: Account, outputs: Mapping[str, Any]) -> None:
    """The program declares the number as it is: what else of the state ends in this run must not end it."""
    account.keep(_key(outputs["number"]))


def create(account: Account, inputs: Mapping[str, Any]) -> Created:
    """Connect the number (GET, PUT, GET), or with `adopt` take over the one that is there (PATCH)."""
    connection = _connection(inputs)
    key = _key(connection.number)
    with account.claim(connection.number), account.alone_with(key):
        found = account.find(connection.number)
        if found is None:
            entry = account.connect(connection)
        else:
            entry = account.update(_adoptable(found, inputs), connection)
        account.keep(key)
    outputs = _outputs(inputs, entry)
    if reason := _wait(account, inputs):
        # Failing here would lose the id of a number that exists: the state keeps it, marked.
        _LOG.warning("%s; the number is connected, and the next `pulumi up` waits again", reason)
        outputs[AWAITED] = True
    return Created(_resource_id(entry), outputs)


def read(account: Account, resource_id: str, outputs: Mapping[str, Any]) -> Read | None:
    """What the account's list says of the number now; None only if a whole list is without it."""
    known_id = outputs.get("number_id")
    entry = account.entry(outputs["type"], outputs["number"], known_id)
    if entry is None:
        return None
    now = {**outputs, **_listed(entry)}
    before = outputs.get("source")
    drifted: dict[str, Any] = {} if before is None else _drift(before, entry.source, outputs)
    if outputs.get("secret") and None not in (entry.id, known_id) and entry.id != known_id:
        # Somebody removed the number and connected it anew, and nobody can tell with which password.
        drifted["secret"] = None
    now |= drifted
    inputs = {name: now[name] for name in INPUTS if now.get(name) is not None}
    return Read(resource_id if entry.id is None else _resource_id(entry), now, inputs if drifted else None)


def update(
    account: Account, resource_id: str, outputs: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Set what changed with one PATCH; `adopt` and `wait_for_registration` alone send nothing."""
    patched = any(inputs.get(name) != outputs.get(name) for name in _PATCHED)
    if patched:
        connection = _connection(inputs)
        key = _key(connection.number)
        with account.claim(connection.number), account.alone_with(key):
            entry = account.update(_number_id(account, resource_id, outputs, "updated"), connection)
            account.keep(key)
        updated = _outputs(inputs, entry)
    else:
        keep(account, outputs)
        updated = {**inputs, **{name: outputs.get(name) for name in LISTED}}
    if (patched or outputs.get(AWAITED)) and (reason := _wait(account, inputs)):
        raise NotRegisteredError(f"{reason}; check login, secret and host, and run `pulumi up` again")
    return updated


def delete(account: Account, resource_id: str, outputs: Mapping[str, Any]) -> None:
    """Disconnect the number (DELETE). One that is gone, or not this number any more, is left alone."""
    number, number_type = outputs["number"], outputs["type"]
    with account.alone_with(_key(number)):
        if account.keeps(_key(number)):
            _LOG.info("%s: left connected, because another resource of this run holds it", number)
            return
        if account.entry(number_type, number, outputs.get("number_id")):
            number_id = _number_id(account, resource_id, outputs, "disconnected")
            account.disconnect(number_type, number_id, number)
    account.release(number)


def _connection(inputs: Mapping[str, Any]) -> Connection:
    return Connection(
        type=inputs["type"],
        number=inputs["number"],
        host=inputs["host"],
        port=inputs.get("port"),
        login=inputs.get("login"),
        secret=inputs.get("secret"),
    )


def _outputs(inputs: Mapping[str, Any], entry: ListedNumber) -> dict[str, Any]:
    return {**inputs, **_listed(entry)}


def _listed(entry: ListedNumber) -> dict[str, Any]:
    return {
        "number_id": entry.id,
        "source": entry.source,
        "inbound_uri": entry.inbound_uri,
        "customer_id": entry.customer_id,
    }


def _resource_id(entry: ListedNumber) -> str:
    return f"number:{entry.number}" if entry.id is None else str(entry.id)


def _key(number: str) -> str:
    return f"the number {number}"


def _adoptable(found: ListedNumber, inputs: Mapping[str, Any]) -> int:
    """The id of a number that may be taken over."""
    number = inputs["number"]
    if not inputs.get("adopt"):
        raise AlreadyConnectedError(
            f"{number} is connected already (id {found.id}, {found.source}), and nothing was sent:"
            " set adopt=True to take it over, or remove it from the account"
        )
    if found.type != inputs["type"]:
        raise AlreadyConnectedError(
            f"{number} is connected already as type {found.type}, not {inputs['type']}, and cannot be"
            " adopted: declare that type, or remove the number from the account"
        )
    if found.id is None:
        raise _no_id(number, "adopted")
    return found.id


def _number_id(account: Account, resource_id: str, outputs: Mapping[str, Any], done: str) -> int:
    """The API's id of a number in the state; where the state has none, the list may by now."""
    if not resource_id.startswith("number:"):
        return int(resource_id)
    entry = account.entry(outputs["type"], outputs["number"], None)
    if entry is None or entry.id is None:
        raise _no_id(outputs["number"], done)
    return entry.id


def _no_id(number: str, done: str) -> NoIdError:
    return NoIdError(
        f"{number} cannot be {done}: the API's list gives it no id, and the request needs one;"
        " change it in the vendor's web page, then run `pulumi refresh`"
    )


def _drift(before: str, now: str | None, outputs: Mapping[str, Any]) -> dict[str, str]:
    """The inputs that a changed `source` speaks of, with what it says of them now.

    How the vendor composes `source` is not documented, so it is only compared with itself: the part
    before the @ that changed is told as the login, the part behind it as the host.
    """
    if now is None or now == before:
        return {}
    parts = {"login": 0, "host": 2} if "@" in before and "@" in now and outputs.get("login") else {"host": 2}
    drifted = {}
    for name, part in parts.items():
        was, is_now = (source.partition("@")[part] or source for source in (before, now))
        if was != is_now:
            # A value equal to the declared one would hide the drift from the next preview.
            drifted[name] = now if is_now == outputs.get(name) else is_now
    return drifted


def _wait(account: Account, inputs: Mapping[str, Any]) -> str | None:
    seconds = inputs.get("wait_for_registration")
    if not seconds:
        return None
    return registration.wait(account, inputs["number"], inputs["login"], seconds)
