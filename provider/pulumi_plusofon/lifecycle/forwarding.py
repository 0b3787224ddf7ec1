"""The steps of a forwarding's life, on plain dicts: see `protocol.Lifecycle`.

The API sets a forwarding and never reads one back, so the state holds what was last set, and `read`
can see only whether the number is still there. Knows neither Pulumi nor HTTP. Nothing is sent by
`check` and `diff`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from pulumi_plusofon.schema.fields import Checked, check_fields, types_of
from pulumi_plusofon.schema.kinds import CUSTOMER, NUMBER_FORWARDING
from pulumi_plusofon.schema.targets import CRMS, FORWARDING_TYPES, TARGET_FIELDS
from pulumi_plusofon.schema.values import UNKNOWN
from pulumi_plusofon.session import ForwardingKey, NotInAccountError

from . import adoption
from .results import Created, Diff, Read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_plusofon.api import ListedNumber
    from pulumi_plusofon.session import AccountSession

    from .protocol import Lifecycle

_LOG: Final = logging.getLogger(__name__)
# In the outputs: the number that the id was of when the forwarding was set. In states.
SET_ON: Final = "set_on"


class ForwardingLifecycle:
    """The steps of a forwarding: see `Lifecycle`."""

    def check(self, inputs: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> Checked:
        """Every problem with `inputs`, and their one form (`number_id` as an integer).

        A CRM's fallback (`type_default`) brings the field of its own target with it.
        """
        names = ("type", "type_default") if inputs.get("type") in CRMS else ("type",)
        types = types_of(inputs, *names, among=FORWARDING_TYPES)
        fallback = inputs.get("type_default")
        if types is None and names[1:] and fallback is not UNKNOWN:
            # A fallback that is none says nothing of the targets; all else is validated without it.
            given = {name: value for name, value in inputs.items() if name not in TARGET_FIELDS}
            return check_fields(NUMBER_FORWARDING.fields, given, (inputs["type"],), state)
        return check_fields(NUMBER_FORWARDING.fields, inputs, types, state)

    def key(self, inputs: Mapping[str, Any]) -> ForwardingKey | None:
        """The forwarding of its number, by the number's type and id."""
        number_type, number_id = inputs.get("number_type"), inputs.get("number_id")
        if isinstance(number_type, str) and isinstance(number_id, int):
            return ForwardingKey(number_type, number_id)
        return None

    def diff(self, outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> Diff:
        """What an `up` would change: another number or account replaces, else it is set anew in place."""
        changed = [name for name in NUMBER_FORWARDING.inputs if inputs.get(name) != outputs.get(name)]
        customers = {outputs.get(CUSTOMER), inputs.get(CUSTOMER)} - {None, UNKNOWN}
        if len(customers) > 1:
            changed.append(CUSTOMER)
        return Diff(changed, replaces=[name for name in changed if name in NUMBER_FORWARDING.identity])

    def keep(self, session: AccountSession, outputs: Mapping[str, Any]) -> None:
        """The program declares the forwarding as it is: what else ends in this run must not clear it."""
        session.holds.mark_held(_key(outputs))

    def expect_replacement(
        self, session: AccountSession, outputs: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> None:
        """Nothing: what takes a forwarding's place can always be set."""

    def create(self, session: AccountSession, inputs: Mapping[str, Any]) -> Created:
        """Set the forwarding. One POST; with `plusofon:adopt` `record` none."""
        outputs = dict(inputs)
        number_type, number_id = inputs["number_type"], inputs["number_id"]
        if session.adopt == "record":
            outputs |= {**_customer(_recorded(session, inputs)), adoption.RECORDED: True}
        elif session.notes.is_own(number_type, number_id):
            _set(session, inputs)
        else:
            entry = session.with_id(number_type, number_id)
            replaces = not session.notes.has_cleared(_key(inputs))
            _set(session, inputs)
            outputs |= _customer(entry)
            if replaces:
                _LOG.warning(
                    "%s: its forwarding is set as declared; what was set there before, by hand or by another"
                    " program, is replaced and cannot be read back",
                    entry.number if entry else _resource_id(inputs),
                )
        return Created(_resource_id(inputs), outputs | _set_on(session, inputs))

    def read(self, session: AccountSession, resource_id: str, outputs: Mapping[str, Any]) -> Read | None:
        """What the state has, unless a whole list is without the number: then None."""
        session.require(outputs.get(CUSTOMER), str(_key(outputs)))
        if not session.has_number(outputs["number_type"], int(outputs["number_id"]), outputs.get(SET_ON)):
            return None
        return Read(resource_id, dict(outputs), None)

    def update(
        self,
        session: AccountSession,
        resource_id: str,  # noqa: ARG002 - every lifecycle has the same steps
        outputs: Mapping[str, Any],
        inputs: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Set the forwarding anew: the API's POST replaces what was set. One POST."""
        known = {name: outputs[name] for name in (CUSTOMER, SET_ON) if outputs.get(name) is not None}
        _set(session, {**known, **inputs})
        return {**_set_on(session, inputs), **known, **inputs}

    def delete(
        self,
        session: AccountSession,
        resource_id: str,  # noqa: ARG002 - every lifecycle has the same steps
        outputs: Mapping[str, Any],
    ) -> None:
        """Leave the number without forwarding: POST of type `empty`. A number that is gone needs none."""
        key = _key(outputs)
        with session.holds.exclusive(key):
            if session.holds.is_held(key):
                _LOG.info("%s: left as it is, because another resource of this run holds it", key)
                return
            number_type, number_id = outputs["number_type"], int(outputs["number_id"])
            session.require(outputs.get(CUSTOMER), str(key))
            session.require_successor(number_type, number_id)
            session.clear_forwarding(number_type, number_id, outputs.get(SET_ON))
            session.notes.note_cleared(key)
        session.holds.unclaim(key)


_implements: Lifecycle = ForwardingLifecycle()


def _set(session: AccountSession, inputs: Mapping[str, Any]) -> None:
    key = _key(inputs)
    session.require(inputs.get(CUSTOMER), str(key))
    with session.holds.claim(key), session.holds.exclusive(key):
        body = {name: inputs[name] for name in NUMBER_FORWARDING.sent if inputs.get(name) is not None}
        session.forward(body, inputs.get(SET_ON))
        session.holds.mark_held(key)


def _recorded(session: AccountSession, inputs: Mapping[str, Any]) -> ListedNumber:
    """The account's entry of the number whose forwarding is recorded; it must be there. Nothing is sent."""
    key = _key(inputs)
    with session.holds.claim(key):
        entry = session.with_id(inputs["number_type"], inputs["number_id"])
        if entry is None:
            raise NotInAccountError(
                f"{key}: the account has no such number, and plusofon:adopt is record, so nothing was"
                " recorded: correct number_type and number_id"
            )
        session.require(inputs.get(CUSTOMER), str(key))
        session.holds.mark_held(key)
    session.notes.warn_once(adoption.ON_TRUST)
    return entry


def _set_on(session: AccountSession, inputs: Mapping[str, Any]) -> dict[str, str]:
    number = session.known_number(inputs["number_type"], int(inputs["number_id"]))
    return {} if number is None else {SET_ON: number}


def _customer(entry: ListedNumber | None) -> dict[str, int]:
    return {} if entry is None or entry.customer_id is None else {CUSTOMER: entry.customer_id}


def _key(outputs: Mapping[str, Any]) -> ForwardingKey:
    return ForwardingKey(outputs["number_type"], int(outputs["number_id"]))


def _resource_id(inputs: Mapping[str, Any]) -> str:
    return f"{inputs['number_type']}/{inputs['number_id']}"
