"""The steps of an external number's life, on plain dicts: see `protocol.Lifecycle`.

Inputs are what a program says, outputs what the state keeps: the inputs in their one form, and
`number_id`, `source`, `inbound_uri` and `customer_id` as the account's list has them. Knows neither
Pulumi nor HTTP. Nothing is sent by `check` and `diff`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.api import Connection
from pulumi_plusofon.schema.addresses import servers
from pulumi_plusofon.schema.fields import (
    NUMBER_TYPES,
    Checked,
    Problem,
    check_fields,
    types_of,
)
from pulumi_plusofon.schema.kinds import EXTERNAL_NUMBER
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import (
    NoSecretError,
    NotRegisteredError,
    NumberKey,
    OtherNumberError,
)

from . import adoption, identity, registration, shown
from .drift import differs, drifted_inputs
from .results import Created, Diff, Read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.session import AccountSession

    from .protocol import Lifecycle

_LOG: Final = logging.getLogger(__name__)

# In the outputs only while a wait for registration has timed out: the next update waits again. In states.
AWAITED: Final = "awaits_registration"
# In the outputs of a number that was taken over: its forwarding of before is unknown. In states.
ADOPTED: Final = "adopted"
_PATCHED: Final = ("host", "port", "login", "secret")


class ExternalNumberLifecycle:
    """The steps of an external number: see `Lifecycle`."""

    def check(self, inputs: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> Checked:
        """Every problem with `inputs`, and their one form (`number` as digits, `port` 5060 if not given)."""
        checked = check_fields(
            EXTERNAL_NUMBER.fields, inputs, types_of(inputs, "type", among=NUMBER_TYPES), state
        )
        if checked.inputs.get("type") == "ate" and len(given := _servers(checked.inputs)) > 1:
            checked.problems.append(Problem("host", f"takes one server for type ate, not {len(given)}"))
        keep_secret = checked.inputs.get("keep_secret")
        if not keep_secret:
            # Absent where it is not asked for, as in the states of before it was there.
            checked.inputs.pop("keep_secret", None)
            return checked
        problems = [problem for problem in checked.problems if problem.field != "secret"]
        if keep_secret is True and inputs.get("secret") is not None:
            problems.append(Problem("keep_secret", "cannot be given together with secret"))
        return Checked(checked.inputs, problems)

    def key(self, inputs: Mapping[str, Any]) -> NumberKey | None:
        """The number, of whatever type: the account has it once."""
        number = inputs.get("number")
        return NumberKey(number) if isinstance(number, str) else None

    def diff(self, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff:
        """What an `up` would change: another type or number replaces, else it updates in place."""
        changed = [name for name in EXTERNAL_NUMBER.inputs if differs(name, outputs, inputs)]
        if outputs.get(AWAITED) and inputs.get("wait_for_registration") and not changed:
            changed.append("wait_for_registration")
        return Diff(changed, replaces=[name for name in changed if name in EXTERNAL_NUMBER.identity])

    def keep(self, session: AccountSession, outputs: Mapping[str, Any]) -> None:
        """The program declares the number as it is, so that the end of another resource must not end it."""
        session.holds.mark_held(NumberKey(outputs["number"]))
        session.notes.note_number(outputs["type"], outputs.get("number_id"), outputs["number"])
        if not outputs.get(ADOPTED) and not outputs.get("adopt"):
            session.notes.note_own(outputs["type"], outputs.get("number_id"))

    def expect_replacement(
        self, session: AccountSession, outputs: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> None:
        """Note which number is to take this one's place, so that none goes for one that cannot come."""
        adopts = inputs.get("adopt") or session.adopt != "refuse"
        if inputs["number"] not in (outputs["number"], UNKNOWN) and not adopts:
            session.notes.note_successor(
                outputs["type"], outputs.get("number_id"), outputs["number"], inputs["number"]
            )

    def create(self, session: AccountSession, inputs: Mapping[str, Any]) -> Created:
        """Connect the number (GET, PUT, GET), or take over what is there (PATCH), or record it (GET)."""
        number = inputs["number"]
        key = NumberKey(number)
        with session.holds.claim(key), session.holds.exclusive(key):
            found = session.find(number)
            if session.adopt == "record":
                entry = adoption.recorded(found, inputs)
                session.notes.warn_once(adoption.ON_TRUST)
            elif found is None:
                entry = session.connect(_connection(inputs), shown.after_connecting(inputs))
                session.notes.note_own(entry.type, entry.id)
            else:
                adopt = bool(inputs.get("adopt")) or session.adopt == "update"
                number_id = adoption.id_to_update(found, inputs, adopt=adopt)
                adopted = shown.after_adopting(inputs, found)
                entry = session.update(number_id, _connection(inputs), adopted)
            session.holds.mark_held(key)
            session.notes.note_set_up(number)
        outputs = _outputs(inputs, entry)
        if found is not None:
            outputs[ADOPTED] = True
        if session.adopt == "record":
            outputs[adoption.RECORDED] = True
            return Created(_resource_id(entry, number), outputs)
        if reason := _wait(session, inputs):
            # Failing here would lose the id of a number that exists: the state keeps it, marked.
            _LOG.warning("%s; the number is connected, and the next `pulumi up` waits again", reason)
            outputs[AWAITED] = True
        elif found and found.registered and not entry.registered and not inputs.get("wait_for_registration"):
            _LOG.warning(
                "%s: its login was registered before it was taken over, and is not registered now; check"
                " login, secret and host, and look at it with `plusofon status`",
                number,
            )
        return Created(_resource_id(entry, number), outputs)

    def read(self, session: AccountSession, resource_id: str, outputs: Mapping[str, Any]) -> Read | None:
        """What the account's list says of the number now; None only if a whole list is without it."""
        if resource_id.isdigit() and all(outputs.get(name) is None for name in EXTERNAL_NUMBER.listed):
            # Never listed before, nor checked: the id is the program's own word (`opts.id`).
            return self._read_by_id(session, resource_id, outputs)
        known_id = outputs.get("number_id")
        identity.require_own_account(session, outputs)
        entry = session.entry_or_gone(outputs["type"], outputs["number"], known_id)
        if entry is None:
            return None
        now = {**outputs, **_listed(entry)}
        before = outputs.get("source")
        drifted: dict[str, Any] = {} if before is None else drifted_inputs(before, entry.source, outputs)
        if None not in (entry.id, known_id) and entry.id != known_id:
            # The number was removed and connected anew by others: its password is not known, nor what it is
            # forwarded to, as with a number that was taken over.
            now[ADOPTED] = True
            if outputs.get("secret"):
                drifted["secret"] = None
        now |= drifted
        inputs = {name: now[name] for name in EXTERNAL_NUMBER.inputs if now.get(name) is not None}
        return Read(resource_id if entry.id is None else str(entry.id), now, inputs if drifted else None)

    def _read_by_id(self, session: AccountSession, resource_id: str, inputs: Mapping[str, Any]) -> Read:
        checked = self.check(inputs)
        if checked.problems:
            raise OtherNumberError("; ".join(map(str, checked.problems)))
        number = checked.inputs["number"]
        entry = session.own_entry(checked.inputs["type"], number, None)
        listed = None if entry is None else _resource_id(entry, number)
        if entry is None or listed != resource_id:
            # The engine would go on with the id, and a forwarding would be set on whatever number it is.
            place = f"lists it as {listed}" if listed else "does not list it"
            raise OtherNumberError(
                f"id {resource_id} is not that of {number}, for the account {place}, and nothing was sent:"
                " correct opts.id, or leave it out"
            )
        return Read(resource_id, _outputs(checked.inputs, entry), None)

    def update(
        self, session: AccountSession, resource_id: str, outputs: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Set what changed with one PATCH; `adopt` and `wait_for_registration` alone send nothing."""
        kept = ("secret",) if inputs.get("keep_secret") else ()
        patched = any(differs(name, outputs, inputs) for name in _PATCHED if name not in kept)
        if patched:
            identity.require_own_account(session, outputs)
            connection = _connection(inputs)
            key = NumberKey(connection.number)
            with session.holds.claim(key), session.holds.exclusive(key):
                number_id = identity.number_id(session, resource_id, outputs, "updated")
                entry = session.update(number_id, connection, shown.after_updating(inputs, outputs))
                session.holds.mark_held(key)
            updated = _outputs(inputs, entry)
        else:
            updated = {**inputs, **{name: outputs.get(name) for name in EXTERNAL_NUMBER.listed}}
        for mark in (ADOPTED, adoption.RECORDED):
            if outputs.get(mark):
                updated[mark] = True
        self.keep(session, updated)
        if (patched or outputs.get(AWAITED)) and (reason := _wait(session, inputs)):
            raise NotRegisteredError(reason, "check login, secret and host, and run `pulumi up` again")
        return updated

    def delete(self, session: AccountSession, resource_id: str, outputs: Mapping[str, Any]) -> None:
        """Disconnect the number (DELETE). One that is gone, or not this number any more, is left alone."""
        number, number_type = outputs["number"], outputs["type"]
        key = NumberKey(number)
        with session.holds.exclusive(key):
            if session.holds.is_held(key):
                _LOG.info("%s: left connected, because another resource of this run holds it", number)
                return
            identity.require_own_account(session, outputs)
            session.require_successor(number_type, outputs.get("number_id"))
            found = session.own_entry(number_type, number, outputs.get("number_id"))
            if found:
                identity.warn_of_another_id(found, outputs)
                number_id = identity.number_id(session, resource_id, outputs, "disconnected")
                session.disconnect(number_type, number_id, number)
            elif others := session.types_of(number):
                _LOG.warning(
                    "%s: left connected: the account has it as %s, and the state as %s; disconnect it in the"
                    " vendor's web page if nothing needs it",
                    number,
                    ", ".join(others),
                    number_type,
                )
        session.holds.unclaim(key)


_implements: Lifecycle = ExternalNumberLifecycle()


def _connection(inputs: Mapping[str, Any]) -> Connection:
    if inputs.get("keep_secret"):
        raise NoSecretError(
            f"{inputs['number']}: the SIP password is not known here (keep_secret), so the number is neither"
            " connected nor changed, and nothing was sent",
            "give secret in place of keep_secret, or record the number as the account has it with"
            " PLUSOFON_ADOPT=record",
        )
    return Connection(
        type=inputs["type"],
        number=inputs["number"],
        host=inputs["host"],
        port=inputs.get("port"),
        login=inputs.get("login"),
        secret=inputs.get("secret"),
    )


def _servers(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    host = inputs.get("host")
    return servers(host) if isinstance(host, str) else ()


def _outputs(inputs: Mapping[str, Any], entry: ListedNumber) -> dict[str, Any]:
    return {**inputs, **_listed(entry)}


def _listed(entry: ListedNumber) -> dict[str, Any]:
    return {
        "number_id": entry.id,
        "source": entry.source,
        "inbound_uri": entry.inbound_uri,
        "customer_id": entry.customer_id,
    }


def _resource_id(entry: ListedNumber, number: str) -> str:
    return f"number:{number}" if entry.id is None else str(entry.id)


def _wait(session: AccountSession, inputs: Mapping[str, Any]) -> str | None:
    seconds = inputs.get("wait_for_registration")
    if not seconds:
        return None
    return registration.wait(session, inputs["number"], inputs["login"], seconds)
